import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { hostsChosen } from '../../ops/sources.ts';
import { targetOf } from '../../ops/targets.ts';
import type { Asked } from '../../ops/trust.ts';
import { askForKeys } from '../../ops/trust.ts';
import type { Target } from '../../transport/connection.ts';
import { fingerprint } from '../../transport/host-keys/host-key.ts';
import { knownName } from '../../transport/host-keys/known-hosts.ts';
import { recordKey } from '../../transport/host-keys/record-key.ts';
import { askYesOrNo, isSomebodyThere } from '../ask.ts';
import { transportDeps } from '../connect.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { showFailure } from '../failure.ts';
import { withFile } from '../file-problem.ts';
import { withInterrupts } from '../interrupts.ts';
import type { ClusterOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';
import { wrapAround } from '../text/width.ts';
import type { KeyRow } from '../views/key-table.ts';
import { keyTable } from '../views/key-table.ts';

export interface TrustOptions extends ClusterOptions {
  readonly forks: number;
  readonly yes?: boolean;
}

/** Bastions before a host each take a round of their own: none has more than this. */
const ROUNDS = 5;

/** What came of all rounds. */
interface Outcome {
  readonly rows: KeyRow[];
  readonly problems: Problem[];
  answer: 'yes' | 'no' | 'interrupted';
}

/** `fcops trust HOST…` */
export const trust: Action<TrustOptions> = async (context, names, options) => {
  const { world, output } = context;
  const wanted = hostsChosen(sourcesOf(context), names, options, 'trust')
    .map(({ host }) => host)
    .map(targetOf(world));
  const quiet = { atFirst: () => {}, atSecond: () => {} };
  const outcome = await withInterrupts(context, quiet, (signal) =>
    askAndRecord(context, wanted, options, signal),
  );
  const { rows, problems, answer } = outcome;
  if (answer === 'interrupted') return EXIT.interrupted;
  if (output.format === 'json') output.printJson(rows);
  else for (const line of keyTable(rows, output.width, output.paint)) output.printLine(line);
  if (answer === 'no') output.note('nothing was recorded');
  if (problems.length > 0) showFailure(new FcopsError(problems), context);
  return problems.length > 0 || answer === 'no' ? EXIT.failed : EXIT.done;
};

/** Round by round: behind a bastion that is trusted now, the next server can be asked. */
const askAndRecord = async (
  context: Context,
  wanted: readonly Target[],
  { forks, yes }: TrustOptions,
  signal: AbortSignal,
): Promise<Outcome> => {
  const deps = transportDeps(context.world);
  const outcome: Outcome = { rows: [], problems: [], answer: 'yes' };
  let left = wanted;
  for (let round = 1; left.length > 0 && round <= ROUNDS; round++) {
    const asked = await askForKeys(left, forks, deps, signal);
    if (signal.aborted) return { ...outcome, answer: 'interrupted' };
    outcome.problems.push(...asked.flatMap((one) => (one.state === 'refused' ? one.problems : [])));
    outcome.rows.push(...asked.flatMap((one) => (one.state === 'known' ? [rowOf(one, 'known')] : [])));
    const fresh = asked.filter((one) => one.state === 'new');
    if (fresh.length === 0) break;
    outcome.answer = await agreed(context, fresh, yes === true);
    if (outcome.answer !== 'yes') break;
    outcome.rows.push(...(await record(fresh)));
    left = fresh.filter(({ target, presented }) => presented.endpoint !== target).map(({ target }) => target);
  }
  return outcome;
};

/** One line per server: several hosts may share a bastion. */
const record = async (fresh: readonly Extract<Asked, { state: 'new' }>[]): Promise<KeyRow[]> => {
  const rows: KeyRow[] = [];
  for (const one of fresh) {
    const { endpoint, key } = one.presented;
    // An alias stands for address and port, and known_hosts holds it without one.
    const { hostKeyAlias: alias } = endpoint;
    const port = alias ? 22 : endpoint.port;
    await withFile(endpoint.knownHosts, 'the key cannot be recorded', () =>
      recordKey(endpoint.knownHosts, alias ?? endpoint.address, port, key),
    );
    rows.push(rowOf(one, 'recorded'));
  }
  return rows;
};

const rowOf = (
  { target, presented: { endpoint, key } }: Exclude<Asked, { state: 'refused' }>,
  state: KeyRow['state'],
): KeyRow => ({
  host: target.name,
  server: endpoint.hostKeyAlias ?? knownName(endpoint.address, endpoint.port),
  type: key.type,
  fingerprint: fingerprint(key),
  file: endpoint.knownHosts,
  state,
});

const agreed = async (
  context: Context,
  fresh: readonly Extract<Asked, { state: 'new' }>[],
  yes: boolean,
): Promise<'yes' | 'no' | 'interrupted'> => {
  const { output } = context;
  if (yes) return 'yes';
  if (!isSomebodyThere(context))
    throw new FcopsError({
      kind: 'usage',
      what: 'host keys are compared by a person, and here is no terminal to ask on',
      next: [edit('run it on a terminal, or add --yes where the network between is trusted')],
    });
  const rows = fresh.map((one) => rowOf(one, 'new'));
  for (const line of keyTable(rows, output.width, output.paint)) output.printLine(line);
  output.printLine('');
  const command = 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';
  const advice = `Compare with what each host says of itself: ${command}`;
  for (const line of wrapAround(advice, [command], output.width, 2)) output.printLine(line);
  return askYesOrNo(context, `Record ${count(rows.length, 'key')} as trusted?`);
};
