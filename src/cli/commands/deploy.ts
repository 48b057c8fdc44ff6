import { FcopsError } from '../../core/errors.ts';
import { count } from '../../core/units.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import type { PlannedHost } from '../../ops/deploy.ts';
import { deployHosts } from '../../ops/deploy.ts';
import { commandFor, commandLine, completeEvent, completePlanned, completeResult } from '../command-line.ts';
import { EXIT } from '../exit.ts';
import { withInterrupts } from '../interrupts.ts';
import { oldWorkers } from '../old-workers.ts';
import type { RunOptions } from '../options.ts';
import type { RoleWork } from '../role-jobs.ts';
import { jobsOf, roleWork } from '../role-jobs.ts';
import { runName } from '../run-name.ts';
import type { Action, Session } from '../session.ts';
import { connectBy } from '../targets.ts';
import type { RunView } from '../views/run-view.ts';
import { runView } from '../views/run-view.ts';
import { summaryText } from '../views/summary.ts';

export interface DeployOptions extends RunOptions {
  readonly yes?: boolean;
  readonly start?: boolean;
  readonly full?: boolean;
  readonly verbose?: boolean;
}

/** What came of the question. */
type Answer = 'yes' | 'no' | 'nobody to ask' | 'interrupted';

/** `fcops deploy ROLE` */
export const deploy: Action<DeployOptions> = async (session, [role = ''], options) => {
  const { world, output } = session;
  world.goOnUnread();
  const work = await roleWork(session, role, options, { secrets: true });
  const jobs = jobsOf(session, work, options);
  const name = runName(world);
  const warnings: { host: string; message: string }[] = [];
  const changes = new Map<string, readonly ChangeItem[]>();
  const trustCommand = (hosts: readonly string[]) => commandFor(session, 'trust', work.cluster, hosts);
  const connect = await connectBy(world, options);
  const view = await runView(session, {
    title: `deploy ${work.role} to ${work.cluster.miner}  ${name.run}`,
    stages: options.yes ? ['look', 'apply', 'verify'] : ['look', 'confirm', 'apply', 'verify'],
    hosts: jobs.map(({ target }) => target.name),
    addresses: work.addresses,
    verbose: options.verbose === true,
  });
  let startedAt = world.now();
  let answer: Answer = 'no';
  const interrupted = {
    atFirst: () =>
      view.say('Interrupted: hosts stop after the step they are at. Ctrl-C again leaves at once.'),
    atSecond: view.end,
  };
  try {
    return await withInterrupts(session, interrupted, async (signal) => {
      const emit = (event: RunEvent) => {
        warnings.push(...warningsIn(event));
        if (event.type === 'planned') changes.set(event.host, changesOf(event.plan));
        view.emit(completeEvent(session, event));
      };
      const confirm = async (planned: readonly PlannedHost[]) => {
        const askedAt = world.now();
        const complete = planned.map((host) => completePlanned(session, host));
        answer = await askFor(session, work, complete, options, view);
        // Thinking is not the machines' time.
        startedAt += world.now() - askedAt;
        return answer === 'yes' && !signal.aborted;
      };
      const deps = { connect, now: world.now, after: world.after, emit, signal };
      const deployed = await deployHosts(jobs, { name, forks: options.forks, confirm }, deps);
      view.end();
      if (deployed.state === 'declined')
        return declined(
          session,
          signal.aborted ? 'interrupted' : answer,
          planCommand(session, work, options),
        );
      if (output.format === 'text')
        output.print(
          `\n${summaryText({
            results: deployed.results.map((result) => completeResult(session, result)),
            seconds: (world.now() - startedAt) / 1000,
            warnings,
            planCommand: planCommand(session, work, options),
            trustCommand,
            oldWorkers: oldWorkers(work, deployed.results, changes, startCommand(session, work, options)),
            colour: output.colour,
            width: output.width,
          })}`,
        );
      if (signal.aborted) return EXIT.interrupted;
      const good = deployed.results.every(({ state }) => state === 'same' || state === 'changed');
      return good ? EXIT.done : EXIT.failed;
    });
  } finally {
    view.end();
  }
};

const planCommand = (session: Session, { role, cluster: { miner } }: RoleWork, { limit }: DeployOptions) =>
  commandLine(session, `plan ${role}`, { miner, limit });

const startCommand = (session: Session, { role, cluster: { miner } }: RoleWork, { limit }: DeployOptions) =>
  commandLine(session, `deploy ${role} --start`, { miner, limit });

const askFor = async (
  session: Session,
  { cluster, role, addresses }: RoleWork,
  planned: readonly PlannedHost[],
  { yes, full }: DeployOptions,
  view: RunView,
): Promise<Answer> => {
  const { world, output } = session;
  if (output.format === 'json') return yes ? 'yes' : 'nobody to ask';
  // Loaded here: most deploys find nothing to do, and are never asked about.
  const [{ planDocument }, { changeCounts, planText }] = await Promise.all([
    import('../views/plan-document.ts'),
    import('../views/plan-text.ts'),
  ]);
  view.pause();
  const document = planDocument({ miner: cluster.miner, role, addresses }, planned);
  const { colour, width } = output;
  const trustCommand = (names: readonly string[]) => commandFor(session, 'trust', cluster, names);
  output.print(planText(document, { colour, width, full: full === true, trustCommand }));
  // The live view leaves no line behind that would stand between the plan and the result.
  if (yes && !output.live) output.print('\n');
  if (!yes) {
    if (!world.stdinIsTerminal || !world.stdout.isTerminal) return 'nobody to ask';
    for (const line of changeCounts(document, width)) output.printLine(line);
    const hosts = count(document.counts.changing, 'host');
    const reply = await world.ask(`Apply these changes to ${hosts} of ${cluster.miner}? [y/N] `);
    if (reply === null) return 'interrupted';
    if (!/^\s*y(es)?\s*$/i.test(reply)) return 'no';
  }
  view.resume();
  return 'yes';
};

/** Nothing was changed: because somebody said no, or because nobody could say yes. */
const declined = ({ output }: Session, answer: Answer, look: string): number => {
  if (answer === 'nobody to ask')
    throw new FcopsError({
      what: 'nothing was changed: a deploy asks first, and here is no terminal to ask on',
      next: `add --yes, or only look: ${look}`,
    });
  if (output.format === 'text') output.print('Nothing was changed.\n');
  return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed;
};

/** Failed checks that stop nothing, as an event brings them. */
const warningsIn = (event: RunEvent): { host: string; message: string }[] =>
  event.type === 'planned'
    ? event.plan.items.flatMap((item) =>
        item.state === 'violated' && item.violation.severity === 'warn'
          ? [{ host: event.host, message: item.violation.message }]
          : [],
      )
    : [];
