import type { Host } from '../inventory/cluster.ts';
import type { PathState } from '../resources/path/state.ts';
import type { Resource } from '../resources/resource.ts';

export type Severity = 'enforce' | 'warn';

/** The checks of a host at the severity that its `checks` asks for; none where they are off. */
export const checksOf = (host: Host, make: (severity: Severity) => Resource[]): Resource[] =>
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
