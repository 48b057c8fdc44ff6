import type { PastRun } from '../../engine/runs/history.ts';
import { plansOf } from '../../engine/runs/history.ts';
import { chosenHosts } from '../../ops/chosen-hosts.ts';
import { agreedTo, hostsLeft, sourcesFor } from '../../ops/resume.ts';
import { readyHosts } from '../../ops/role-work.ts';
import type { RollbackRequest } from '../../ops/rollback/rollback.ts';
import { planRollback, rollback as rollBack } from '../../ops/rollback/rollback.ts';
import type { Undoable } from '../../ops/rollback/which.ts';
import { hostsOf, runToUndo } from '../../ops/rollback/which.ts';
import type { Sources } from '../../ops/sources.ts';
import { takenUpFrom } from '../../ops/taken-up.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import { commandLine, inventoryGiven, planCommands, wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { runsDirectory } from '../deps.ts';
import { EXIT, exitOf } from '../exit.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { wrap } from '../text/width.ts';
import { findingsOf, planDocument } from '../views/plan-document.ts';
import { planText } from '../views/plan-text.ts';
import { lookView } from '../views/run-view.ts';
import type { TakingUp } from './deploy.ts';
import { carryOut } from './deploy.ts';

export interface RollbackOptions {
  readonly limit?: string;
  readonly forks: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly showReplaced?: boolean;
  readonly verbose?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops rollback [RUN]` */
export const rollback: Action<RollbackOptions> = async (context, [name], options) => {
  const undoes = runToUndo(runsDirectory(context.world), name);
  return undo(context, undoes, hostsOf(undoes.chain), options);
};

/** Takes up a rollback that did not end: what is left of it the hosts say themselves. */
export const takeUpRollback = async (
  context: Context,
  run: PastRun,
  options: RollbackOptions,
): Promise<number> => {
  const directory = runsDirectory(context.world);
  const undoes = runToUndo(directory, run.record.undoes);
  const hosts = hostsLeft(directory, run);
  return undo(context, undoes, hosts, options, run);
};

/** What of a rollback is known before anything is asked. */
interface Undo {
  readonly context: Context;
  readonly sources: Sources;
  readonly request: RollbackRequest;
  readonly undoes: Undoable;
}

const undo = async (
  given: Context,
  undoes: Undoable,
  names: readonly string[],
  options: RollbackOptions,
  takesUp?: PastRun,
): Promise<number> => {
  const own = ownOf(given, undoes, names, options);
  const { context, sources, request } = own;
  const { output } = context;
  if (output.format === 'text') output.note(introduction(undoes, takesUp));
  if (options.dryRun) return look(own, options);
  const takingUp = takesUp && takingUpOf(request.directory, takesUp.record.run);
  let hasChanged = false;
  const { run } = undoes.run.record;
  const code = await carryOut(
    context,
    sources,
    request,
    { ...options, transport: request.transport },
    takingUp,
    {
      title: `rollback of ${run}`,
      question: (hosts) => `Put back what ${run} replaced on ${hosts}?`,
      name: 'a rollback',
      look: ['rollback', run, '--dry-run'],
      nothing: nothingLeft(own),
      run: async (hosts, hooks, deps) => {
        const ended = await rollBack(sources, hosts, request, hooks, deps, takingUp);
        hasChanged = ended.state === 'ended' && ended.hosts.some(({ result }) => result.changed > 0);
        return ended;
      },
    },
  );
  if (hasChanged && output.format === 'text')
    for (const line of ['', ...wrap(INVENTORY_STAYS, output.width)]) output.printLine(line);
  return code;
};

const takingUpOf = (directory: string, run: string): TakingUp => {
  const plans = plansOf(directory, run);
  return { ...takenUpFrom({ run, plans }), wasAgreedTo: agreedTo(plans) };
};

const INVENTORY_STAYS =
  'The inventory is as it was: the next plan shows these changes again, until the inventory is put back too (git).';

/** Everything is where the run had it; commands that are shown are about that, not about where somebody stands now. */
const ownOf = (
  given: Context,
  undoes: Undoable,
  names: readonly string[],
  { limit, showReplaced }: RollbackOptions,
): Undo => {
  const { record } = undoes.run;
  const { role, miner, transport } = record.request;
  const sources = sourcesFor(record, { ...sourcesOf(given), inventory: inventoryGiven(given) });
  const { inventory, profiles, templates } = sources;
  const { hosts } = chosenHosts(sources, names, { miner, limit });
  const options = {
    ...given.options,
    inventory,
    ...(profiles !== undefined && { profiles }),
    ...(templates !== undefined && { templates }),
  };
  const request: RollbackRequest = {
    role,
    miner,
    limit: hosts.map(({ name }) => name).join(','),
    tags: [],
    start: false,
    showReplaced: showReplaced === true,
    batches: [],
    maxFail: { percent: 100 },
    transport,
    undoes,
    directory: runsDirectory(given.world),
  };
  return { context: { ...given, options }, sources, request, undoes };
};

/** Shows the plan, and changes nothing. */
const look = async (
  { context, sources, request, undoes }: Undo,
  { forks, full, detailedExitcode }: RollbackOptions,
): Promise<number> => {
  const { output, world } = context;
  const hosts = await readyHosts(sources, request);
  const { role, cluster } = hosts;
  hideSecrets(context, cluster);
  const { transport } = request;
  const view = await lookView(context, { title: `rollback of ${undoes.run.record.run}`, forks });
  const planned = await atHosts(context, { forks, transport }, view, async (deps) => {
    const all = await planRollback(hosts, request, targetOf(world), deps);
    return deps.signal.aborted ? null : all;
  });
  if (planned === null) return EXIT.interrupted;
  const pace = { perMinute: cluster.startRate, atOnce: forks, batches: [] };
  const words = wordsOf(context);
  const document = planDocument(
    { miner: cluster.miner, role, addresses: addressesOf(hosts), words, pace },
    planned,
  );
  if (output.format === 'json') output.printJson(document);
  else {
    const { colour, width } = output;
    const commands = planCommands(context, hosts);
    output.print(planText(document, { colour, width, full: full === true, since: words.since, ...commands }));
    if (document.verdict !== 'failed' && document.counts.changing === 0)
      for (const line of wrap(nothingLeft({ context, undoes }), width)) output.printLine(line);
  }
  return exitOf(findingsOf(document), detailedExitcode === true);
};

/** What is undone, and whose it was. */
const introduction = ({ run: { record }, chain }: Undoable, takesUp: PastRun | undefined): string => {
  const { operation, run, who, request } = record;
  const others = chain.map((one) => one.record.run).filter((one) => one !== run);
  const what = `${run} of ${who} (${operation} ${request.role} of ${request.miner})`;
  const more = others.length === 0 ? '' : `, with ${others.join(' and ')}, which belongs to it`;
  return takesUp
    ? `taking up ${takesUp.record.run}: rolling back ${what}${more}`
    : `rolling back ${what}${more}`;
};

const nothingLeft = ({ context, undoes: { run, before } }: Pick<Undo, 'context' | 'undoes'>): string =>
  `Nothing of ${run.record.run} is left to put back.${before === null ? '' : ` The run before it that changed something: ${commandLine(context, ['rollback', before])}`}`;
