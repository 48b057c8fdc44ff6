import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { planHosts } from '../../ops/plan.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import { readyHosts } from '../../ops/role-work.ts';
import { targetOf } from '../../ops/targets.ts';
import type { PlannedHost } from '../../ops/travellers.ts';
import { atHosts } from '../at-hosts.ts';
import { planCommands, wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT, exitOf } from '../exit.ts';
import type { RunOptions } from '../options.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import type { PlanDocument } from '../views/plan-document.ts';
import { findingsOf, planDocument } from '../views/plan-document.ts';
import { planText } from '../views/plan-text.ts';
import { lookView } from '../views/run-view.ts';
import { refuseThere } from '../write-file.ts';

export interface PlanOptions extends RunOptions {
  readonly full?: boolean;
  readonly showReplaced?: boolean;
  readonly start?: boolean;
  readonly preflight?: boolean;
  readonly detailedExitcode?: boolean;
  /** A revision of git: the hosts are not asked then. */
  readonly base?: string;
  readonly onlyDrift?: boolean;
  /** Where the plan is saved. */
  readonly out?: string;
  /** Seconds that it may be applied then; left out: a day. */
  readonly valid?: number;
}

/** Seconds. */
const VALID = 24 * 3600;

/** `fcops plan ROLE` */
export const plan: Action<PlanOptions> = async (context, [role = ''], options) => {
  const { base } = options;
  refuseValid(options);
  if (base !== undefined)
    return (await import('./plan-diff.ts')).comparePlans(context, role, { ...options, base });
  refuseAllMiners(options);
  const request = { role, ...options, start: options.start === true };
  const sources = sourcesOf(context);
  const hosts = await readyHosts(sources, request);
  hideSecrets(context, hosts.cluster);
  // An hour of looking is not lost to a name that is taken.
  if (options.out !== undefined) await refuseThere(options.out);
  const looked = await lookAtAll(context, hosts, request);
  if (looked === null) return EXIT.interrupted;
  const { planned, document } = looked;
  await show(context, hosts, document, options.full === true);
  if (options.onlyDrift) sayPending(context, planned);
  if (options.out !== undefined) {
    const { savePlan } = await import('../saved-plan.ts');
    await savePlan(
      context,
      { hosts, request, planned },
      { file: options.out, valid: options.valid ?? VALID },
    );
  }
  return exitOf(findingsOf(document), options.detailedExitcode === true);
};

/** What a plan of what was changed by hand leaves out. */
const sayPending = ({ output }: Context, planned: readonly PlannedHost[]): void => {
  const pending = planned.map((one) => (one.state === 'planned' ? (one.drift?.pending ?? 0) : 0));
  const hosts = pending.filter((number) => number > 0).length;
  if (hosts === 0) return;
  const number = pending.reduce((sum, one) => sum + one, 0);
  output.note(
    `left out: ${count(number, 'change')} on ${count(hosts, 'host')} that ${number === 1 ? 'is' : 'are'} pending: nobody has changed these hosts there; the plan without --only-drift shows them`,
  );
};

/** Prints a plan in the form that was asked for. */
const show = async (
  context: Context,
  hosts: RoleHosts,
  document: PlanDocument,
  full: boolean,
): Promise<void> => {
  const { output, world } = context;
  switch (output.format) {
    case 'json':
      return output.printJson(document);
    case 'markdown':
      return output.print((await import('../views/plan-markdown.ts')).planMarkdown(document));
    case 'junit':
      return output.print((await import('../views/plan-junit.ts')).planJunit(document, world.date()));
    default: {
      const { colour, width } = output;
      const { since } = wordsOf(context);
      const commands = planCommands(context, hosts);
      return output.print(planText(document, { colour, width, full, since, ...commands }));
    }
  }
};

/** Of a plan that is saved alone. */
const refuseValid = ({ valid, out }: PlanOptions): void => {
  if (valid === undefined || out !== undefined) return;
  throw new FcopsError({
    kind: 'usage',
    what: '--valid says how long a saved plan may be applied, and none is saved',
    next: [edit('add --out FILE, or leave --valid out (fcops help plan)')],
  });
};

/** Clusters are compared together, and looked at one by one. */
const refuseAllMiners = ({ miner }: PlanOptions): void => {
  if (miner !== 'all') return;
  throw new FcopsError({
    kind: 'usage',
    what: '--miner all: a plan of hosts as they are is of one cluster',
    next: [edit('name one, or compare with a revision: --base origin/main')],
  });
};

const lookAtAll = async (
  context: Context,
  hosts: RoleHosts,
  request: PlanOptions & { readonly role: string; readonly start: boolean },
): Promise<{ readonly planned: readonly PlannedHost[]; readonly document: PlanDocument } | null> => {
  const { role, cluster } = hosts;
  const addresses = addressesOf(hosts);
  const view = await lookView(context, {
    title: `plan ${role} of ${cluster.miner}`,
    forks: request.forks,
  });
  return atHosts(context, request, view, async (deps) => {
    const planned = await planHosts(sourcesOf(context), hosts, request, targetOf(context.world), deps);
    const pace = { perMinute: cluster.startRate, atOnce: request.forks, batches: [] };
    const about = { miner: cluster.miner, role, addresses, words: wordsOf(context), pace };
    return deps.signal.aborted ? null : { planned, document: planDocument(about, planned) };
  });
};
