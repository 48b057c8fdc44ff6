import type { OsName } from '../../core/distributions.ts';
import { groupBy } from '../../core/group-by.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { count } from '../../core/units.ts';
import type { NewHost } from '../../inventory/edit/host-style.ts';
import { type AddedHosts, addedHosts, writeHosts } from '../../ops/add-hosts.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import { commandFor, commandLine } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { hostPairs } from '../host-pairs.ts';
import { type NextStep, showNext } from '../next-steps.ts';
import { say } from '../say.ts';
import { sourcesOf } from '../sources.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { fileDiff } from '../views/file-diff.ts';

export interface AddHostOptions {
  readonly role: readonly DeployableRole[];
  readonly profile: string;
  readonly os?: OsName;
  readonly listen?: string;
  readonly miner?: string;
  readonly dryRun?: boolean;
}

/** `fcops inventory add-host NAME ADDRESS` */
export const addHost: Action<AddHostOptions> = async (context, [name = '', address = ''], options) => {
  const { role: roles, profile, os, listen, miner, dryRun = false } = options;
  const hosts = hostPairs(name, address, listen).map(
    (pair): NewHost => ({ ...pair, roles: [...roles], profile, ...(os !== undefined && { os }) }),
  );
  const made = await addedHosts(sourcesOf(context), miner, hosts);
  const isWritten = !dryRun && made.added.length > 0;
  if (isWritten) await writeHosts(made);
  show(context, made, isWritten, dryRun ? [] : nextSteps(context, made, roles));
  return EXIT.done;
};

const nextSteps = (
  context: Context,
  { added, hasMistakes, ...cluster }: AddedHosts,
  roles: readonly DeployableRole[],
): readonly NextStep[] => {
  if (added.length === 0) return [];
  const names = added.map(({ name }) => name);
  const command = (words: readonly string[]) => commandFor(context, words, cluster, names);
  const toMend = {
    what: 'mend what else of the file is wrong; it tells what is left',
    command: commandLine(context, ['inventory', 'check'], { miner: cluster.miner }),
  };
  return [
    ...(hasMistakes ? [toMend] : []),
    { what: 'look at the host keys, compare them, record them', command: command(['trust']) },
    { what: 'keep what the machines are, for `fcops render`', command: command(['facts', '--save']) },
    ...roles.map((role) => ({
      what: 'see what would change, and do it; it asks',
      command: command(['deploy', role]),
    })),
  ];
};

const show = (
  context: Context,
  { miner, file, before, after, added, there, groups }: AddedHosts,
  isWritten: boolean,
  next: readonly NextStep[],
): void => {
  const { output } = context;
  const names = (hosts: readonly NewHost[]) => hosts.map(({ name }) => name);
  if (output.format === 'json') {
    output.printJson({
      ...{ miner, file, added: names(added), there: names(there), written: isWritten, next },
      ...(groups && { groups: Object.fromEntries(groups) }),
    });
    return;
  }
  if (there.length > 0) say(context, `${hostRanges(names(there))}: in ${file} already, as asked for`);
  if (added.length === 0) {
    say(context, 'nothing was changed');
    return;
  }
  // Somebody may have written a secret into the lines around.
  const text = { before: maskOutput(before), after: maskOutput(after) };
  for (const line of fileDiff(text, true, output.paint, output.width)) output.printLine(line);
  const what = `${count(added.length, 'host')} ${isWritten ? 'added to' : 'would be added to'} ${file}: ${hostRanges(names(added))}`;
  output.printLine('');
  say(context, what);
  // Values come with a group: whoever has written p1-[50:73] may have meant the next one too.
  const inWords = (of: readonly string[] | null) => (of === null ? 'not known' : of.join(', ') || 'none');
  for (const [text, hosts] of groupBy([...(groups ?? [])], ([, of]) => inWords(of)))
    say(context, `groups of ${hostRanges(hosts.map(([host]) => host))}: ${text}`);
  showNext(context, next);
};
