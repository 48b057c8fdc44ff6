import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import shell from './look.sh';

/** A package of the distribution, by its name for dpkg or rpm. */
export interface PackageAsk extends Ask {
  readonly look: 'package';
  readonly manager: 'apt' | 'yum';
  readonly name: string;
}

const MANAGERS = ['apt', 'yum'] as const;
const DATABASE = { apt: 'dpkg-query', yum: 'rpm' } as const;

/** Why none of the packages was seen, from the exit status of the query; dpkg-query ends with 1 where one is missing. */
const failure = (manager: string, status: number): string | undefined => {
  const program = manager === 'apt' ? DATABASE.apt : DATABASE.yum;
  if (status === 127) return `${program} is not on this host`;
  return status > 1 ? `${program} failed (status ${status})` : undefined;
};

/** Installed packages: version, or null for one that is not installed. */
export const packageLook = defineLook<PackageAsk, string | null>({
  name: 'package',
  is: (ask): ask is PackageAsk => ask.look === 'package',
  shell: [shell],
  key: ({ manager, name }) => `${manager} ${name}`,
  call: (asks) =>
    MANAGERS.flatMap((manager) => {
      const names = asks.filter((ask) => ask.manager === manager).map(({ name }) => name);
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
});
