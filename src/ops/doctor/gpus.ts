import { groupBy } from '../../core/group-by.ts';
import { fcopsCommand, shellOnHost } from '../../core/next.ts';
import type { SectorSize } from '../../core/profile.ts';
import { words } from '../../core/shell.ts';
import type { GpusSeen } from '../../resources/gpus/look.ts';
import { CARD_LOST } from '../../roles/requirements.ts';
import type { ClusterJob } from '../jobs/jobs.ts';
import { PROOFS_COST, stageCost } from './costs.ts';
import type { Diagnosis, Finding } from './finding.ts';
import { finding, unknown } from './finding.ts';
import type { GpuUsers } from './host-look.ts';
import { restartOf } from './pipeline.ts';

/** A process that runs. */
export interface GpuProcess {
  readonly name: string;
  readonly group: string;
  readonly role: string;
  readonly pid: number;
  /** What the miner says that it is at; null: nobody knows. */
  readonly at: readonly ClusterJob[] | null;
}

export interface GpusOfHost {
  readonly host: string;
  readonly size: SectorSize;
  /** Those of the machine. */
  readonly present: readonly { readonly address: string; readonly busId: number }[];
  readonly seen: GpusSeen;
  readonly processes: readonly GpuProcess[];
  readonly users: GpuUsers | { readonly why: string };
}

/** The same with the GPUs that its environment binds it to: decimal bus ids by the variables that say so. */
type Bound = GpuProcess & { readonly bound: ReadonlyMap<string, string> };

/** Whether the GPUs that processes are bound to are there, and are theirs alone (handbook 4.3.2). */
export const gpusDiagnosis = (gpus: GpusOfHost): Diagnosis => {
  const { host, users, present, processes } = gpus;
  if ('why' in users)
    return {
      findings: [],
      unknowns:
        present.length > 0
          ? [
              unknown(
                host,
                'it is not known which GPUs processes are bound to, nor whether locks are in the way',
                users.why,
              ),
            ]
          : [],
    };
  const bound = processes.map((one): Bound => {
    const own = users.bound.filter(({ pid }) => pid === one.pid);
    return { ...one, bound: new Map(own.map(({ name, busId }) => [name, busId])) };
  });
  return {
    findings: [
      ...bound.flatMap((one) => ofBinding(one, gpus)),
      ...twice(bound, gpus),
      ...foreignLocks(users, gpus),
    ],
    unknowns: [],
  };
};

const costOf = ({ group }: GpuProcess, size: SectorSize): string =>
  group === 'C2'
    ? (stageCost(size, 'C2', 1) ?? 'its C2 fails, or takes many times as long on the CPU')
    : group === 'lotus-miner'
      ? `proofs fail, or are late where they are made by the CPU: ${PROOFS_COST}`
      : 'its work fails, or takes many times as long on the CPU';

/** It is bound to a GPU that the machine has not, or that has fallen off the bus. */
const ofBinding = (one: Bound, { host, size, present, seen }: GpusOfHost): readonly Finding[] => {
  const ids = [...groupBy([...one.bound], ([, id]) => id)];
  return ids.flatMap(([id, variables]): Finding[] => {
    const names = variables.map(([name]) => name).join(', ');
    const card = present.find(({ busId }) => String(busId) === id);
    const about = {
      processes: [one.name],
      cost: costOf(one, size),
    };
    if (!card)
      return [
        finding('critical', 'gpu', host, `${one.name} is bound to a GPU that the machine has not`, {
          ...about,
          evidence: [
            `${names}=${id} in its environment`,
            present.length === 0
              ? 'the machine shows no NVIDIA GPU'
              : `bus ids of the machine: ${present.map(({ busId }) => busId).join(', ')}`,
          ],
          next: [
            fcopsCommand(['plan', one.role, '--limit', host], 'see what its script is to say'),
            restartOf(one.role, host, [one.name], one.at),
          ],
        }),
      ];
    if (seen.type !== 'told' || seen.gpus.some(({ address }) => address === card.address)) return [];
    return [
      finding('critical', 'gpu', host, `${one.name} is bound to a GPU that has fallen off the bus`, {
        ...about,
        evidence: [
          `${names}=${id} is ${card.address}, which nvidia-smi does not list`,
          ...(one.at === null
            ? ['it is not known what it is at']
            : one.at.length > 0
              ? [`at work: ${one.at.map(({ job }) => `${job.task} of sector ${job.sector}`).join(', ')}`]
              : []),
        ],
        next: CARD_LOST,
      }),
    ];
  });
};

/** Two C2 workers at one GPU, where there is one for each. */
const twice = (bindings: readonly Bound[], { host, size, present }: GpusOfHost): readonly Finding[] => {
  const workers = bindings.filter(({ group, bound }) => group === 'C2' && bound.has('BELLMAN_GPU_BUS_ID'));
  if (workers.length > present.length) return [];
  return [...groupBy(workers, ({ bound }) => bound.get('BELLMAN_GPU_BUS_ID')).entries()].flatMap(
    ([id, ones]) =>
      ones.length < 2
        ? []
        : [
            finding(
              'warn',
              'gpu',
              host,
              `${ones.map(({ name }) => name).join(' and ')} are bound to one GPU`,
              {
                processes: ones.map(({ name }) => name),
                evidence: [
                  `BELLMAN_GPU_BUS_ID=${id} in the environment of each; the machine has ${present.map(({ busId }) => busId).join(', ')}`,
                ],
                cost: stageCost(size, 'C2', ones.length - 1),
                next: [
                  fcopsCommand(['plan', 'c2', '--limit', host], 'see which GPU each is to have'),
                  ...ones.slice(1).map((one) => restartOf('c2', host, [one.name], one.at)),
                ],
              },
            ),
          ],
  );
};

/** A lock of another user keeps even root from the GPU, where the directory is sticky (fs.protected_regular). */
const foreignLocks = (locks: GpuUsers, { host, processes }: GpusOfHost): readonly Finding[] =>
  locks.locks.flatMap(({ directory, name, user }) => {
    const users = locks.users.filter((one) => one.directory === directory && one.user !== user);
    const own = processes.filter(({ pid }) => users.some((one) => one.pid === pid));
    if (own.length === 0) return [];
    const path = `${directory}/${name}`;
    return [
      finding('warn', 'gpu-lock', host, `the GPU lock ${path} belongs to another user`, {
        processes: own.map((one) => one.name),
        evidence: [
          `it is of user ${user}; ${own.map((one) => `${one.name} runs as user ${users.find(({ pid }) => pid === one.pid)?.user}`).join(', ')}`,
        ],
        cost: 'a worker that may not open it ends with PermissionDenied at its next task, or does it without GPU',
        next: [
          shellOnHost(words('fuser', '-v', path), 'see whether somebody uses it'),
          shellOnHost(
            words('mv', '--', path, `${path}.old`),
            'where nobody does, on the host: each makes its own',
          ),
        ],
      }),
    ];
  });
