import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook, NOT_KNOWN } from '../look.ts';
import shell from './look.sh';

/** The live value of a kernel setting. */
export interface SysctlAsk extends Ask {
  readonly look: 'sysctl';
  readonly key: string;
}

export interface SysctlState {
  /** Live value, blanks and tabs in it folded to one blank. */
  readonly value: string;
  /** Containers have parts of /proc/sys read-only. */
  readonly writable: boolean;
}

/** The live value of a kernel setting. */
export const askSysctl = (key: string): SysctlAsk => ({ look: 'sysctl', key });

/** Live kernel settings; null where the kernel has none such. */
export const sysctlLook = defineLook<SysctlAsk, SysctlState | null>({
  name: 'sysctl',
  is: (ask): ask is SysctlAsk => ask.look === 'sysctl',
  shell: [shell],
  key: ({ key }) => key,
  call: (asks) => words('fcops_sysctl', ...asks.map(({ key }) => key)),
  bare: () => ({ value: NOT_KNOWN, writable: true }),
  rows: ['sysctl', 'nosysctl'],
  parse: (rows) => {
    const seen = new Map<string, SysctlState | null>();
    const reasons = new Map<string, string>();
    for (const [tag, key = '', mode, value = ''] of rows) {
      if (tag === 'nosysctl') reasons.set(key, 'the kernel does not let it be read');
      else seen.set(key, mode === undefined ? null : { value, writable: mode === 'rw' });
    }
    return { seen, reasons };
  },
});
