import { count } from '../../core/units.ts';
import { cameToItsHosts, resumable, runNamed } from '../../ops/resume.ts';
import { inventoryGiven } from '../command-line.ts';
import type { Action } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import { sourcesOf } from '../sources.ts';
import { carryOut } from './deploy.ts';
import { takeUpRollback } from './rollback.ts';

export interface ResumeOptions {
  readonly forks: number;
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly showReplaced?: boolean;
  readonly verbose?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops resume RUN` */
export const resume: Action<ResumeOptions> = async (context, [name = ''], options) => {
  const { output } = context;
  const directory = runsDirectory(context.world);
  const named = runNamed(directory, name, cameToItsHosts);
  if (named.record.operation === 'rollback') return takeUpRollback(context, named, options);
  const { sources, request, hosts, run, takenUp, wasAgreedTo } = resumable(directory, named, {
    ...sourcesOf(context),
    inventory: inventoryGiven(context),
  });
  // Commands that are shown are about the places of the run, not of where somebody stands now.
  const own = { ...context, options: { ...context.options, ...placesOf(sources) } };
  if (output.format === 'text')
    output.note(
      `taking up ${run.record.run} of ${run.record.who}: ${request.role} of ${request.miner}, ${hosts.length} of ${count(run.record.hosts.length, 'host')} left`,
    );
  const { transport } = request;
  return carryOut(
    own,
    sources,
    { ...request, showReplaced: options.showReplaced === true },
    { ...options, transport },
    { ...takenUp, wasAgreedTo },
  );
};

const placesOf = ({ inventory, profiles, templates }: ReturnType<typeof sourcesOf>) => ({
  inventory,
  ...(profiles !== undefined && { profiles }),
  ...(templates !== undefined && { templates }),
});
