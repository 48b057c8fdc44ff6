import { words } from '../../core/shell.ts';
import type { SysctlState } from '../observation.ts';
import type { SysctlProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';
import shell from './sysctl.sh';

/** Live kernel settings; null where the kernel has none such. */
export const sysctlSort: ProbeSort<SysctlProbe, SysctlState | null> = {
  probe: 'sysctl',
  shell,
  key: ({ key }) => key,
  merge: (a) => a,
  call: (probes) => words('fcops_sysctl', ...probes.map(({ key }) => key)),
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
};
