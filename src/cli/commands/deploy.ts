import { again, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Size } from '../../engine/batches.ts';
import type { HostResult } from '../../engine/events.ts';
import type { TakenUp } from '../../ops/deploy.ts';
import { deploy as deployHosts } from '../../ops/deploy.ts';
import type { DeployHooks } from '../../ops/deploy-hooks.ts';
import type { DeployRequest } from '../../ops/deploy-request.ts';
import { repeatsAll, sizesOf } from '../../ops/deploy-request.ts';
import type { ChangeDeps } from '../../ops/deps.ts';
import type { Deployed } from '../../ops/operation-run.ts';
import { REBOOT_TIMEOUT } from '../../ops/reboot/context.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import { readyHosts } from '../../ops/role-work.ts';
import type { Sources } from '../../ops/sources.ts';
import { targetOf } from '../../ops/targets.ts';
import type { PlannedHost } from '../../ops/travellers.ts';
import { IGNORE_FLAG, MISSED } from '../../ops/window/gate.ts';
import type { Answer } from '../ask.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { commandLine, planCommands, wordsOf } from '../command-line.ts';
import { connectBy } from '../connect.ts';
import type { Action, Context } from '../context.ts';
import { changeDeps } from '../deps.ts';
import { EXIT, exitOf } from '../exit.ts';
import { withInterrupts } from '../interrupts.ts';
import { lackingOption } from '../lacking-option.ts';
import { endsMiner, idleFlags, questionOf, titleOf } from '../operation-words.ts';
import type { RunOptions } from '../options.ts';
import { say } from '../say.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { RunView } from '../views/run-view.ts';
import { runView } from '../views/run-view.ts';
import { summaryText } from '../views/summary.ts';
import { resultFindings } from '../views/verdict.ts';

export interface DeployOptions extends RunOptions {
  readonly yes?: boolean;
  readonly start?: boolean;
  readonly reboot?: boolean;
  /** Seconds. */
  readonly rebootTimeout?: number;
  readonly preflight?: boolean;
  readonly full?: boolean;
  readonly showReplaced?: boolean;
  readonly detailedExitcode?: boolean;
  readonly verbose?: boolean;
  readonly batch: readonly Size[];
  readonly maxFail: Size;
}

/** `fcops deploy ROLE` */
export const deploy: Action<DeployOptions> = async (context, [role = ''], options) => {
  const sources = sourcesOf(context);
  const request: DeployRequest = {
    role,
    miner: options.miner,
    limit: options.limit,
    tags: options.tags,
    start: options.start === true,
    ...rebootOf(options),
    ...(options.preflight === false && { preflight: false }),
    showReplaced: options.showReplaced === true,
    batches: options.batch,
    maxFail: options.maxFail,
    transport: options.transport,
  };
  return carryOut(context, sources, request, options);
};

/** How machines are rebooted, where that is asked for. */
const rebootOf = ({
  reboot,
  rebootTimeout,
}: Pick<DeployOptions, 'reboot' | 'rebootTimeout'>): Pick<DeployRequest, 'reboot'> => {
  if (reboot === true) return { reboot: { timeout: rebootTimeout ?? REBOOT_TIMEOUT } };
  if (rebootTimeout === undefined) return {};
  throw lackingOption('--reboot-timeout says how long --reboot waits', '--reboot');
};

/** A run that is taken up, and when it need not be asked for again. */
export interface TakingUp extends TakenUp {
  readonly wasAgreedTo: (planned: readonly PlannedHost[]) => boolean;
}

/** How a deploy is shown and asked for. */
export type Showing = Pick<
  DeployOptions,
  'forks' | 'transport' | 'yes' | 'full' | 'verbose' | 'detailedExitcode'
> &
  Pick<DeployHooks, 'onHardware'>;

/** What is carried out, where that is no deploy: how it is called, asked for and done. */
export interface Carrying {
  readonly title: string;
  /** Whether the changes of the plan are made; `hosts` says of how many. */
  readonly question: (hosts: string) => string;
  /** What asks first. */
  readonly name: string;
  /** The words of the command that only looks. */
  readonly look: readonly string[];
  /** The words of the command that takes up what is left of it; left out: `resume` does. */
  readonly resume?: readonly string[];
  /** What is said where there is nothing to change on any host. */
  readonly nothing: string;
  readonly run: (hosts: RoleHosts, hooks: DeployHooks, deps: ChangeDeps) => Promise<Deployed>;
}

