import { groupBy } from '../core/group-by.ts';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { apxSection, type Profile, type SectorSize } from '../core/profile.ts';
import { adviseChoice } from './advice.ts';
import { type Checking, foldHosts, type HostProblem, type ListedHost } from './checking.ts';
import type { RoleName } from './cluster.ts';

/** The SSH port that the file states for a host, else 22; undefined where what it states is wrong. */
export const portOf = ({ index, host }: ListedHost, { cluster, isWritten }: Checking): number | undefined => {
  if (isWritten(['hosts', index, 'ssh', 'port'])) return host.ssh?.port;
  return isWritten(['ssh', 'port']) ? cluster.ssh?.port : 22;
};

/** What two hosts of a cluster must not share. */
const UNIQUE: readonly {
  readonly key: 'name' | 'address';
  /** What identifies a host, in words; undefined where that is not known. */
  readonly of: (listed: ListedHost, checking: Checking) => string | undefined;
  readonly next: string;
}[] = [
  {
    key: 'name',
    of: ({ host: { name } }) => (name === undefined ? undefined : `the name ${name}`),
    next: 'give each host a name of its own',
  },
  {
    key: 'address',
    of: (listed, checking) => {
      const { address } = listed.host;
      const port = portOf(listed, checking);
      if (address === undefined || port === undefined) return undefined;
      return `the address ${address}${port === 22 ? '' : ` with port ${port}`}`;
    },
    next: 'correct one of the two addresses',
  },
];

const duplicates = (checking: Checking): readonly Problem[] =>
  UNIQUE.flatMap(({ key, of, next }) => {
    const firsts = new Map<string, ListedHost>();
    const { hosts, valuePlace } = checking;
    return hosts.flatMap((listed): readonly Problem[] => {
      const { index, name } = listed;
      const value = of(listed, checking);
      if (value === undefined) return [];
      const first = firsts.get(value);
      if (!first) {
        firsts.set(value, listed);
        return [];
      }
      const { line } = valuePlace(['hosts', first.index, key]);
      // The name of the host says nothing where the name itself is the mistake.
      const who = key === 'name' ? {} : { host: name };
      const what = `${value} is used twice (also in line ${line})`;
      const where = { ...valuePlace(['hosts', index, key]), ...who };
      return [{ kind: 'inventory', what, where, next: [edit(next)] }];
    });
  });

/** Whoever else has the address that a host is to listen on: at the miner its workers could be taken for theirs. */
const listensTwice = (checking: Checking): readonly Problem[] => {
  const { hosts, valuePlace } = checking;
  const byAddress = groupBy(hosts.flatMap(withAddresses), ({ text }) => text);
  return hosts.flatMap((listed): readonly Problem[] => {
    const { listen } = listed.host;
    if (listen === undefined) return [];
    const other = byAddress
      .get(listen)
      ?.find(({ listed: one }) => one !== listed && !isSameMachine(one, listed, checking))?.listed;
    // Of two that both listen there the later one is told.
    if (!other || (other.host.listen === listen && other.index > listed.index)) return [];
    const key = other.host.listen === listen ? 'listen' : 'address';
    const { line } = valuePlace(['hosts', other.index, key]);
    return [
      {
        kind: 'inventory',
        what: `${listed.name} is to listen on ${listen}, which is ${key === 'listen' ? 'what' : 'the address of'} ${other.name}${key === 'listen' ? ' listens on' : ''} (line ${line})`,
        where: { ...valuePlace(['hosts', listed.index, 'listen']), host: listed.name },
        why: 'workers of two machines cannot be told apart by one address',
        next: [edit('correct `listen` of one of the two')],
      },
    ];
  });
};

const withAddresses = (
  listed: ListedHost,
): readonly { readonly text: string; readonly listed: ListedHost }[] =>
  [listed.host.address, listed.host.listen].flatMap((text) => (text === undefined ? [] : [{ text, listed }]));

/** The same machine written down twice is told as that. */
const isSameMachine = (one: ListedHost, other: ListedHost, checking: Checking): boolean =>
  one.host.address === other.host.address && portOf(one, checking) === portOf(other, checking);

/** Pairs of roles that one machine cannot have, and why. */
const APART: readonly (readonly [kept: RoleName, dropped: RoleName, what: string, next: string])[] = [
  ['p1', 'apx', 'a p1 host runs APx already', 'remove the role apx'],
  [
    'p1',
    'c2',
    'p1 and c2 cannot be on one machine: each one uses all of its cores',
    'remove one of the two roles, and give it to another host',
  ],
  [
    'apx',
    'c2',
    'apx and c2 cannot be on one machine: c2 uses all of its cores',
    'remove one of the two roles, and give it to another host',
  ],
  [
    'miner',
    'p1',
    'miner and p1 cannot be on one machine: p1 uses all of its cores, and /opt/raid0 is a RAID 1 for wallets and keys on the one, a RAID 0 for sectors on the other (handbook 2.1.4, 2.2.4)',
    'give p1 to another host',
  ],
  [
    'miner',
    'c2',
    'miner and c2 cannot be on one machine: c2 uses all of its cores and GPUs, and what proves in time would wait for them',
    'give c2 to another host',
  ],
  [
    'miner',
    'apx',
    'miner and apx cannot be on one machine: /opt/raid0 is a RAID 1 for wallets and keys on the one, a RAID 0 for sectors on the other (handbook 2.1.4, 2.2.4)',
    'give apx to another host',
  ],
];

