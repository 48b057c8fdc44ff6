import type { Content } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import type { RoleContext } from './role.ts';

/** Variables of the profile that follow from the machine: its threads and GPUs. */
export const FROM_FACTS = [
  'RAYON_NUM_THREADS',
  'BELLMAN_GPU_BUS_ID',
  'FIL_PROOFS_WINNING_POST_GPU',
  'FIL_PROOFS_WINDOW_POST_GPU',
] as const;

/** Variables that the template of the profile sets by itself, or as the inventory says. */
const IN_PROFILE = new Set([
  'RUST_LOG',
  'FIL_PROOFS_PARENT_CACHE',
  'FIL_PROOFS_PARAMETER_CACHE',
  'IPFS_GATEWAY',
  'TMPDIR',
  'SCH_QUERY_WORKER',
  'FIL_PROOFS_FIN_TICKETS',
  'FIL_PROOFS_FIN_TICKET_INTERVAL',
  'FIL_PROOFS_P1_TICKETS',
  'FIL_PROOFS_P1_TICKET_INTERVAL',
  'GOLOG_LOG_LEVEL',
  'no_fetch_params',
  'RAYON_NUM_THREADS',
]);

/** What it follows from. */
interface Machine {
  readonly cpu: Pick<Facts['cpu'], 'count'>;
  readonly gpus: readonly Pick<Facts['gpus'][number], 'busId'>[];
}

/** The variables of lotus and lotus-miner (handbook 2.1.5.3), as they follow from the machine. */
export const minerProfile = ({
  host: {
    variables: { environment },
  },
  render,
}: RoleContext): ((facts: Machine) => Content) => {
  const others = Object.entries(environment)
    .filter(([name]) => !IN_PROFILE.has(name))
    .map(([name, value]) => ({ name, value }));
  return ({ cpu, gpus }) => {
    const [first, second = first] = gpus.map(({ busId }) => busId);
    return render('miner/profile', {
      environment,
      others,
      rayonThreads: 2 * cpu.count,
      ...(first !== undefined && second !== undefined
        ? { hasGpu: true, firstGpu: first, secondGpu: second }
        : { hasGpu: false, firstGpu: 0, secondGpu: 0 }),
    });
  };
};
