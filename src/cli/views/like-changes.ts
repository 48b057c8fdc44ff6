import { groupBy } from '../../core/group-by.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { addedLines, changedLines, linesOf } from './file-diff.ts';
import { alikeIn, asOne, FOLDED_FROM, isAlike, numberedBy, withoutNumbers } from './own-number.ts';
import type { DocumentChange } from './plan-document.ts';
import type { ChangeGroup, Differing } from './shown-items.ts';

/** A change whose name has a number of its own in it. */
interface Member {
  readonly change: DocumentChange;
  /** `1` of `/opt/worker-1p1/start_1p1.sh` among others that are named so. */
  readonly number: string;
}

/**
 * Puts changes of one host together that are alike but for a number in their name: what differs besides is told in
 * rows. What stands alone stays as it is; the order is that of the first of each group.
 */
export const groupChanges = (changes: readonly DocumentChange[]): (DocumentChange | ChangeGroup)[] =>
  [...groupBy(changes, nameKey).values()].flatMap((named): readonly (DocumentChange | ChangeGroup)[] => {
    const members = named.length < FOLDED_FROM ? null : membersOf(named);
    if (members === null) return named;
    return alikeIn(members, (member) => ({ text: changeText(member), number: member.number })).flatMap(
      (group): readonly (DocumentChange | ChangeGroup)[] => {
        const [first] = group;
        return first === undefined || group.length < FOLDED_FROM
          ? group.map(({ change }) => change)
          : [groupOf(first, group)];
      },
    );
  });

const nameKey = ({ task, kind, action, title }: DocumentChange): string =>
  JSON.stringify([task, kind, action, withoutNumbers(title)]);

/** The number of each; null where their names differ in more than one. */
const membersOf = (changes: readonly DocumentChange[]): Member[] | null =>
  numberedBy(changes, ({ title }) => title)?.map(({ item, number }) => ({ change: item, number })) ?? null;

/** New files are alike where they have as many lines; changed ones where the same lines change in the same way. */
const changeText = ({ change: { details, text } }: Member): string => {
  const lines =
    text === undefined
      ? []
      : text.before === null
        ? [text.reason ?? '', linesOf(text.after).length]
        : withoutKept(changedLines(text.before, text.after));
  return JSON.stringify([details, lines]);
};

/**
 * The lines of a change without the numbers that stand there before and after it: of `--listen 10.0.0.1:10003`, where the
 * address changes or the line before it, the port is its own and no part of the change.
 */
const withoutKept = (lines: readonly string[]): readonly string[] => {
  const shown: string[] = [];
  for (let from = 0; from < lines.length; ) {
    let middle = from;
    while (lines[middle]?.startsWith('-')) middle += 1;
    let end = middle;
    while (lines[end]?.startsWith('+')) end += 1;
    shown.push(...keptTaken(lines.slice(from, middle), lines.slice(middle, end)));
    from = end;
  }
  return shown;
};

/** Lines that go and those that come in their place. */
const keptTaken = (gone: readonly string[], come: readonly string[]): readonly string[] => {
  const [wordsGone, wordsCome] = [wordsIn(gone), wordsIn(come)];
  const bare = (line: string): string =>
    line.replace(/(?<=[\s+-])\S+/g, (word) =>
      wordsGone.has(word) && wordsCome.has(word) ? withoutNumbers(word) : word,
    );
  const [before, after] = [gone.map(bare), come.map(bare)];
  // Lines of which as many come as go are the same ones.
  if (before.length !== after.length) return [...before, ...after];
  const pairs = before.map((line, index) => withoutSame(line, after[index] ?? ''));
  return [...pairs.map(([line]) => line), ...pairs.map(([, line]) => line)];
};

const wordsIn = (lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.slice(1).split(/\s+/)));

/** Two texts without the numbers at their beginning and end that both have. */
const withoutSame = (one: string, other: string): readonly [string, string] => {
  const [mine, others] = [piecesOf(one.slice(1)), piecesOf(other.slice(1))];
  const most = Math.min(mine.length, others.length);
  let first = 0;
  while (first < most && mine[first] === others[first]) first += 1;
  let last = 0;
  while (last < most - first && mine.at(-1 - last) === others.at(-1 - last)) last += 1;
  const without = (sign: string, pieces: readonly string[]) =>
    sign +
    pieces
      .map((piece, index) => (index < first || index >= pieces.length - last ? withoutNumbers(piece) : piece))
      .join('');
  return [without(one[0] ?? '', mine), without(other[0] ?? '', others)];
};

/** A text as its numbers and what stands between them. */
const piecesOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];

const groupOf = ({ change: first }: Member, group: readonly Member[]): ChangeGroup => {
  const { task, kind, resource, action } = first;
  return {
    state: 'changes',
    task,
    kind,
    resource,
    title: asOne(group.map(({ change, number }) => ({ text: change.title, number }))),
    action,
    first,
    size: group.length,
    differing: differingIn(group),
  };
};

/** Words at the same place of the texts that differ in more than the number, under the name that stands before them. */
const differingIn = (group: readonly Member[]): Differing[] => {
  const [first, ...others] = group.map((member) => ({
    number: member.number,
    lines: newLines(member.change).map(({ line, text }) => ({ line, words: text.split(/\s+/) })),
  }));
  if (!first) return [];
  const rows = first.lines.flatMap(({ line, words }, index) =>
    words.flatMap((word, at) => {
      const own = { text: word, number: first.number };
      const rest = others.map(({ number, lines }) => ({ text: lines[index]?.words[at] ?? '', number }));
      if (rest.every((other) => isAlike(own, other))) return [];
      const values = [word, ...rest.map(({ text }) => text)];
      const name = /^([\w-]+)=/.exec(word)?.[1];
      if (name !== undefined) return [{ name, values: values.map((one) => one.slice(name.length + 1)) }];
      const before = words[at - 1] ?? '';
      return [{ name: before.startsWith('-') ? before : `line ${line}`, values }];
    }),
  );
  return rows.map(({ name, values }) => ({ name, values: shortened(values) }));
};

/** The lines of a new file, or those that a change brings. */
const newLines = ({ text }: DocumentChange): readonly { readonly line: number; readonly text: string }[] => {
  if (!text) return [];
  return text.before === null
    ? linesOf(text.after).map((line, index) => ({ line: index + 1, text: line }))
    : addedLines(text.before, text.after);
};

/** `10.0.0.1:[10001:10014]` where they count up. */
const shortened = (values: readonly string[]): readonly string[] => {
  const range = hostRanges(values);
  return range.includes(', ') ? values : [range];
};
