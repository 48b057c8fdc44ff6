import type { Next } from '../../core/next.ts';
import { fcopsCommand, look } from '../../core/next.ts';
import type { Observation } from '../../resources/look.ts';
import { pathLook } from '../../resources/path/look.ts';
import type { PathState } from '../../resources/path/state.ts';
import { portLook } from '../../resources/ports/look.ts';
import type { ProcessStatus } from '../status/host-status.ts';
import type { Check, Found, Since } from './check.ts';
import { fine, off, unknown } from './check.ts';

/**
 * Whether a process runs, listens and is registered. Of one that does not run the other two follow, and are no checks of
 * their own.
 */
export const processChecks = (host: string, process: ProcessStatus, seen: Observation): Check[] => {
  const { name, port, running, registration } = process;
  const about = { process: name };
  const runs: Check = {
    ...about,
    kind: 'process',
    name: `${name} runs`,
    ...foundRunning(host, process, seen),
  };
  if (running === null || running.length === 0) return [runs];
  return [
    runs,
    { ...about, kind: 'port', name: `${name} listens on ${port}`, ...foundListening(process, seen) },
    ...(registration === null
      ? []
      : [
          {
            ...about,
            kind: 'registration',
            name: `${name} is registered`,
            ...foundRegistration(process, registration),
          } as const,
        ]),
  ];
};

const foundRunning = (host: string, process: ProcessStatus, seen: Observation): Found => {
  const { role, log, port, listening, running } = process;
  if (running === null) return unknown('it cannot be told whether it runs');
  if (running.length > 1)
    return off(`runs ${running.length} times, as processes ${running.map(({ pid }) => pid).join(' and ')}`, [
      look('lotus-miner sealing jobs tells which has a task: end one that has none'),
    ]);
  if (running.length === 1) return fine('runs');
  const start = fcopsCommand(['start', role, '--limit', host], 'to start what does not run');
  const other = listening === true ? `, and another process listens on its port ${port}` : '';
  const state = pathLook.seen(seen, log);
  const advice: readonly Next[] =
    state?.type === 'absent' ? [start] : [look(`see the end of ${log} on the host`), start];
  const never = state?.type === 'absent' ? ', and has no log: it has not been started here yet' : '';
  return off(`does not run${never}${other}`, advice, lastSign(state));
};

/** The last that a process which has ended has left. */
const lastSign = (log: PathState | undefined): { readonly since?: Since } =>
  log?.type === 'file' ? { since: { at: log.mtime, by: 'log' } } : {};

const sinceStart = ({ running }: ProcessStatus): { readonly since?: Since } => {
  const [first] = running ?? [];
  return first ? { since: { at: first.since, by: 'start' } } : {};
};

const foundListening = (process: ProcessStatus, seen: Observation): Found => {
  const { port, listening, log } = process;
  if (listening === true) return fine('listens');
  if (listening === false)
    return off(
      'runs, and nobody listens on its port',
      [look(`see the end of ${log}: it may still be starting`)],
      sinceStart(process),
    );
  // The host may have more than one, and lotus be for its own machine alone: somebody is there.
  return (portLook.seen(seen, String(port)) ?? []).length > 0
    ? fine("listens, at another address than the inventory's")
    : unknown('it cannot be told whether anybody listens on its port');
};

const foundRegistration = (
  process: ProcessStatus,
  registration: NonNullable<ProcessStatus['registration']>,
): Found => {
  const { log } = process;
  switch (registration.type) {
    case 'unknown':
      return unknown('it is not known whether it is registered', registration.why);
    case 'missing':
      return off(
        'runs, and the miner does not list it',
        [look(`see the end of ${log}: one that has a task registers again only when that has ended`)],
        sinceStart(process),
      );
    case 'registered':
      return registration.workers.every(({ disabled }) => disabled)
        ? off('the miner lists it as disabled: it has lost it, or was told to give it nothing', [
            look(`see the end of ${log}`),
          ])
        : fine('registered');
  }
};