/** Carries out a deploy on this terminal, a new one or one that is taken up again; gives the exit code. */
export const carryOut = async (...given: Parameters<typeof carriedOut>): Promise<number> =>
  (await carriedOut(...given)).code;

/** The same, with what became of each host; of none where nothing was agreed to. */
export const carriedOut = async (
  context: Context,
  sources: Sources,
  request: DeployRequest,
  options: Showing,
  takingUp?: TakingUp,
  carrying?: Carrying,
): Promise<{ readonly code: number; readonly results: readonly HostResult[] }> => {
  const { world } = context;
  world.goOnUnread();
  const hosts = await readyHosts(sources, request);
  hideSecrets(context, hosts.cluster);
  // One that is taken up was told when it was asked for.
  if (!takingUp)
    for (const flag of idleFlags(request, hosts.hosts))
      context.output.note(`${flag} has no effect: none of these hosts runs lotus-miner`);
  const connect = await connectBy(world, options);
  const view = await runView(context, {
    title: carrying?.title ?? titleOf(hosts, request),
    hidden: options.yes ? ['confirm'] : [],
    addresses: addressesOf(hosts),
    verbose: options.verbose === true,
    forks: options.forks,
  });
  let startedAt = world.now();
  let answer: Answer = 'no';
  const interrupted = {
    atFirst: () =>
      view.say('Interrupted: hosts stop after the step they are at. Ctrl-C again leaves at once.'),
    atSecond: view.end,
  };
  try {
    return await withInterrupts(context, interrupted, async (signal) => {
      const confirm = async (planned: readonly PlannedHost[], later: readonly string[]) => {
        if (takingUp?.wasAgreedTo(planned)) {
          answer = 'yes';
          return true;
        }
        const askedAt = world.now();
        const question = (changing: string) =>
          carrying ? carrying.question(changing) : questionOf(request, planned, changing);
        answer = await askFor(context, hosts, request, { planned, later, question }, options, view);
        // Thinking is not the machines' time.
        startedAt += world.now() - askedAt;
        if (answer === 'nobody to ask') return 'unasked';
        return answer === 'yes' && !signal.aborted;
      };
      const { emit, inOrder } = view;
      const deps = changeDeps(context, { connect, forks: options.forks, emit, signal, inOrder });
      const { onHardware } = options;
      const hooks = { targetOf: targetOf(world), confirm, ...(onHardware && { onHardware }) };
      const deployed = carrying
        ? await carrying.run(hosts, hooks, deps)
        : await deployHosts(sources, hosts, request, hooks, deps, takingUp);
      view.end();
      if (deployed.state === 'declined')
        return {
          code: declined(context, signal.aborted ? 'interrupted' : answer, hosts, request, carrying),
          results: [],
        };
      show(context, hosts, request, deployed, (world.now() - startedAt) / 1000, carrying);
      if (deployed.problems.length > 0) throw new FcopsError(deployed.problems);
      const results = deployed.hosts.map(({ result }) => result);
      const code = signal.aborted
        ? EXIT.interrupted
        : exitOf(resultFindings(results), options.detailedExitcode === true);
      return { code, results };
    });
  } finally {
    view.end();
  }
};

const show = (
  context: Context,
  roleHosts: RoleHosts,
  request: DeployRequest,
  { hosts, run, versions }: Extract<Deployed, { state: 'ended' }>,
  seconds: number,
  carrying: Carrying | undefined,
): void => {
  const { output } = context;
  if (output.format !== 'text') return;
  if (carrying && hosts.every(({ result }) => result.state === 'same'))
    output.print(`\n${carrying.nothing}\n`);
  const { cluster, role } = roleHosts;
  const about = { miner: cluster.miner, limit: request.limit };
  output.print(
    `\n${summaryText({
      results: hosts.map(({ result }) => result),
      seconds,
      versions,
      warnings: hosts.flatMap(({ result: { host }, warnings }) =>
        warnings.map((message) => ({ host, message })),
      ),
      // A saved plan that is shown asks no host: what is left is seen by a plan of now.
      planCommand:
        carrying && !request.saved
          ? commandLine(context, carrying.look)
          : commandLine(context, ['plan', role, ...asAsked(request)], about),
      addresses: addressesOf(roleHosts),
      wholeCommand: commandLine(context, ['runs', 'show', run]),
      resumeCommand: commandLine(context, carrying?.resume ?? ['resume', run]),
      repeats: repeatsAll(request),
      ...planCommands(context, roleHosts),
      words: wordsOf(context),
      colour: output.colour,
      width: output.width,
    })}`,
  );
};

