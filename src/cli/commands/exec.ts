import { again, edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import { count } from '../../core/units.ts';
import { chosenHosts } from '../../ops/chosen-hosts.ts';
import type { OpsDeps } from '../../ops/deps.ts';
import { execOnHosts, lineOf } from '../../ops/exec/exec.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import { targetOf } from '../../ops/targets.ts';
import type { Answer } from '../ask.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { atHosts } from '../at-hosts.ts';
import { wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions, ConnectionOptions } from '../options.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';
import { addressesOf } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { printable, wrap } from '../text/width.ts';
import { execDocument } from '../views/exec-document.ts';
import { execLines } from '../views/exec-text.ts';
import { lookView } from '../views/run-view.ts';

export interface ExecOptions extends ClusterOptions, ConnectionOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly yes?: boolean;
}

/** `fcops exec HOSTS -- COMMAND` */
export const exec: Action<ExecOptions> = async (context, words, options) => {
  const { world, output } = context;
  const { named, command } = apart(words);
  // Whoever reads the beginning alone does not want the rest of the hosts without it.
  world.goOnUnread();
  const hosts = chosenHosts(sourcesOf(context), named, options);
  await checkAndHideSecrets(context, hosts.cluster);
  const answer = await askFor(context, hosts, command, options);
  if (answer !== 'yes') {
    if (output.format === 'text') output.print('Nothing was run.\n');
    return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed;
  }
  const view = await lookView(context, {
    title: `exec on ${count(hosts.hosts.length, 'host')} of ${hosts.cluster.miner}`,
    forks: options.forks,
  });
  const interrupted = () =>
    view.say('Interrupted: what runs is ended on its hosts. Ctrl-C again leaves at once.');
  const work = async (deps: OpsDeps): Promise<number> => {
    const request = { line: lineOf(command), seconds: options.timeout };
    const results = await execOnHosts(hosts, request, targetOf(world), deps);
    view.end();
    const about = { miner: hosts.cluster.miner, command: [...command], timeout: options.timeout };
    const document = execDocument(about, results, wordsOf(context));
    if (output.format === 'json') output.printJson(document);
    else {
      const { paint, width } = output;
      output.print(`${execLines(document, { paint, width, addresses: addressesOf(hosts) }).join('\n')}\n`);
    }
    if (deps.signal.aborted) return EXIT.interrupted;
    return document.counts.well === document.counts.hosts ? EXIT.done : EXIT.failed;
  };
  return atHosts(context, options, view, work, interrupted);
};

/** What stands before `--`, and after it. */
const apart = (
  words: readonly string[],
): { readonly named: readonly string[]; readonly command: readonly string[] } => {
  const at = words.indexOf('--');
  const named = at < 0 ? words : words.slice(0, at);
  const command = at < 0 ? [] : words.slice(at + 1);
  const problem = (what: string, ...line: readonly string[]) =>
    new FcopsError({ kind: 'usage', what, next: [edit(['fcops exec', ...line.map(quote)].join(' '))] });
  if (named.length === 0) throw problem('no host is named', 'p1', '--', ...command);
  if (command.join('').trim() === '') {
    const [first = '', ...rest] = named;
    throw problem(
      'it is not said what to run: that stands after --',
      first,
      '--',
      ...(rest.length > 0 && at < 0 ? rest : ['uptime']),
    );
  }
  return { named, command };
};

/** One host is named on purpose; of several it is said how many they are. */
const askFor = async (
  context: Context,
  { cluster, hosts }: RoleHosts,
  command: readonly string[],
  { yes }: ExecOptions,
): Promise<Answer> => {
  if (yes || hosts.length === 1) return 'yes';
  const { output } = context;
  const number = count(hosts.length, 'host');
  if (!isSomebodyThere(context))
    throw new FcopsError({
      kind: 'usage',
      what: `nothing was run: exec asks first where there is more than one host (here ${number}), and here is no terminal to ask on`,
      next: [again('add --yes')],
    });
  const lines = [
    ...wrap(`${output.paint.strong(number)}: ${hostRanges(hosts.map(({ name }) => name))}`, output.width, 2),
    ...lineOf(command)
      .split('\n')
      .map((line) => `  ${printable(line)}`),
  ];
  for (const line of lines) output.printLine(line);
  return askYesOrNo(context, `Run this as root on ${number} of ${cluster.miner}?`);
};
