import type { HostJob } from '../../engine/look.ts';
import { planHosts } from '../../ops/deploy.ts';
import { commandFor, completePlanned } from '../command-line.ts';
import { EXIT } from '../exit.ts';
import { withInterrupts } from '../interrupts.ts';
import type { RunOptions } from '../options.ts';
import type { RoleWork } from '../role-jobs.ts';
import { jobsOf, roleWork } from '../role-jobs.ts';
import type { Action, Session } from '../session.ts';
import { connectBy } from '../targets.ts';
import type { PlanDocument } from '../views/plan-document.ts';
import { planDocument } from '../views/plan-document.ts';
import { planText } from '../views/plan-text.ts';
import { lookView } from '../views/run-view.ts';

export interface PlanOptions extends RunOptions {
  readonly full?: boolean;
  readonly start?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `fcops plan ROLE` */
export const plan: Action<PlanOptions> = async (session, [role = ''], options) => {
  const work = await roleWork(session, role, options, { secrets: true });
  const jobs = jobsOf(session, work, options);
  const document = await lookAtAll(session, work, jobs, options);
  if (document === null) return EXIT.interrupted;
  const { output } = session;
  if (output.format === 'json') output.printJson(document);
  else {
    const { colour, width } = output;
    const trustCommand = (hosts: readonly string[]) => commandFor(session, 'trust', work.cluster, hosts);
    output.print(planText(document, { colour, width, full: options.full === true, trustCommand }));
  }
  const { counts } = document;
  if (counts.blocked + counts.unreachable > 0) return EXIT.failed;
  return options.detailedExitcode && counts.changing > 0 ? EXIT.changes : EXIT.done;
};

const lookAtAll = async (
  session: Session,
  { role, cluster, addresses }: RoleWork,
  jobs: readonly HostJob[],
  options: PlanOptions,
): Promise<PlanDocument | null> => {
  const { miner } = cluster;
  const view = await lookView(session, {
    title: `plan ${role} of ${miner}`,
    stages: ['look'],
    hosts: jobs.map(({ target }) => target.name),
    addresses,
    verbose: false,
  });
  try {
    const connect = await connectBy(session.world, options);
    return await withInterrupts(session, { atFirst: view.end, atSecond: view.end }, async (signal) => {
      const deps = { connect, now: session.world.now, after: session.world.after, emit: view.emit, signal };
      const planned = await planHosts(jobs, options.forks, deps);
      const complete = planned.map((host) => completePlanned(session, host));
      return signal.aborted ? null : planDocument({ miner, role, addresses }, complete);
    });
  } finally {
    view.end();
  }
};
