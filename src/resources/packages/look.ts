import { words } from '../../core/shell.ts';
import type { Ask, Observation } from '../look.ts';
import { defineLook } from '../look.ts';
import changesShell from './changes.sh';
import shell from './look.sh';

/** A package of the distribution, by its name for dpkg or rpm. */
export interface PackageAsk extends Ask {
  readonly look: 'package';
  readonly manager: 'apt' | 'yum';
  readonly name: string;
}

/** Bash that asks what installing packages would do to others; the step that installs asks with it too. */
export const packageChangesShell: string = changesShell;

const MANAGERS = ['apt', 'yum'] as const;
const DATABASE = { apt: 'dpkg-query', yum: 'rpm' } as const;

/** Why none of the packages was seen, from the exit status of the query; dpkg-query ends with 1 where one is missing. */
const failure = (manager: string, status: number): string | undefined => {
  const program = manager === 'apt' ? DATABASE.apt : DATABASE.yum;
  if (status === 127) return `${program} is not on this host`;
  return status > 1 ? `${program} failed (status ${status})` : undefined;
};

/** The names of the installed packages among lines of dpkg's own database (`Package: x`, `Status: a b installed`). */
const installedOf = (lines: readonly string[]): string[] => {
  let name = '';
  return lines.flatMap((line) => {
    if (line.startsWith('Package: ')) name = line.slice('Package: '.length);
    return /^Status: \S+ \S+ installed$/.test(line) ? [name] : [];
  });
};

/** Whether packages are installed. */
export const packageLook = defineLook<PackageAsk, boolean>({
  name: 'package',
  is: (ask): ask is PackageAsk => ask.look === 'package',
  shell: [packageChangesShell, shell],
  key: ({ name }) => name,
  merge: (a, b) => {
    if (a.manager !== b.manager) throw new RangeError(`${a.name} is asked of two package managers`);
    return a;
  },
  call: (asks) =>
    MANAGERS.flatMap((manager) => {
      const names = asks.filter((ask) => ask.manager === manager).map(({ name }) => name);
      return names.length > 0 ? [words(`fcops_packages_${manager}`, ...names)] : [];
    }).join('\n'),
  bare: () => false,
  rows: ['dpkg', 'package', 'packages'],
  parse: (rows) => {
    const lines = rows.flatMap(([tag, ...lines]) => (tag === 'dpkg' ? lines : []));
    const seen = new Map(installedOf(lines).map((name) => [name, true]));
    const reasons = new Map<string, string>();
    for (const [tag, name = '', status] of rows) {
      if (tag === 'package' && status === 'installed') seen.set(name, true);
    }
    for (const [tag, manager = '', status, names = ''] of rows) {
      if (tag !== 'packages') continue;
      const reason = failure(manager, Number(status));
      for (const name of names.split(' ')) {
        if (seen.has(name)) continue;
        if (reason === undefined) seen.set(name, false);
        else reasons.set(name, reason);
      }
    }
    return { seen, reasons };
  },
});

/** What becomes of a package that is installed, and that nobody asked for, where those that are missing are installed. */
export type Beside =
  | { readonly what: 'removed'; readonly name: string; readonly version: string }
  | {
      readonly what: 'upgraded' | 'downgraded';
      readonly name: string;
      readonly version: string;
      readonly to: string;
    };

/** What installing all that is missing would do to others; nothing where all is there, or the manager cannot tell. */
export const besides = (
  { answer }: Pick<Observation, 'answer'>,
  manager: PackageAsk['manager'],
): readonly Beside[] =>
  (answer.get('beside') ?? []).flatMap(([, by, what, name = '', version = '', to = '']): Beside[] => {
    if (by !== manager) return [];
    if (what === 'removed') return [{ what, name, version }];
    return what === 'upgraded' || what === 'downgraded' ? [{ what, name, version, to }] : [];
  });
