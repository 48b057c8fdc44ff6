import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { formatSeconds } from '../../core/units.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { AtRisk } from './at-risk.ts';
import { riskLines } from './at-risk.ts';
import type { StopContext } from './context.ts';

/** Milliseconds between two questions to the miner. */
export const POLL = 5_000;
/**
 * Times that nothing has to be at work in a row: while a worker fetches what a task needs, the miner lists it nowhere
 * (lotus before 1.13).
 */
export const QUIET = 3;
/** Times in a row that the miner may not answer; as often it may not list a worker before its host is looked at. */
export const SILENT = 12;
/** Seconds after which what is waited for is told again. */
const TELL = 60;

/** Whether of some of them nobody can tell what they are at. */
export const isUnknown = (left: readonly AtRisk[]): boolean =>
  left.some(({ work }) => work.type === 'unknown');

/** Why nobody waits any longer. */
export const givenUp = (
  { name }: DeployHost,
  left: readonly AtRisk[],
  { silent, waited }: { readonly silent: number; readonly waited: number },
  { drainTimeout }: StopContext,
): Problem | null => {
  if (silent >= SILENT) return unknownNow(name, left);
  return drainTimeout !== null && waited >= drainTimeout * 1000 ? tooLong(name, drainTimeout, left) : null;
};

/** Says what is waited for when that is another thing, and from time to time. */
export const teller = (host: DeployHost, { now, emit }: StopContext): ((left: readonly AtRisk[]) => void) => {
  let [told, said] = [Number.NEGATIVE_INFINITY, ''];
  return (left) => {
    const names = left.map(({ process, work }) => `${process} ${work.type}`).join();
    if (left.length === 0 || (names === said && now() - told < TELL * 1000)) return;
    emit({ type: 'waits', host: host.name, text: `waiting: ${riskLines(left).replaceAll('\n', '; ')}` });
    [told, said] = [now(), names];
  };
};

const unknownNow = (host: string, left: readonly AtRisk[]): Problem => ({
  kind: 'unseen',
  what: 'nothing was stopped: the miner does not tell any more what the workers are at',
  where: { host },
  why: riskLines(left),
  next: [again('run again when it answers')],
});

const tooLong = (host: string, seconds: number, left: readonly AtRisk[]): Problem => ({
  kind: 'check',
  what: `nothing was stopped: tasks had not ended within ${formatSeconds(seconds)} (--drain-timeout)`,
  where: { host },
  why: riskLines(left),
  next: [again('run again to go on waiting')],
});
