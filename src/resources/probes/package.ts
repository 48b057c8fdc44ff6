import { words } from '../../core/shell.ts';
import shell from './package.sh';
import type { PackageProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';

const MANAGERS = ['apt', 'yum'] as const;
const DATABASE = { apt: 'dpkg-query', yum: 'rpm' } as const;

/** Why none of the packages was seen, from the exit status of the query; dpkg-query ends with 1 where one is missing. */
const failure = (manager: string, status: number): string | undefined => {
  const program = manager === 'apt' ? DATABASE.apt : DATABASE.yum;
  if (status === 127) return `${program} is not on this host`;
  return status > 1 ? `${program} failed (status ${status})` : undefined;
};

/** Installed packages: version, or null for one that is not installed. */
export const packageSort: ProbeSort<PackageProbe, string | null> = {
  probe: 'package',
  shell,
  key: ({ name }) => name,
  merge: (a) => a,
  call: (probes) =>
    MANAGERS.flatMap((manager) => {
      const names = probes.filter((probe) => probe.manager === manager).map(({ name }) => name);
      return names.length > 0 ? [words(`fcops_packages_${manager}`, ...names)] : [];
    }).join('\n'),
  rows: ['package', 'packages'],
  parse: (rows) => {
    const seen = new Map<string, string | null>();
    const reasons = new Map<string, string>();
    for (const [tag, name = '', status, version = ''] of rows) {
      if (tag === 'package' && status === 'installed') seen.set(name, version);
    }
    for (const [tag, manager = '', status, names = ''] of rows) {
      if (tag !== 'packages') continue;
      const reason = failure(manager, Number(status));
      for (const name of names.split(' ')) {
        if (seen.has(name)) continue;
        if (reason === undefined) seen.set(name, null);
        else reasons.set(name, reason);
      }
    }
    return { seen, reasons };
  },
};
