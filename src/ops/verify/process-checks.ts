import { look } from '../../core/next.ts';
import type { Observation } from '../../resources/look.ts';
import { pathLook } from '../../resources/path/look.ts';
import { portLook } from '../../resources/ports/look.ts';
import { logOf } from '../../resources/process/log.ts';
import type { Process } from '../../resources/process/process.ts';
import { toStartAgain } from '../held-by.ts';
import type { Registration } from '../registrations.ts';
import type { Said } from '../said-of-workers.ts';
import { lostByMiner, notListed, pausedAtMiner, runsTwice } from '../said-of-workers.ts';
import type { ProcessStatus, SeenHost } from '../status/host-status.ts';
import type { Check, Found, Since } from './check.ts';
import { fine, off, unknown } from './check.ts';
import { endsIn } from './ended-units.ts';

/** A process as it is doing, and as it should be. */
export interface CheckedProcess {
  readonly status: ProcessStatus;
  readonly process: Pick<Process, 'log' | 'unit'>;
}

/**
 * Whether each process of a host runs, listens and is registered. Of one that does not run the other two follow, and are
 * no checks of their own.
 */
export const processChecks = (
  host: Pick<SeenHost, 'host' | 'lockedBy'>,
  processes: readonly CheckedProcess[],
  seen: Observation,
): Check[] => {
  const onHost = registeredOnHost(processes);
  return [
    ...processes.flatMap((one): Check[] => {
      const { name, port, running, registration } = one.status;
      const about = { process: name };
      const runs: Check = {
        ...about,
        kind: 'process',
        name: `${name} runs`,
        ...foundRunning(host, one, seen),
      };
      if (running === null || running.length === 0) return [runs];
      const listens = foundListening(one, seen);
      const registered = registration && foundRegistration(one, registration, onHost);
      return [
        runs,
        { ...about, kind: 'port', name: `${name} listens on ${port}`, ...listens },
        ...(registered
          ? [{ ...about, kind: 'registration', name: `${name} is registered`, ...registered } as const]
          : []),
      ];
    }),
    ...(onHost === null || onHost.registered >= onHost.running ? [] : [someMissing(onHost)]),
  ];
};

const foundRunning = (
  host: Pick<SeenHost, 'host' | 'lockedBy'>,
  one: CheckedProcess,
  seen: Observation,
): Found => {
  const { role, log, port, listening, running } = one.status;
  if (running === null) return unknown('it cannot be told whether it runs');
  if (running.length > 1) return wrong(runsTwice(running));
  if (running.length === 1) return fine('runs');
  const other = listening === true ? `, and another process listens on its port ${port}` : '';
  const end = endOf(one, seen);
  const advice = toStartAgain(host, role, end.hasLog ? log : null);
  return off(`does not run${end.words}${other}`, advice, end.since ? { since: end.since } : {});
};

/** What is known of the end of a process: by its unit, or by the log of its start script. */
const endOf = (
  { status, process }: CheckedProcess,
  seen: Observation,
): { readonly words: string; readonly hasLog: boolean; readonly since?: Since } => {
  const log = logOf(process);
  if (log.type === 'journal') {
    const since = endsIn(seen).get(log.unit);
    const words = UNIT_WORDS.get(status.supervisor.state ?? '') ?? '';
    return { words, hasLog: true, ...(since && { since }) };
  }
  const state = pathLook.seen(seen, log.path);
  if (state?.type === 'absent')
    return { words: ', and has no log: it was never started here, or its log was removed', hasLog: false };
  const since = state?.type === 'file' ? { since: { at: state.mtime, by: 'log' as const } } : {};
  return { words: '', hasLog: true, ...since };
};

/** What systemd has in mind for a process that has ended, by the state of its unit. */
const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['activating', ': systemd is about to start it again'],
  ['failed', ': systemd has given up on it'],
]);

const sinceStart = ({ running }: ProcessStatus): { readonly since?: Since } => {
  const [first] = running ?? [];
  return first ? { since: { at: first.since, by: 'start' } } : {};
};

const foundListening = (one: CheckedProcess, seen: Observation): Found => {
  const { port, log, listening } = one.status;
  if (listening === true) return fine('listens');
  if (listening === false)
    return off(
      'runs, and nobody listens on its port',
      [look(`see the end of ${log}: it may still be starting`)],
      sinceStart(one.status),
    );
  // The host may have more than one address, and lotus be for its own machine alone: somebody is there.
  return (portLook.seen(seen, String(port)) ?? []).length > 0
    ? fine("listens, at another address than the inventory's")
    : unknown('it cannot be told whether anybody listens on its port');
};

/** How many workers of a host run, and are registered, where the miner tells no more than that. */
interface OnHost {
  readonly running: number;
  readonly registered: number;
}

const registeredOnHost = (processes: readonly CheckedProcess[]): OnHost | null => {
  const untold = processes.flatMap(({ status: { registration } }) =>
    registration?.type === 'unknown' && registration.onHost !== undefined ? [registration.onHost] : [],
  );
  const [registered] = untold;
  if (registered === undefined) return null;
  const running = processes.filter(({ status }) => status.registration && (status.running ?? []).length > 0);
  return { running: running.length, registered };
};

const someMissing = ({ running, registered }: OnHost): Check => ({
  kind: 'registration',
  name: 'workers are registered',
  process: null,
  ...off(
    `the miner lists ${registered} of its ${running} workers that run, and this version of it does not tell which`,
    [look('see the ends of their logs: one that has a task registers again only when that has ended')],
  ),
});

/** Null: it is no check of its own, as nobody tells which of the host's workers it would be about. */
const foundRegistration = (
  one: CheckedProcess,
  registration: Registration,
  onHost: OnHost | null,
): Found | null => {
  const { log } = one.status;
  switch (registration.type) {
    case 'unknown':
      if (onHost === null) return unknown('it is not known whether it is registered', registration.why);
      return onHost.registered >= onHost.running ? fine('registered, as all workers of its host') : null;
    case 'missing':
      return wrong(notListed(log), sinceStart(one.status));
    case 'registered': {
      const { workers } = registration;
      if (workers.every(({ disabled }) => disabled)) return wrong(lostByMiner(log));
      const paused = pausedAtMiner(workers);
      return paused ? wrong(paused) : fine('registered');
    }
  }
};

const wrong = ({ message, next }: Said, more?: Pick<Found, 'since'>): Found => off(message, next, more);
