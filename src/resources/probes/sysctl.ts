import { words } from '../../core/shell.ts';
import type { SysctlProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';
import shell from './sysctl.sh';

/** The reason that stands beside a value which was read but cannot be changed on this host. */
export const READ_ONLY = 'this host may not change it (a container?)';

/** Live kernel settings, blanks and tabs in them folded to one blank; null where the kernel has none such. */
export const sysctlSort: ProbeSort<SysctlProbe, string | null> = {
  probe: 'sysctl',
  shell,
  key: ({ key }) => key,
  merge: (a) => a,
  call: (probes) => words('fcops_sysctl', ...probes.map(({ key }) => key)),
  rows: ['sysctl', 'nosysctl'],
  parse: (rows) => {
    const seen = new Map<string, string | null>();
    const reasons = new Map<string, string>();
    for (const [tag, key = '', mode, value = ''] of rows) {
      if (tag === 'nosysctl') reasons.set(key, 'the kernel does not let it be read');
      else seen.set(key, mode === undefined ? null : value);
      if (mode === 'ro') reasons.set(key, READ_ONLY);
    }
    return { seen, reasons };
  },
};
