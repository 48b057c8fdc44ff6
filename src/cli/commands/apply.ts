import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Size } from '../../engine/batches.ts';
import type { DeployRequest } from '../../ops/deploy-request.ts';
import { applyPlan } from '../../ops/saved-plan/apply.ts';
import type { PlanHosts } from '../../ops/saved-plan/hosts.ts';
import { hostsOfPlan } from '../../ops/saved-plan/hosts.ts';
import { templateSums } from '../../ops/saved-plan/inputs.ts';
import { readSavedPlan, staleProblems } from '../../ops/saved-plan/read.ts';
import type { ReadPlan } from '../../ops/saved-plan/saved-plan.ts';
import { chosenCluster } from '../../ops/sources.ts';
import type { Action, Context } from '../context.ts';
import type { ConnectionOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { carryOut } from './deploy.ts';

export interface ApplyOptions extends ConnectionOptions {
  readonly partial?: boolean;
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly verbose?: boolean;
  readonly detailedExitcode?: boolean;
  readonly batch: readonly Size[];
  readonly maxFail: Size;
}

/** `fcops apply FILE` */
export const apply: Action<ApplyOptions> = async (context, [file = ''], options) => {
  const { world, output } = context;
  const saved = readSavedPlan(file);
  const stale = staleProblems(saved, file, { version: world.version, date: world.date() });
  if (stale.length > 0) throw new FcopsError(stale);
  const sources = sourcesOf(context);
  const { role, miner, tags, start, preflight } = saved.request;
  const { file: inventory, hosts: present } = chosenCluster(sources, miner);
  const hosts = hostsOfPlan(saved, { file: inventory, hosts: present });
  const { concerned, gone } = hosts;
  refuseEmpty(file, hosts);
  if (output.format === 'text') sayWhat(context, saved, hosts);
  const request: DeployRequest = {
    role,
    miner,
    limit: [...concerned.keys()].join(','),
    tags,
    start,
    ...(preflight === false && { preflight }),
    batches: options.batch,
    maxFail: options.maxFail,
    transport: options.transport,
    saved: { file, digest: saved.digest },
  };
  const sums = templateSums(sources);
  const names = new Set([...Object.keys(sums), ...Object.keys(saved.templates)]);
  const reviewed = {
    hosts: concerned,
    context: {
      templates: [...names].filter((name) => sums[name] !== saved.templates[name]),
      inventory,
    },
    gone,
    partial: options.partial === true,
  };
  return carryOut(context, sources, request, options, undefined, {
    title: `apply ${file}: ${role} of ${miner}`,
    question: (changing) => `Apply this plan to ${changing}?`,
    name: 'an apply',
    look: ['show', file],
    resume: ['apply', file],
    nothing: `Nothing to do: ${concerned.size === 1 ? 'the host is' : `all ${concerned.size} hosts are`} as this plan makes ${concerned.size === 1 ? 'it' : 'them'}.`,
    run: (chosen, hooks, deps) => applyPlan(sources, chosen, request, reviewed, hooks, deps),
  });
};

const refuseEmpty = (file: string, { concerned, gone, left }: PlanHosts): void => {
  if (concerned.size > 0) return;
  if (gone.length > 0) throw new FcopsError(gone.map(({ problem }) => problem));
  throw new FcopsError({
    kind: 'usage',
    what: `there is nothing to apply: ${count(left.length, 'host')} could not be reached or had something in the way when the plan was made`,
    where: { file },
  });
};

const sayWhat = ({ output }: Context, { who, made, digest, hosts }: ReadPlan, { left }: PlanHosts): void => {
  output.note(`applying the plan of ${who}, made ${made}, of ${count(hosts.length, 'host')} (${digest})`);
  if (left.length > 0)
    output.note(
      `left as they are, as they could not be reached or had something in the way then: ${hostRanges(left)}`,
    );
};
