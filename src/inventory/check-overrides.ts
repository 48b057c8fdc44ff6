import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Profile } from '../core/profile.ts';
import { count } from '../core/units.ts';
import type { Checking, ListedHost } from './checking.ts';
import { memoryWithout, nodeMemory } from './degraded.ts';
import type { Overrides } from './overrides-file.ts';
import type { Path } from './yaml-file.ts';

/** What an override says that it must not; `at`: its key. */
interface Wrong {
  readonly at: readonly (string | number)[];
  readonly what: string;
  readonly next: string;
}

const LESS = 'overrides are for a machine that has less; more stands in a profile of its own';

/** Overrides that say nothing, or more than the profile has. Whether their day has passed is asked when it matters. */
export const checkOverrides = (checking: Checking): readonly Problem[] =>
  checking.hosts.flatMap((listed) => {
    const path: Path = ['hosts', listed.index, 'overrides'];
    return wrongIn(listed, checking).map(
      ({ at, what, next }): Problem => ({
        kind: 'inventory',
        what,
        where: { ...checking.valuePlace([...path, ...at]), host: listed.name },
        next: [edit(next)],
      }),
    );
  });

/** Whether the overrides of a host may be taken at their word: what its profile has not cannot be less. */
export const areFit = (listed: ListedHost, checking: Checking): boolean =>
  wrongIn(listed, checking).length === 0;

const wrongIn = (listed: ListedHost, checking: Checking): readonly Wrong[] => {
  const { overrides, profile: name } = listed.host;
  if (overrides === undefined) return [];
  const profile = name === undefined ? undefined : checking.profiles.get(name);
  return [...nothing(overrides), ...(profile ? beyond(overrides, profile, listed, checking) : [])];
};

const nothing = ({ until: _, reason: __, ...keys }: Overrides): Wrong[] =>
  Object.keys(keys).length > 0
    ? []
    : [
        {
          at: [],
          what: '`overrides` overrides nothing',
          next: 'say what the machine has less of: p1Tasks, memoryGiB, nodes or withoutGpus',
        },
      ];

const beyond = (
  overrides: Overrides,
  profile: Profile,
  { roles }: ListedHost,
  { cluster: { sectorSize } }: Checking,
): Wrong[] => {
  const { p1Tasks, memoryGiB, nodes = {}, withoutGpus = [] } = overrides;
  const has = (role: string) => roles.some((one) => one.role === role);
  const tasks = sectorSize && profile.p1?.tasks[sectorSize];
  const memory = nodeMemory(profile);
  const gpus = (has('c2') ? profile.c2?.gpus : undefined) ?? profile.gpus;
  return [
    ...(p1Tasks !== undefined && !has('p1')
      ? [{ at: ['p1Tasks'], what: '`p1Tasks` is for hosts with the role p1', next: 'remove it' }]
      : []),
    ...(p1Tasks !== undefined && has('p1') && tasks !== undefined && p1Tasks >= tasks
      ? [
          {
            at: ['p1Tasks'],
            what: `\`p1Tasks\` is ${p1Tasks}, and profile ${profile.name} has ${tasks}`,
            next: LESS,
          },
        ]
      : []),
    ...(memoryGiB !== undefined && memoryGiB >= profile.memoryGiB
      ? [
          {
            at: ['memoryGiB'],
            what: `\`memoryGiB\` is ${memoryGiB}, and profile ${profile.name} has ${profile.memoryGiB}`,
            next: LESS,
          },
        ]
      : []),
    ...Object.entries(nodes).flatMap(([node, left]): Wrong[] => {
      const all = memory[Number(node)];
      if (all === undefined)
        return [
          {
            at: ['nodes', node],
            what: `there is no NUMA node ${node}: profile ${profile.name} has ${count(memory.length, 'node')}, from 0`,
            next: 'correct its number',
          },
        ];
      return left < all
        ? []
        : [
            {
              at: ['nodes', node],
              what: `node ${node} has ${left} GiB, and profile ${profile.name} gives it ${all}`,
              next: LESS,
            },
          ];
    }),
    ...(memoryGiB !== undefined && memoryGiB < profile.memoryGiB && memoryGiB > memoryWithout(profile, nodes)
      ? [
          {
            at: ['memoryGiB'],
            what: `\`memoryGiB\` is ${memoryGiB}, and with what its nodes lack the machine has less`,
            next: 'leave memoryGiB out: it follows from nodes',
          },
        ]
      : []),
    ...gpuMistakes(withoutGpus, gpus.length, profile, has('p1') || has('c2')),
  ];
};

const gpuMistakes = (gone: readonly number[], all: number, { name }: Profile, needsOne: boolean): Wrong[] => {
  const wrong = gone.findIndex((gpu, index) => gpu > all || gone.indexOf(gpu) !== index);
  if (wrong >= 0)
    return [
      {
        at: ['withoutGpus', wrong],
        what: `\`withoutGpus\` names GPU ${gone[wrong]}, and profile ${name} has ${count(all, 'GPU')}, each to be named once`,
        next: "count them in the machine's own order, from 1",
      },
    ];
  return gone.length > 0 && gone.length === all && needsOne
    ? [
        {
          at: ['withoutGpus'],
          what: 'no GPU is left: P2 and C2 need one',
          next: 'take the host out of the file until it has one',
        },
      ]
    : [];
};