/** What is shown before a question, and the question. */
interface ToAsk {
  readonly planned: readonly PlannedHost[];
  readonly later: readonly string[];
  readonly question: (hosts: string) => string;
}

const askFor = async (
  context: Context,
  hosts: RoleHosts,
  request: DeployRequest,
  { planned, later, question: questionFor }: ToAsk,
  { yes, full, forks }: Showing,
  view: RunView,
): Promise<Answer> => {
  const { output } = context;
  const { cluster, role } = hosts;
  if (output.format === 'json') return yes ? 'yes' : 'nobody to ask';
  // Loaded here: most deploys find nothing to do, and are never asked about.
  const [{ planDocument }, { changeCounts, planText }] = await Promise.all([
    import('../views/plan-document.ts'),
    import('../views/plan-text.ts'),
  ]);
  view.pause();
  if (request.stop?.window === 'ignore' && endsMiner(planned)) output.note(`${IGNORE_FLAG}: ${MISSED}`);
  const words = wordsOf(context);
  const pace = { perMinute: cluster.startRate, atOnce: forks, batches: sizesOf(request) };
  const document = planDocument(
    { miner: cluster.miner, role, addresses: addressesOf(hosts), words, pace },
    planned,
  );
  const { colour, width } = output;
  const commands = planCommands(context, hosts);
  const { since } = words;
  const textOf = (whole: boolean) => planText(document, { colour, width, full: whole, since, ...commands });
  output.print(textOf(full === true));
  if (later.length > 0) say(context, `Then ${hostRanges(later)}: planned and shown when this is done.`);
  // The live view leaves no line behind that would stand between the plan and the result.
  if (yes && !output.live) output.print('\n');
  if (!yes) {
    if (!isSomebodyThere(context)) return 'nobody to ask';
    for (const line of changeCounts(document, width)) output.printLine(line);
    const changing = count(document.counts.changing, 'host');
    const question = questionFor(`${changing} of ${cluster.miner}`);
    const reply = await askYesOrNo(context, question, () => showWhole(context, textOf(true)));
    if (reply !== 'yes') return reply;
  }
  view.resume();
  return 'yes';
};

/** A text that may be longer than the screen. */
const showWhole = async ({ world, output }: Context, text: string): Promise<void> => {
  const fits = text.split('\n').length < world.stdout.rows();
  if (fits || !(await world.page(output.redact(text)))) output.print(text);
};

/** The options that make a plan one of the same. */
const asAsked = ({ tags, start, preflight }: DeployRequest): string[] => [
  ...(tags.length > 0 ? ['--tags', tags.join(',')] : []),
  ...(start ? ['--start'] : []),
  ...(start && preflight === false ? ['--no-preflight'] : []),
];

/** Nothing was changed: because somebody said no, or because nobody could say yes. */
const declined = (
  { output }: Context,
  answer: Answer,
  { role, cluster }: RoleHosts,
  request: DeployRequest,
  carrying?: Carrying,
): number => {
  const { limit, operation = 'deploy' } = request;
  if (answer === 'nobody to ask' && carrying)
    throw new FcopsError({
      kind: 'usage',
      what: `nothing was changed: ${carrying.name} asks first, and here is no terminal to ask on`,
      next: [fcopsCommand(carrying.look, 'add --yes, or only look')],
    });
  if (answer === 'nobody to ask')
    throw new FcopsError({
      kind: 'usage',
      what: `nothing was changed: a ${operation} asks first, and here is no terminal to ask on`,
      next: [
        operation === 'deploy'
          ? fcopsCommand(
              [
                ...['plan', role, ...asAsked(request), '--miner', cluster.miner],
                ...(limit === undefined ? [] : ['--limit', limit]),
              ],
              'add --yes, or only look',
            )
          : again(
              operation === 'start' ? 'add --yes' : 'add --yes, which says yes to all but the loss of tasks',
            ),
      ],
    });
  if (output.format === 'text') output.print('Nothing was changed.\n');
  return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed;
};
