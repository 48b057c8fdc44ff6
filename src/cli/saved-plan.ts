import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { count } from '../core/units.ts';
import type { RoleHosts, RoleRequest } from '../ops/role-work.ts';
import { savedPlan } from '../ops/saved-plan/make.ts';
import { savedText } from '../ops/saved-plan/write.ts';
import type { PlannedHost } from '../ops/travellers.ts';
import { commandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { whoRuns } from './deps.ts';
import { sourcesOf } from './sources.ts';
import { addFile } from './write-file.ts';

/** What was looked at, and what for. */
interface Looked {
  readonly hosts: RoleHosts;
  readonly request: RoleRequest;
  readonly planned: readonly PlannedHost[];
}

/** Saves a plan to a new file, for its owner alone, and says what comes next. */
export const savePlan = async (
  context: Context,
  { hosts, request, planned }: Looked,
  { file, valid }: { readonly file: string; readonly valid: number },
): Promise<void> => {
  const { world, output } = context;
  if (!planned.some(({ state }) => state === 'planned'))
    throw new FcopsError({
      kind: 'check',
      what: 'no plan was saved: none of the hosts has one',
      where: { file },
      next: [edit('mend what keeps them from being looked at, then plan again')],
    });
  const plan = savedPlan(
    sourcesOf(context),
    hosts,
    request,
    planned,
    { who: whoRuns(world), version: world.version, valid },
    world,
  );
  const { text, digest } = savedText(plan);
  await addFile(file, text, 0o600);
  output.note(
    [
      `saved: ${file}, the plan of ${count(plan.hosts.length, 'host')} (${digest})`,
      `  to review it:  ${commandLine(context, ['show', file])}`,
      `  to apply it:   ${commandLine(context, ['apply', file])}  (until ${plan.expires})`,
    ].join('\n'),
  );
};
