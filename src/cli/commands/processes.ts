import { edit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Size } from '../../engine/batches.ts';
import type { DeployRequest } from '../../ops/deploy-request.ts';
import { namedHosts } from '../../ops/named.ts';
import type { Operation } from '../../ops/process-work.ts';
import type { StopRequest } from '../../ops/stop/begin.ts';
import type { Action } from '../context.ts';
import { lackingOption } from '../lacking-option.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';
import { carryOut } from './deploy.ts';

export interface ProcessOptions extends ClusterOptions, ConnectionOptions {
  readonly process?: readonly string[];
  readonly batch: readonly Size[];
  readonly maxFail: Size;
  readonly preflight?: boolean;
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly verbose?: boolean;
}

export interface StopOptions extends ProcessOptions {
  /** Seconds. */
  readonly killAfter?: number;
  readonly loseTasks?: boolean;
  /** True without a word: all tasks. */
  readonly drain?: true | 'finalize';
  /** Seconds. */
  readonly drainTimeout?: number;
  readonly waitForWindow?: boolean;
  readonly ignoreProvingWindow?: boolean;
  /** Seconds. */
  readonly downtime?: number;
}

type Processes = Extract<Operation, 'start' | 'stop' | 'restart'>;

const about =
  (operation: Processes): Action<StopOptions> =>
  async (context, words, options) => {
    const { process } = options;
    const sources = sourcesOf(context);
    const named = namedHosts(sources, words, options);
    if (operation === 'restart' && named.role === 'all')
      throw new FcopsError({
        kind: 'usage',
        what: 'a restart is about one role: workers need their miner to start',
        next: [
          fcopsCommand(['restart', 'miner', ...minerOf(named.miner)], 'the miner first'),
          edit('then the roles of the workers'),
        ],
      });
    const request: DeployRequest = {
      ...named,
      operation,
      start: operation !== 'stop',
      ...runOf(options),
      ...(process && { processes: process }),
      ...(operation !== 'start' && { stop: stopOf(options) }),
    };
    return carryOut(context, sources, request, options);
  };

type RunAsked = Pick<StopOptions, 'batch' | 'maxFail' | 'transport' | 'preflight' | 'killAfter'>;

/** How an operation on processes goes through its hosts. */
export const runOf = ({
  batch,
  maxFail,
  transport,
  preflight,
  killAfter,
}: RunAsked): Pick<
  DeployRequest,
  'tags' | 'batches' | 'maxFail' | 'transport' | 'preflight' | 'killAfter'
> => ({
  tags: [],
  batches: batch,
  maxFail,
  transport,
  ...(preflight === false && { preflight: false }),
  ...(killAfter !== undefined && { killAfter }),
});

/** Of a stop, what is said about tasks and proofs. */
type StopAsked = Pick<
  StopOptions,
  'loseTasks' | 'drain' | 'drainTimeout' | 'waitForWindow' | 'ignoreProvingWindow' | 'downtime'
>;

/** What is done about tasks and proofs that would end with a process. */
export const stopOf = (options: StopAsked): StopRequest => {
  const { drain, drainTimeout } = options;
  if (drainTimeout !== undefined && drain === undefined)
    throw lackingOption('--drain-timeout says how long --drain waits', '--drain');
  return stopBy(options, drain === undefined ? null : drain === true ? 'all' : drain);
};

/** The same where the operation knows which tasks are waited for. */
export const stopBy = (options: StopAsked, drain: StopRequest['drain']): StopRequest => {
  const { loseTasks, drainTimeout } = options;
  return {
    loseTasks: loseTasks === true,
    drain,
    ...(drainTimeout !== undefined && { drainTimeout }),
    ...windowOf(options),
  };
};

/** What is done about proving windows; nothing of it said: they refuse. */
const windowOf = ({
  waitForWindow,
  ignoreProvingWindow,
  downtime,
}: StopAsked): Pick<StopRequest, 'window' | 'downtime'> => ({
  ...(waitForWindow && { window: 'wait' }),
  ...(ignoreProvingWindow && { window: 'ignore' }),
  ...(downtime !== undefined && { downtime }),
});

const minerOf = (miner: string | undefined): string[] => (miner === undefined ? [] : ['--miner', miner]);

/** `fcops start ROLE|HOST…` */
export const start: Action<ProcessOptions> = about('start');
/** `fcops stop ROLE|HOST…` */
export const stop: Action<StopOptions> = about('stop');
/** `fcops restart ROLE|HOST…` */
export const restart: Action<StopOptions> = about('restart');
