import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { inProfile, type Profile } from '../core/profile.ts';
import type { Topology } from './types.ts';

/** A row of a layout as messages call it: `P1 task 3`, `P2`, `C2 worker 1`, with its CPUs. */
export interface Row {
  readonly name: string;
  readonly cpus: readonly number[];
  /** What of the profile it follows from, as a path: its pin where it has one. */
  readonly path: readonly PropertyKey[];
}

/** A problem for each two rows that share a CPU. */
export const overlaps = (profile: Profile, rows: readonly Row[]): Problem[] =>
  rows.flatMap((row, index) =>
    rows.slice(index + 1).flatMap((other): Problem[] => {
      const shared = row.cpus.filter((cpu) => other.cpus.includes(cpu));
      if (shared.length === 0) return [];
      return [
        {
          kind: 'layout',
          what: `profile ${profile.name}: ${row.name} and ${other.name} both own ${cpuWord(shared)}`,
          ...inProfile(profile, ...(other.path.length > row.path.length ? other : row).path),
          why: `${row.name} has ${row.cpus.join(',')}, ${other.name} has ${other.cpus.join(',')}`,
          next: [edit(`pin ${row.name} or ${other.name} to other CPUs in the profile`)],
        },
      ];
    }),
  );

/** Problems of one row written by hand: CPUs that the machine lacks, and CPUs named twice. */
export const badCpus = (profile: Profile, topology: Topology, row: Row): Problem[] => {
  const known = new Set(topology.nodes.flatMap((node) => node.cpus));
  const unknown = row.cpus.filter((cpu) => !known.has(cpu));
  const twice = [...new Set(row.cpus.filter((cpu, index) => row.cpus.indexOf(cpu) !== index))];
  return [
    ...(unknown.length > 0
      ? [
          {
            kind: 'layout' as const,
            what: `profile ${profile.name}: ${row.name} is pinned to ${cpuWord(unknown)}, which the machine does not have`,
            ...inProfile(profile, ...row.path),
            why: `its CPUs are 0-${known.size - 1}`,
            next: [edit('correct the pin in the profile')],
          },
        ]
      : []),
    ...(twice.length > 0
      ? [
          {
            kind: 'layout' as const,
            what: `profile ${profile.name}: ${row.name} is pinned to ${cpuWord(twice)} more than once`,
            ...inProfile(profile, ...row.path),
            why: `its list is ${row.cpus.join(',')}`,
            next: [edit('name each CPU once')],
          },
        ]
      : []),
  ];
};

/** Problems of pins as a list: for a number that does not exist, and for one that is pinned twice. */
export const badNumbers = (
  profile: Profile,
  what: string,
  numbers: readonly number[],
  path: readonly PropertyKey[],
  highest: number,
): Problem[] =>
  [...new Set(numbers)].flatMap((number): Problem[] => {
    const times = numbers.filter((other) => other === number).length;
    return [
      ...(number > highest
        ? [
            {
              kind: 'layout' as const,
              what: `profile ${profile.name}: a pin names ${what} ${number}, but there are ${highest}`,
              ...inProfile(profile, ...path, numbers.indexOf(number)),
              next: [edit(`use a number from 1 to ${highest}, or remove the pin`)],
            },
          ]
        : []),
      ...(times > 1
        ? [
            {
              kind: 'layout' as const,
              what: `profile ${profile.name}: ${what} ${number} is pinned ${times} times`,
              ...inProfile(profile, ...path, numbers.lastIndexOf(number)),
              next: [edit('keep one pin')],
            },
          ]
        : []),
    ];
  });

const cpuWord = (cpus: readonly number[]): string => `CPU${cpus.length === 1 ? '' : 's'} ${cpus.join(',')}`;
