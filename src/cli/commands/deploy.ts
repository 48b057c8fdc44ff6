import { FcopsError } from '../../core/errors.ts';
import { count } from '../../core/units.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { PlannedHost } from '../../ops/deploy.ts';
import { deployHosts } from '../../ops/deploy.ts';
import { EXIT } from '../exit.ts';
import { withInterrupts } from '../interrupts.ts';
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
  const work = await roleWork(session, role, options);
  const jobs = jobsOf(session, work, options);
  const name = runName(world);
  const warnings: { host: string; message: string }[] = [];
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
        view.emit(event);
      };
      const confirm = async (planned: readonly PlannedHost[]) => {
        const askedAt = world.now();
        answer = await askFor(session, work, planned, options, view);
        // Thinking is not the machines' time.
        startedAt += world.now() - askedAt;
        return answer === 'yes' && !signal.aborted;
      };
      const deps = { connect, now: world.now, emit, signal };
      const deployed = await deployHosts(jobs, { name, forks: options.forks, confirm }, deps);
      view.end();
      if (deployed.state === 'declined')
        return declined(session, work, signal.aborted ? 'interrupted' : answer);
      if (output.format === 'text')
        output.print(
          `\n${summaryText({
            results: deployed.results,
            seconds: (world.now() - startedAt) / 1000,
            warnings,
            planCommand: `fcops plan ${work.role} --miner ${work.cluster.miner}`,
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

const askFor = async (
  { world, output }: Session,
  { cluster, role, addresses }: RoleWork,
  planned: readonly PlannedHost[],
  { yes, full }: DeployOptions,
  view: RunView,
): Promise<Answer> => {
  if (output.format === 'json') return yes ? 'yes' : 'nobody to ask';
  // Loaded here: most deploys find nothing to do, and are never asked about.
  const [{ planDocument }, { planText }] = await Promise.all([
    import('../views/plan-document.ts'),
    import('../views/plan-text.ts'),
  ]);
  view.pause();
  const document = planDocument({ miner: cluster.miner, role, addresses }, planned);
  output.print(planText(document, { colour: output.colour, width: output.width, full: full === true }));
  output.print('\n');
  if (!yes) {
    if (!world.stdinIsTerminal || !world.stdout.isTerminal) return 'nobody to ask';
    const hosts = count(document.counts.changing, 'host');
    const reply = await world.ask(`Apply these changes to ${hosts} of ${cluster.miner}? [y/N] `);
    if (reply === null) return 'interrupted';
    if (!/^\s*y(es)?\s*$/i.test(reply)) return 'no';
  }
  view.resume();
  return 'yes';
};

/** Nothing was changed: because somebody said no, or because nobody could say yes. */
const declined = ({ output }: Session, { role, cluster }: RoleWork, answer: Answer): number => {
  if (answer === 'nobody to ask')
    throw new FcopsError({
      what: 'nothing was changed: a deploy asks first, and here is no terminal to ask on',
      next: `add --yes, or only look: fcops plan ${role} --miner ${cluster.miner}`,
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
