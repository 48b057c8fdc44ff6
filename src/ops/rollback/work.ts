import type { Next } from '../../core/next.ts';
import { fcopsCommand, look } from '../../core/next.ts';
import type { Ours } from '../../core/others-secrets.ts';
import { oursOf } from '../../core/others-secrets.ts';
import { FcopsError } from '../../core/problem.ts';
import type { HostPlan } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import { plansOf } from '../../engine/runs/history.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Kept } from '../../resources/kept/kept.ts';
import { keptTasks } from '../../resources/kept/tasks.ts';
import { runningOf } from '../../resources/process/look.ts';
import type { Process } from '../../resources/process/process.ts';
import { processResource } from '../../resources/process/resource.ts';
import { restartReasons } from '../../resources/process/restart-owed.ts';
import type { Resource, Task } from '../../resources/resource.ts';
import { SAME } from '../../resources/resource.ts';
import { stamp } from '../../resources/stamp/stamp.ts';
import { versionAt } from '../../roles/program.ts';
import type { DeployableRole } from '../../roles/roles.ts';
import type { RoleHosts, RoleWork } from '../role-work.ts';
import { roleOf, roleWork } from '../role-work.ts';
import type { Undoable } from './which.ts';
import { haveChanged } from './which.ts';

/** What fcops keeps on hosts for itself. */
const OWN = '/var/lib/fcops';

/** What of a rollback is known before a host is asked. */
export interface RollbackWork extends RoleWork {
  /** Told what a host keeps, before what it shall be is asked. */
  readonly keep: (host: string, kept: Kept) => void;
}

/** What each host shall be: as before the run, of what it keeps of that. */
export const rollbackWork = async (
  hosts: RoleHosts,
  { run, chain }: Undoable,
  options: { readonly directory: string; readonly showReplaced: boolean },
): Promise<RollbackWork> => {
  const keptBy = new Map<string, Kept>();
  const plans = chain.map(({ record }) => plansOf(options.directory, record.run));
  const processesOf = await processesBy(hosts);
  const tasksOf = (host: Host): readonly Task[] => {
    const kept = keptBy.get(host.name);
    if (!kept) throw new RangeError(`what ${host.name} keeps was not asked`);
    const role = roleOf(hosts, host);
    const { miner } = hosts.cluster;
    return [
      task('whose it is', [guardOnly(stamp({ miner, name: host.name }))]),
      ...keptTasks(kept, {
        run: run.record.run,
        later: kept.later,
        changed: haveChanged(chain, host.name),
        oursAt: oursIn(plans.flatMap((of) => of.get(host.name) ?? [])),
        versionGone: (target) => [bringVersion(target, role, ['--miner', miner, '--limit', host.name])],
        family: host.os.family,
        own: OWN,
        processes: processesOf(host),
      }),
      task('processes', (processesOf(host) ?? []).map(restartOnly), true),
    ].filter(({ resources }) => resources.length > 0);
  };
  return {
    ...hosts,
    showReplaced: options.showReplaced,
    tasksOf,
    processesOf: (host) => processesOf(host) ?? [],
    keep: (host, kept) => void keptBy.set(host, kept),
  };
};

/** What installs a version anew that has been removed. */
const bringVersion = (target: string, role: DeployableRole, about: readonly string[]): Next => {
  const version = versionAt(target);
  if (version === null) return look('put it back by hand, or take the link away, then run again');
  const program = target.endsWith('/lotus') ? 'lotus' : role;
  return fcopsCommand(
    ['upgrade', '--role', program, '--ver', version, ...about],
    'to have that version again',
  );
};

const task = (name: string, resources: readonly Resource[], areApart = false): Task => ({
  name,
  tags: [],
  resources,
  ...(areApart && { areApart }),
});

/** Whose a host is stays; whether it is ours matters whatever is done to it. */
const guardOnly = (resource: Resource): Resource => ({
  ...resource,
  diff: (seen, context) => {
    const diff = resource.diff(seen, context);
    return diff.state === 'violated' ? diff : SAME;
  },
});

/**
 * What runs with something else than is there then: another program, or files that are newer than it. What the inventory
 * of now says of its unit, its environment and its CPUs is not what it is to have.
 */
const restartOnly = (process: Process): Resource => {
  const { cpus: _cpus, unit: _unit, ...rest } = process;
  const resource = processResource(process, { start: false, siblings: [process], startCommand: [] });
  return {
    ...resource,
    diff: (seen, context) => {
      const [running] = runningOf(seen, process.repository) ?? [];
      if (!running) return SAME;
      const { unit: name, pid, since } = running;
      const asItRuns: Process = {
        ...rest,
        ...(name !== null && { unit: { name, file: '' } }),
        environment: [],
        environmentFrom: [],
        environmentIsWhole: false,
      };
      const reasons = restartReasons(asItRuns, running, seen, context);
      if (reasons.length === 0) return SAME;
      return { state: 'restart', restart: { process: process.name, pid, since, reasons } };
    },
  };
};

/**
 * The processes of each host; null where they cannot be worked out (by a template of now): that is no obstacle to the way
 * back.
 */
const processesBy = async (hosts: RoleHosts): Promise<(host: Host) => readonly Process[] | null> => {
  const orNull = <T>(error: unknown): T | null => {
    if (!(error instanceof FcopsError)) throw error;
    return null;
  };
  const work = await roleWork(hosts, { tags: [], start: false }).catch(orNull<RoleWork>);
  return (host) => {
    try {
      return work?.processesOf(host) ?? null;
    } catch (error) {
      return orNull(error);
    }
  };
};

/** What of a file is fcops' own: its text, as the run wrote it, with the mask for each of its secrets. */
const oursIn = (plans: readonly HostPlan[]): ((path: string) => Ours | null) => {
  const texts = new Map(
    plans
      .flatMap(changesOf)
      .flatMap(({ change }) =>
        change.steps.flatMap((step) =>
          step.step === 'put-file' && change.text ? [[step.path, change.text.after] as const] : [],
        ),
      ),
  );
  return (path) => {
    const text = texts.get(path);
    return text === undefined ? null : oursOf(text);
  };
};
