import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { DeployRequest } from '../../ops/deploy-request.ts';
import { targetOf } from '../../ops/targets.ts';
import { UPGRADED } from '../../ops/upgrade/programs.ts';
import { upgradeRequest } from '../../ops/upgrade/request.ts';
import { atHosts } from '../at-hosts.ts';
import type { Action } from '../context.ts';
import { sourcesOf } from '../sources.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { wrap } from '../text/width.ts';
import { lookView } from '../views/run-view.ts';
import { carryOut } from './deploy.ts';
import type { StopOptions } from './processes.ts';
import { runOf, stopBy } from './processes.ts';

export interface UpgradeOptions extends Omit<StopOptions, 'process'> {
  readonly role?: string;
  readonly ver?: readonly string[];
  readonly sha256?: string;
}

/** `fcops upgrade --role ROLE --ver VERSION` */
export const upgrade: Action<UpgradeOptions> = async (context, _, options) => {
  const { output } = context;
  const sources = sourcesOf(context);
  const { role } = options;
  if (role === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: 'whose program is to be upgraded is not said',
      next: [edit(`add --role: ${UPGRADED.join(', ')}`)],
    });
  const { loseTasks, drain } = options;
  const view = await lookView(context, { title: 'look for the checksum', forks: options.forks });
  const asked = await atHosts(context, options, view, (deps) =>
    upgradeRequest(sources, { ...options, role }, targetOf(context.world), deps),
  );
  const { versions } = asked.upgrade;
  // One for all needs no word more than the title.
  const several = new Set(versions.map(({ version }) => version)).size > 1;
  const whose = versions.map(({ key, version, hosts }) => `${key} ${version}: ${hostRanges(hosts)}`);
  for (const note of [...(several ? whose : []), ...asked.notes])
    for (const line of wrap(note, output.errorWidth, 2)) output.note(line);
  const request: DeployRequest = {
    role: asked.role,
    miner: options.miner,
    limit: options.limit,
    operation: 'upgrade',
    upgrade: asked.upgrade,
    start: true,
    ...runOf(options),
    // Nobody upgrades over a task unless that is said.
    stop: stopBy(options, loseTasks === true ? null : drain === 'finalize' ? 'finalize' : 'all'),
  };
  return carryOut(context, sources, request, options);
};
