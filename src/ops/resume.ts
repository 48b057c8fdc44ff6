import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Size } from '../engine/batches.ts';
import type { ChangeItem, HostPlan } from '../engine/plan.ts';
import { changesOf } from '../engine/plan.ts';
import type { BegunBatch, LastSeen, PastRun } from '../engine/runs/history.ts';
import { batchesBegun, lastSeen, pastRuns, plansOf } from '../engine/runs/history.ts';
import type { RunRequest } from '../engine/runs/record.ts';
import { keptStep } from '../resources/kinds.ts';
import { processKey } from '../resources/process/stop.ts';
import type { TakenUp } from './deploy.ts';
import type { DeployRequest } from './deploy-request.ts';
import { processIdentity } from './deps.ts';
import type { Sources } from './sources.ts';
import type { StopMode } from './stop/at-risk.ts';
import { losesMore, modeOf } from './stop/at-risk.ts';
import { takenUpFrom } from './taken-up.ts';
import type { PlannedHost } from './travellers.ts';

/** What is left of a run, ready to be taken up. */
export interface Resumable {
  readonly run: PastRun;
  readonly sources: Sources;
  readonly request: DeployRequest;
  /** Names of the hosts that have not ended well, in their order. */
  readonly hosts: readonly string[];
  readonly takenUp: TakenUp;
  /** Whether what would be done now is no more than what was agreed to then. */
  readonly wasAgreedTo: (planned: readonly PlannedHost[]) => boolean;
}

/** What is not said here is as the run had it. */
export type ResumeSources = Omit<Sources, 'inventory'> & { readonly inventory?: string | undefined };

/** Runs of this controller, the newest first. */
export const historyOf = (directory: string): ReturnType<typeof pastRuns> =>
  pastRuns(directory, processIdentity);

/**
 * One run by its name, or by the part of it that is enough; for `last` the newest of those that are meant, by default
 * of all.
 */
export const runNamed = (
  directory: string,
  name: string,
  isMeant: (run: PastRun) => boolean = () => true,
): PastRun => {
  const { runs, problems } = historyOf(directory);
  const found =
    name === 'last'
      ? runs.filter(isMeant).slice(0, 1)
      : runs.filter(({ record }) => record.run.includes(name));
  const [run, second] = found;
  if (run && !second) return run;
  if (problems.length > 0 && !run) throw new FcopsError(problems);
  throw new FcopsError({
    kind: 'usage',
    what: run ? `${found.length} runs are called like "${name}"` : `there is no run "${name}" here`,
    where: { file: directory },
    next: [fcopsCommand(['runs'], 'see which there are')],
  });
};

/** The command that does what is left of a run: a rollback undoes its run again, a saved plan is applied again. */
export const takenUpBy = ({ record }: PastRun): readonly string[] => {
  if (record.operation === 'rollback') return ['rollback', record.undoes ?? 'last'];
  if (record.request.saved) return ['apply', record.request.saved.file];
  return ['resume', record.run];
};

/** Whether it did more than to find that another run has its hosts: to take it up would be to find that again. */
export const cameToItsHosts = ({ result }: PastRun): boolean =>
  result === null ||
  result.results.length === 0 ||
  !result.results.every(({ problems }) => problems.some(({ kind }) => kind === 'locked'));

/** The hosts of a run that have not ended well. Throws where it goes on, where all was done, and where it was taken up. */
export const hostsLeft = (directory: string, run: PastRun): readonly string[] => {
  const { record, result, alive, resumedBy } = run;
  const name = record.run;
  if (alive && result === null)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} goes on, in process ${record.process.pid} of this machine`,
      next: [edit('wait for it to end')],
    });
  if (resumedBy !== null)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} was taken up by ${resumedBy}`,
      next: [fcopsCommand(['resume', resumedBy], 'take that one up, where it did not end')],
    });
  const hosts = hostsWithoutGoodEnd(directory, run);
  if (hosts.length === 0 || result?.state === 'done')
    throw new FcopsError({
      kind: 'usage',
      what: `nothing of ${name} is left to do`,
      next: [fcopsCommand(['runs', 'show', name], 'see what it did')],
    });
  return hosts;
};

/** Where everything is, as the run had it, unless it is given. */
export const sourcesFor = ({ request }: PastRun['record'], sources: ResumeSources): Sources => ({
  ...(request.profiles !== undefined && { profiles: request.profiles }),
  ...(request.templates !== undefined && { templates: request.templates }),
  ...sources,
  inventory: sources.inventory ?? request.inventory,
});

/**
 * What is left of a run that did not end: its hosts without a good end, as they were asked for. Throws where there is
 * nothing, and for a rollback, which goes by what its hosts keep and not by what was planned.
 */