const roles = ({ hosts, valuePlace }: Checking): readonly Problem[] =>
  hosts.flatMap(({ index, name, roles: own }) => {
    const where = (position: number) => ({
      ...valuePlace(['hosts', index, 'roles', position]),
      host: name,
    });
    const at = (role: RoleName) => own.find((other) => other.role === role)?.position;
    const twice = own.flatMap(({ role, position }): readonly Problem[] =>
      at(role) !== position
        ? [
            {
              kind: 'inventory',
              what: `the role ${role} is here twice`,
              where: where(position),
              next: [edit('remove one of the two')],
            },
          ]
        : [],
    );
    const together = APART.flatMap(([kept, dropped, what, next]): readonly Problem[] => {
      const [one, other] = [at(kept), at(dropped)];
      return one === undefined || other === undefined
        ? []
        : [{ kind: 'inventory', what, where: where(other), next: [edit(next)] }];
    });
    return [...twice, ...together];
  });

/** Two lotus-miner processes for one miner id would both prove and mine for it, which the network punishes. */
const oneMiner = ({ hosts, valuePlace }: Checking): readonly Problem[] => {
  const miners = hosts.flatMap(({ index, name, roles: own }) => {
    const position = own.find(({ role }) => role === 'miner')?.position;
    return position === undefined ? [] : [{ index, name, position }];
  });
  const [first, ...others] = miners;
  return others.map(({ index, name, position }) => ({
    kind: 'inventory',
    what: `${first?.name} has the role miner already`,
    where: { ...valuePlace(['hosts', index, 'roles', position]), host: name },
    why: 'two lotus-miner processes for one miner id work against each other',
    next: [edit('keep one miner host; another miner id has a cluster file of its own')],
  }));
};

/** Roles of which a profile says what the machine carries. */
const WORKER_ROLES = ['p1', 'c2', 'apx'] as const;
type WorkerRole = (typeof WORKER_ROLES)[number];

/** What a role asks of a profile: why it does not do for the role, or undefined where it does. */
const unfit = (
  profile: Profile,
  role: WorkerRole,
  sectorSize: SectorSize | undefined,
): string | undefined => {
  const { name, p1, c2 } = profile;
  if (role === 'c2') return c2 ? undefined : `the profile ${name} is not for c2: it has no c2 section`;
  if (role === 'apx') {
    const section = apxSection(profile);
    if (!section) return `the profile ${name} is not for apx: it has neither an apx nor a p1 section`;
    if (sectorSize && section.maxSealing[sectorSize] === undefined)
      return `the profile ${name} has no maxSealing for ${sectorSize} sectors`;
    return undefined;
  }
  if (!p1) return `the profile ${name} is not for p1: it has no p1 section`;
  if (sectorSize && p1.tasks[sectorSize] === undefined)
    return `the profile ${name} has no number of P1 tasks for ${sectorSize} sectors`;
  if (sectorSize && p1.maxSealing[sectorSize] === undefined)
    return `the profile ${name} has no maxSealing for ${sectorSize} sectors`;
  return undefined;
};

const adviseProfile = (
  role: WorkerRole,
  { profiles: all, cluster: { sectorSize } }: Checking,
  { name }: Profile,
) => {
  const fit = all.names
    .flatMap((other) => all.get(other) ?? [])
    .filter((profile) => unfit(profile, role, sectorSize) === undefined);
  const forWhat = role !== 'c2' && sectorSize ? `${role} with ${sectorSize} sectors` : role;
  return fit.length > 0
    ? `profiles for ${forWhat}: ${fit.map((profile) => profile.name).join(', ')}`
    : `no profile is for ${forWhat}: add it to ${name}.yaml`;
};

const unknownProfile = (name: string, { profiles: all }: Checking): Omit<Problem, 'where'> => ({
  kind: 'inventory',
  what: `there is no profile "${name}"`,
  next: [
    edit(all.names.length > 0 ? adviseChoice(name, all.names) : 'there are no profiles: look at --profiles'),
  ],
});

const profileProblems = (
  checking: Checking,
  { index, name, host, roles: own }: ListedHost,
): readonly HostProblem[] => {
  if (host.profile === undefined) return [];
  const where = checking.valuePlace(['hosts', index, 'profile']);
  const profile = checking.profiles.get(host.profile);
  if (checking.profiles.problems(host.profile).length > 0) return [];
  if (!profile) return [{ host: name, problem: { ...unknownProfile(host.profile, checking), where } }];
  return WORKER_ROLES.flatMap((role): readonly HostProblem[] => {
    const has = own.some((one) => one.role === role);
    const what = has ? unfit(profile, role, checking.cluster.sectorSize) : undefined;
    if (what === undefined) return [];
    const next = [edit(adviseProfile(role, checking, profile))];
    return [{ host: name, problem: { kind: 'inventory', what, where, next } }];
  });
};

/** Profiles that do not do for their hosts, and what is wrong with the files of those in use. */
const profiles = (checking: Checking): readonly Problem[] => {
  const used = new Set(checking.hosts.flatMap(({ host }) => host.profile ?? []));
  return [
    ...[...used].flatMap((name) => checking.profiles.problems(name)),
    ...foldHosts(checking.hosts.flatMap((listed) => profileProblems(checking, listed))),
  ];
};

/** Cross-checks of the hosts: names, addresses, roles, profiles. */
export const checkHosts = (checking: Checking): readonly Problem[] => [
  ...duplicates(checking),
  ...listensTwice(checking),
  ...roles(checking),
  ...oneMiner(checking),
  ...profiles(checking),
];
