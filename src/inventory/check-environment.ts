import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Checking } from './checking.ts';
import type { Path } from './yaml-file.ts';

const BY_LAYOUT = 'each process has its own, which follows from the layout';
const PIN =
  'remove it; to set cores or NUMA nodes by hand, pin them in the profile (p1.pins, p1.p2Cpus, c2.pins)';

/** Variables that are worked out for each process, and that one value for all would break. */
const WORKED_OUT: ReadonlyMap<string, { readonly why: string; readonly next: string }> = new Map([
  ...[
    'CPU_LIST',
    'FIL_PROOFS_CC_CPU_SET_STR',
    'FIL_PROOFS_MAX_NUMA_NODE',
    'FIL_PROOFS_NUMA_NODE',
    'FIL_PROOFS_HUGEPAGES_MOUNT_PATH',
    'mimalloc_use_numa_nodes',
    'BELLMAN_CPU_SET',
    'BELLMAN_GPU_BUS_ID',
  ].map((name) => [name, { why: BY_LAYOUT, next: PIN }] as const),
  ...['LOTUS_PATH', 'LOTUS_MINER_PATH', 'LOTUS_BACKUP_BASE_PATH'].map(
    (name) =>
      [
        name,
        { why: 'fcops has what is there at the places of the handbook (1.3.1)', next: 'remove it' },
      ] as const,
  ),
  ...['FIL_PROOFS_WINNING_POST_GPU', 'FIL_PROOFS_WINDOW_POST_GPU'].map(
    (name) =>
      [
        name,
        {
          why: "it follows from the machine's GPUs",
          next: 'remove it; to set them by hand, state `facts.gpus` of the host',
        },
      ] as const,
  ),
  [
    'MINER_API_INFO',
    {
      why: 'it holds the token, which is no part of this file',
      next: 'remove it; `api` says how the miner is reached',
    },
  ],
]);

const problemsAt = (
  { valuePlace }: Checking,
  path: Path,
  environment: object,
  host?: string,
): readonly Problem[] =>
  Object.keys(environment).flatMap((name): readonly Problem[] => {
    const known = WORKED_OUT.get(name);
    if (!known) return [];
    const place = valuePlace([...path, name]);
    return [
      {
        kind: 'inventory',
        what: `\`variables.environment.${name}\` cannot be set`,
        where: host === undefined ? place : { ...place, host },
        why: known.why,
        next: [edit(known.next)],
      },
    ];
  });

/** Environment variables that are not for the inventory to set. */
export const checkEnvironment = (checking: Checking): readonly Problem[] =>
  checking.stated.flatMap(({ path, host, values }) =>
    problemsAt(checking, [...path, 'variables', 'environment'], values.variables?.environment ?? {}, host),
  );
