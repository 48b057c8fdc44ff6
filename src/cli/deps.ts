import { join } from 'node:path';
import { whyOf } from '../core/why-of.ts';
import type { Emit } from '../engine/events.ts';
import type { FlowPart } from '../engine/flow.ts';
import type { Complaint } from '../engine/runs/journal.ts';
import { DEFAULT_WIDTHS } from '../engine/widths.ts';
import type { ChangeDeps, OpsDeps } from '../ops/deps.ts';
import { processIdentity } from '../ops/deps.ts';
import type { Connect } from '../transport/connection.ts';
import type { Context } from './context.ts';
import { defect } from './failure.ts';
import type { World } from './world.ts';

/** What differs from operation to operation. */
export interface Under {
  readonly connect: Connect;
  readonly forks: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly inOrder?: ((parts: readonly FlowPart[]) => Promise<void>) | undefined;
}

/** What an operation takes from outside, as this process gives it. */
export const opsDeps = (context: Context, { connect, forks, emit, signal, inOrder }: Under): OpsDeps => ({
  connect,
  now: context.world.now,
  date: context.world.date,
  random: context.world.random,
  after: context.world.after,
  emit,
  signal,
  widths: { ...DEFAULT_WIDTHS, look: forks, apply: forks },
  hide: (values) => context.output.hide(values),
  defect: (error, host) => defect(error, context, host),
  ...(inOrder && { inOrder }),
});

/** Where this controller keeps its runs. */
export const runsDirectory = ({ env, home }: World): string =>
  join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'fcops', 'runs');

/** `alice@ops1` */
export const whoRuns = ({ user, controller }: Pick<World, 'user' | 'controller'>): string =>
  `${user}@${controller}`;

/** The same for an operation that changes hosts. */
export const changeDeps = (context: Context, under: Under): ChangeDeps => {
  const { world, output } = context;
  const told = new Set<Complaint>();
  const directory = runsDirectory(world);
  return {
    ...opsDeps(context, under),
    who: whoRuns(world),
    version: world.version,
    journal: {
      directory,
      redact: (text) => output.redact(text),
      complain: (error, about) => {
        if (told.has(about)) return;
        told.add(about);
        const what =
          about === 'this run'
            ? `no journal of this run is kept in ${directory}`
            : `old runs in ${directory} could not be removed, and stay`;
        output.note(`${what}: ${whyOf(error)}`);
      },
    },
    process: processIdentity(process.pid) ?? { pid: process.pid, started: '', boot: '' },
  };
};
