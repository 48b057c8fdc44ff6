import type { Problem } from '../core/errors.ts';
import type { Profile, SectorSize } from '../core/profile.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Checking, ListedHost } from './checking.ts';
import type { Path } from './yaml-file.ts';

/** What two hosts of a cluster must not share. */
const UNIQUE: readonly {
  readonly what: string;
  readonly key: 'name' | 'address';
  readonly of: (host: ListedHost['host'], defaultPort: number) => string;
}[] = [
  { what: 'name', key: 'name', of: ({ name }) => name },
  {
    what: 'address and SSH port',
    key: 'address',
    of: ({ address, ssh }, defaultPort) => `${address}:${ssh?.port ?? defaultPort}`,
  },
];

const duplicates = ({ cluster, hosts, valuePlace }: Checking): readonly Problem[] =>
  UNIQUE.flatMap(({ what, key, of }) =>
    hosts.flatMap(({ index, host }) => {
      const value = of(host, cluster.ssh?.port ?? 22);
      const first = hosts.find((other) => of(other.host, cluster.ssh?.port ?? 22) === value);
      if (!first || first.index === index) return [];
      const { line } = valuePlace(['hosts', first.index, key]);
      return [
        {
          what: `${first.host.name} in line ${line} has the same ${what}: ${value}`,
          where: { ...valuePlace(['hosts', index, key]), host: host.name },
        },
      ];
    }),
  );

const roles = ({ hosts, valuePlace }: Checking): readonly Problem[] =>
  hosts.flatMap(({ index, host }) => {
    const where = (position: number) => ({
      ...valuePlace(['hosts', index, 'roles', position]),
      host: host.name,
    });
    const twice = host.roles.flatMap((role, position) =>
      host.roles.indexOf(role) < position
        ? [{ what: `the role ${role} is here twice`, where: where(position) }]
        : [],
    );
    const apx = host.roles.indexOf('apx');
    const both = apx >= 0 && host.roles.includes('p1');
    return both
      ? [...twice, { what: 'a p1 host runs APx already', where: where(apx), next: 'remove the role apx' }]
      : twice;
  });

/** Two lotus-miner processes for one miner id would both prove and mine for it, which the network punishes. */
const oneMiner = ({ hosts, valuePlace }: Checking): readonly Problem[] => {
  const [first, ...others] = hosts.filter(({ host }) => host.roles.includes('miner'));
  return others.map(({ index, host }) => ({
    what: `${first?.host.name} has the role miner already`,
    where: { ...valuePlace(['hosts', index, 'roles', host.roles.indexOf('miner')]), host: host.name },
    why: 'two lotus-miner processes for one miner id work against each other',
    next: 'one cluster file a miner id, one miner host a cluster',
  }));
};

/** Why a profile cannot carry the roles of a host, role by role. */
const unfit = (
  profile: Profile,
  host: ListedHost['host'],
  sectorSize: SectorSize | undefined,
): readonly string[] => {
  const { name, p1, c2 } = profile;
  const found: string[] = [];
  if (host.roles.includes('c2') && !c2) found.push(`the profile ${name} says nothing of c2`);
  if (!host.roles.includes('p1')) return found;
  if (!p1) found.push(`the profile ${name} says nothing of p1`);
  else if (sectorSize && p1.tasks[sectorSize] === undefined)
    found.push(`the profile ${name} has no number of P1 tasks for ${sectorSize} sectors`);
  else if (sectorSize && p1.maxSealing[sectorSize] === undefined)
    found.push(`the profile ${name} has no maxSealing for ${sectorSize} sectors`);
  return found;
};

const profiles = (checking: Checking): readonly Problem[] =>
  checking.hosts.flatMap(({ index, host }): readonly Problem[] => {
    const path: Path = ['hosts', index, 'profile'];
    const where = { ...checking.valuePlace(path), host: host.name };
    const profile = checking.profiles.get(host.profile);
    if (!profile) {
      const next =
        checking.profiles.size > 0
          ? didYouMean(host.profile, checking.profiles.keys())
          : 'there are no profiles: look at --profiles';
      return [{ what: `there is no profile "${host.profile}"`, where, next }];
    }
    return unfit(profile, host, checking.cluster.sectorSize).map((what) => ({
      what,
      where,
      next: `take another profile, or add it to profiles/${profile.name}.yaml`,
    }));
  });

/** Cross-checks of the hosts: names, addresses, roles, profiles. */
export const checkHosts = (checking: Checking): readonly Problem[] => [
  ...duplicates(checking),
  ...roles(checking),
  ...oneMiner(checking),
  ...profiles(checking),
];