export const resumable = (directory: string, run: PastRun, sources: ResumeSources): Resumable => {
  const { record } = run;
  const { run: name, operation } = record;
  const hosts = hostsLeft(directory, run);
  if (operation === 'rollback')
    throw new FcopsError({
      kind: 'usage',
      what: `${name} is a rollback: it is taken up by undoing ${record.undoes ?? 'its run'} again`,
      next: [fcopsCommand(takenUpBy(run))],
    });
  const { request } = record;
  if (request.saved)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} applied a saved plan: what is left of it is done by applying it again`,
      next: [fcopsCommand(takenUpBy(run))],
    });
  const own = pastOf(directory, name, record);
  const earlier = earlierOf(run, historyOf(directory).runs).map((one) => pastOf(directory, one, record));
  const plans = newestOf([own, ...earlier]);
  return {
    run,
    sources: sourcesFor(record, sources),
    request: {
      ...request,
      operation,
      ...(operation === 'restart' && { stopOnly: stopsOf(plans) }),
      ...(operation === 'reboot' && { boots: bootsOf(plans) }),
      limit: hosts.join(','),
      batches: batchesLeft(directory, run, hosts),
    },
    hosts,
    takenUp: takenUpFrom(own, { earlier, away: awayIn([own, ...earlier], request) }),
    wasAgreedTo: agreedTo(plans, request.stop),
  };
};

/** The hosts of a run of which it is not known that they ended well in it, in its order. */
export const hostsWithoutGoodEnd = (directory: string, run: PastRun): readonly string[] => {
  const { run: name, hosts } = run.record;
  const seen = lastSeen(directory, name, hosts);
  return hosts.filter((host) => !hasEndedWell(run, seen, host));
};

const hasEndedWell = ({ result }: PastRun, seen: readonly LastSeen[], host: string): boolean => {
  const state =
    result?.results.find((one) => one.host === host)?.state ?? seen.find((one) => one.host === host)?.ended;
  return state === 'same' || state === 'changed';
};

/** The processes that each plan of a restart was to stop. */
const stopsOf = (plans: ReadonlyMap<string, HostPlan>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...plans].map(([host, plan]) => {
      const steps = changesOf(plan).flatMap(({ change }) => change.steps);
      return [
        host,
        new Set(steps.flatMap((step) => (step.step === 'stop-process' ? [processKey(step)] : []))),
      ];
    }),
  );

/** A run as far as one that takes it up has to know it: one that was killed soon may not have come to what it took up. */
interface Past {
  readonly run: string;
  /** What it was to do, by host. */
  readonly plans: ReadonlyMap<string, HostPlan>;
  readonly seen: readonly LastSeen[];
}

const pastOf = (directory: string, run: string, { hosts }: Pick<PastRun['record'], 'hosts'>): Past => ({
  run,
  plans: plansOf(directory, run),
  seen: lastSeen(directory, run, hosts),
});

/** The plan of each host that was agreed to last. */
const newestOf = (chain: readonly Past[]): ReadonlyMap<string, HostPlan> =>
  new Map(chain.toReversed().flatMap(({ plans }) => [...plans]));

/** Machines that were rebooting when the runs broke off, and the milliseconds that they have to come back. */
const awayIn = (chain: readonly Past[], { reboot }: RunRequest): ReadonlyMap<string, number> => {
  const stages = new Map<string, string>();
  // Who only looked for a machine has left it where it was.
  for (const { seen } of chain.toReversed())
    for (const { host, stage } of seen) if (stage !== null && stage !== 'find') stages.set(host, stage);
  return new Map(
    [...stages].flatMap(([host, stage]) =>
      reboot && stage === 'reboot' ? [[host, reboot.timeout * 1000] as const] : [],
    ),
  );
};

/** The boot that each plan of a reboot was to end; of one that was not to end any none is what it is at. */
const bootsOf = (plans: ReadonlyMap<string, HostPlan>): ReadonlyMap<string, string> =>
  new Map(
    [...plans].map(([host, plan]) => {
      const steps = changesOf(plan).flatMap(({ change }) => change.steps);
      return [host, steps.find((step) => step.step === 'reboot')?.boot ?? ''];
    }),
  );

/** The rest of the batch that was begun, then the sizes that come after it. */
const batchesLeft = (directory: string, { record }: PastRun, left: readonly string[]): readonly Size[] => {
  const { batches } = record.request;
  const isUpgrade = record.operation === 'upgrade';
  const all = batchesBegun(directory, record.run);
  const begun = isUpgrade ? afterTheFirst(all) : all;
  const last = begun.at(-1);
  if (batches.length === 0 || !last) return batches;
  // One of them shows the others that the version runs, and is a batch of its own.
  const rest = last.hosts.filter((host) => left.includes(host)).length - (isUpgrade ? 1 : 0);
  // The hosts that are left are those of the next leg, of which no batch was begun.
  if (rest <= 0 && last.isLast) return batches;
  const sizes = batches.slice(Math.min(begun.length, batches.length - 1));
  return rest <= 0 ? sizes : [{ hosts: rest }, ...sizes];
};

/** The batches of a part of an upgrade after its first, which is one host; that all get the version is none of them. */
const afterTheFirst = (begun: readonly BegunBatch[]): readonly BegunBatch[] =>
  begun[0]?.hosts.length === 1 ? begun.slice(1) : [];

/** The run that a run took up, the one that that took up, and so on. */
const earlierOf = ({ record }: PastRun, runs: readonly PastRun[]): readonly string[] => {
  const before = runs.find(({ record: { run } }) => run === record.resumes);
  // Names sort by time: no journal makes this go on for ever.
  return before && before.record.run < record.run ? [before.record.run, ...earlierOf(before, runs)] : [];
};

/** Whether what would be done now is no more than these plans, and loses no more; `stop`: what is done about tasks. */
export const agreedTo =
  (plans: ReadonlyMap<string, HostPlan>, stop: Partial<StopMode> = {}): Resumable['wasAgreedTo'] =>
  (planned) =>
    planned.every((host) => isAgreed(host, plans, modeOf(stop)));

/** The same resources would become the same, as far as they still have to; tasks that have begun since were not said. */
const isAgreed = (planned: PlannedHost, plans: ReadonlyMap<string, HostPlan>, mode: StopMode): boolean => {
  if (planned.state === 'ended') return true;
  const changes = changesOf(planned.plan);
  const agreed = plans.get(planned.plan.host);
  const then = new Set((agreed ? changesOf(agreed) : []).map(wordsOf));
  return changes.every((change) => then.has(wordsOf(change))) && !losesMore(agreed, planned.plan, mode);
};

const wordsOf = ({ resource, change }: ChangeItem): string =>
  JSON.stringify([resource, change.steps.map(keptStep)]);
