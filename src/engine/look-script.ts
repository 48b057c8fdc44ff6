import type { Digest } from '../core/content.ts';
import { groupBy } from '../core/group-by.ts';
import type { LockHolder } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { withoutComments, words } from '../core/shell.ts';
import { LOOKS } from '../resources/kinds.ts';
import type { Ask, Observation } from '../resources/look.ts';
import { answerOf } from '../resources/look.ts';
import { factsCall, factsShell, parseFacts } from '../resources/machine/look.ts';
import type { Task } from '../resources/resource.ts';
import { textShell } from '../resources/text/text.ts';
import { holderOf, holderShell } from './lock/holder.ts';
import lockShell from './lock/look.sh';

/** What one look at a host brought back: the observation, and who is changing the host right now. */
export interface Look {
  readonly seen: Observation;
  /** Where another run holds the lock. */
  readonly lockedBy: LockHolder | null;
}

/** The one read-only script that looks at everything the tasks need, facts included. */
export const lookScript = (tasks: readonly Task[], digest: Digest): string =>
  askScript(asksOf(tasks), digest);

/** All that has to be looked at for tasks. */
export const asksOf = (tasks: readonly Task[]): readonly Ask[] =>
  tasks.flatMap((task) => task.resources.flatMap((resource) => resource.asks));

/** The same for things to look at that belong to no task. */
export const askScript = (asks: readonly Ask[], digest: Digest): string => {
  const bySort = groupBy(asks, ({ look }) => look);
  const parts = LOOKS.flatMap((look) => look.script(bySort.get(look.name) ?? [], digest) ?? []);
  const functions = new Set([textShell, ...parts.flatMap((part) => part.functions)]);
  return [
    'set -u +e',
    // What bash keeps for a moment does not need room on a disk, which may be full or read-only.
    'if [[ -d /dev/shm && -w /dev/shm ]]; then TMPDIR=/dev/shm; fi',
    withoutComments(factsShell),
    factsCall,
    ...[...functions].map(withoutComments),
    ...startOfAsking(parts.flatMap(({ touches }) => touches)),
    ...parts.map(({ call }) => call),
    withoutComments(holderShell),
    lockShell,
    "printf 'end\\n'",
    '',
  ].join('\n');
};

/** Mounts that may hang are asked first, so that they answer beside the rest: those below a directory of / that is touched. */
const startOfAsking = (touched: readonly string[]): string[] => {
  const tops = new Set(touched.map((path) => path.split('/', 2).join('/')));
  return tops.size === 0 ? [] : [words('fcops_net_start', ...tops)];
};

/** Reads what `lookScript` printed. An answer without its end row broke off and is not used at all. */
export const parseLook = (text: string): Result<Look, string> => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  if (rows.at(-1)?.[0] !== 'end') return err('the answer of the host broke off before its end');
  const answer = answerOf(rows);
  const facts = parseFacts(answer);
  if (!facts.ok) return facts;
  const lock = answer.get('lock')?.[0];
  return ok({ seen: { facts: facts.value, answer }, lockedBy: lock ? holderOf(lock.slice(1)) : null });
};
