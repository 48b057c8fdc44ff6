import type { Host } from '../inventory/cluster.ts';
import type { PathState } from '../resources/path/state.ts';

export type Severity = 'enforce' | 'warn';

/** The checks or requirements of a host at the severity that its `checks` asks for; none where they are off. */
export const checksOf = <Check>(host: Host, make: (severity: Severity) => Check[]): Check[] =>
  host.checks === 'off' ? [] : make(host.checks);

/** What is at a path in place of a file. */
export const noFile = (path: string, state: Exclude<PathState, { type: 'file' }>): string => {
  switch (state.type) {
    case 'absent':
      return `${path} is not there`;
    case 'link':
      return `${path} is a link to ${state.target}, not a file`;
    case 'directory':
      return `${path} is a directory, not a file`;
    case 'other':
      return `${path} is not a file`;
  }
};
