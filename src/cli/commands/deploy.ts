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
import { planDocument } from '../views/plan-document.ts';
import { planText } from '../views/plan-text.ts';
import type { RunView } from '../views/run-view.ts';
import { runView } from '../views/run-view.ts';
import { summaryText } from '../views/summary.ts';

export interface DeployOptions extends RunOptions {
  readonly yes: boolean;
  readonly start: boolean;
  readonly full: boolean;
  readonly verbose: boolean;
}

/** How a deploy ended that did not run to its end. */
type Answer = 'yes' | 'no' | 'interrupted';

/** `fcops deploy ROLE` */
export const deploy: Action<DeployOptions> = async (session, [role = ''], options) => {
  const { world, output } = session;
  const work = await roleWork(session, role, options);
  if (!options.yes) requireSomebody(session, work);
  const jobs = jobsOf(session, work, options);
  const name = runName(world);
  const warnings: { host: string; message: string }[] = [];
  const connect = await connectBy(world, options);
  const view = await runView(session, {
    title: `deploy ${work.role} to ${work.cluster.miner}  ${name.run}`,
    stages: options.yes ? ['look', 'apply', 'verify'] : ['look', 'confirm', 'apply', 'verify'],
    hosts: jobs.map(({ target }) => target.name),
    addresses: work.addresses,
    verbose: options.verbose,
  });
  const startedAt = world.now();
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
        answer = await askFor(session, work, planned, options, view);
        return answer === 'yes' && !signal.aborted;
      };
      const deps = { connect, now: world.now, emit, signal };
      const deployed = await deployHosts(jobs, { name, forks: options.forks, confirm }, deps);
      view.end();
      if (deployed.state === 'declined') return declined(session, signal.aborted || answer === 'interrupted');
      if (output.format === 'text')
        output.print(
          summaryText({
            results: deployed.results,
            seconds: (world.now() - startedAt) / 1000,
            warnings,
            planCommand: `fcops plan ${work.role} --miner ${work.cluster.miner}`,
            colour: output.colour,
          }),
        );
      if (signal.aborted) return EXIT.interrupted;
      const good = deployed.results.every(({ state }) => state === 'same' || state === 'changed');
      return good ? EXIT.done : EXIT.failed;
    });
  } finally {
    view.end();
  }
};

/** Without a terminal there is nobody to ask, and nothing is changed that nobody has agreed to. */
const requireSomebody = ({ world, output }: Session, { role, cluster }: RoleWork): void => {
  if (output.format === 'text' && world.stdinIsTerminal && world.stdout.isTerminal) return;
  throw new FcopsError({
    what: 'a deploy asks before it changes anything, and here is no terminal to ask on',
    why: output.format === 'json' ? 'the output is JSON' : 'standard input or output is no terminal',
    next: `add --yes, or only look: fcops plan ${role} --miner ${cluster.miner}`,
  });
};

const askFor = async (
  { world, output }: Session,
  { cluster, role, addresses }: RoleWork,
  planned: readonly PlannedHost[],
  { yes, full }: DeployOptions,
  view: RunView,
): Promise<Answer> => {
  if (output.format === 'json') return 'yes';
  view.pause();
  const document = planDocument({ miner: cluster.miner, role, addresses }, planned);
  output.print(planText(document, { colour: output.colour, width: output.stdout.columns(), full }));
  output.print('\n');
  if (!yes) {
    const hosts = count(document.counts.changing, 'host');
    const reply = await world.ask(`Apply these changes to ${hosts} of ${cluster.miner}? [y/N] `);
    if (reply === null) return 'interrupted';
    if (!/^\s*y(es)?\s*$/i.test(reply)) return 'no';
  }
  view.resume();
  return 'yes';
};

const declined = ({ output }: Session, interrupted: boolean): number => {
  if (output.format === 'text') output.print('Nothing was changed.\n');
  return interrupted ? EXIT.interrupted : EXIT.failed;
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
