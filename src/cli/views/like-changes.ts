import { groupBy } from '../../core/group-by.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { changedLines, linesOf } from './file-diff.ts';
import type { DocumentChange } from './plan-document.ts';
import type { ChangeGroup, Differing } from './shown-items.ts';

/** From so many on, changes that are alike are shown as one. */
const GROUP_FROM = 3;

/** A change whose name has a number of its own in it. */
interface Numbered {
  readonly change: DocumentChange;
  /** `1` of `/opt/worker-1p1/start_1p1.sh` among others that are named so. */
  readonly number: string;
}

/** Changes with names that are the same but for a number, and where in the names that stands. */
interface Series {
  readonly members: readonly Numbered[];
  readonly places: ReadonlySet<number>;
}

/**
 * Puts changes of one host together that are alike but for a number in their name: what differs besides is told in
 * rows. What stands alone stays as it is; the order is that of the first of each group.
 */
export const groupChanges = (changes: readonly DocumentChange[]): (DocumentChange | ChangeGroup)[] =>
  [...groupBy(changes, nameKey).values()].flatMap((named): readonly (DocumentChange | ChangeGroup)[] => {
    const series = named.length < GROUP_FROM ? null : seriesOf(named);
    if (series === null) return named;
    return alikeIn(series.members).flatMap((group): readonly (DocumentChange | ChangeGroup)[] => {
      const [first] = group;
      return first === undefined || group.length < GROUP_FROM
        ? group.map(({ change }) => change)
        : [groupOf(first, group, series.places)];
    });
  });

const NUMBER = /\d+/g;
const numbersIn = (text: string): readonly string[] => text.match(NUMBER) ?? [];
const withoutNumbers = (text: string): string => text.replace(NUMBER, '\u0000');

const nameKey = ({ task, kind, action, title }: DocumentChange): string =>
  JSON.stringify([task, kind, action, withoutNumbers(title)]);

/** The number of each; null where their names differ in more than one. */
const seriesOf = (changes: readonly DocumentChange[]): Series | null => {
  const all = changes.map(({ title }) => numbersIn(title));
  const places = (all[0] ?? []).flatMap((number, place) =>
    all.every((numbers) => numbers[place] === number) ? [] : [place],
  );
  const members = changes.map((change, index) => ({
    change,
    own: places.map((place) => all[index]?.[place] ?? ''),
  }));
  if (!members.every(({ own }) => own.length > 0 && own.every((number) => number === own[0]))) return null;
  return {
    members: members.map(({ change, own: [number = ''] }) => ({ change, number })),
    places: new Set(places),
  };
};

/** Whether two texts are the same but for the number of each. */
const isAlike = (a: string, of: Numbered, b: string, other: Numbered): boolean => {
  if (a === b) return true;
  if (withoutNumbers(a) !== withoutNumbers(b)) return false;
  const numbers = numbersIn(b);
  return numbersIn(a).every(
    (number, place) => number === numbers[place] || (number === of.number && numbers[place] === other.number),
  );
};

/** Members that change alike, each group in the order of its members. */
const alikeIn = (members: readonly Numbered[]): readonly (readonly Numbered[])[] => {
  const groups: { readonly first: Numbered; readonly members: Numbered[] }[] = [];
  for (const member of members) {
    const found = groups.find(({ first }) => isAlike(changeText(first), first, changeText(member), member));
    if (found) found.members.push(member);
    else groups.push({ first: member, members: [member] });
  }
  return groups.map((group) => group.members);
};

/** New files are alike where they have as many lines; changed ones where the same lines change. */
const changeText = ({ change: { details, text } }: Numbered): string => {
  const lines =
    text === undefined
      ? []
      : text.before === null
        ? [text.reason ?? '', linesOf(text.after).length]
        : changedLines(text.before, text.after);
  return JSON.stringify([details, lines]);
};

const groupOf = (
  { change: first }: Numbered,
  group: readonly Numbered[],
  places: ReadonlySet<number>,
): ChangeGroup => {
  const range = rangeOf(group.map(({ number }) => number));
  const { task, kind, resource, action, text } = first;
  let place = 0;
  return {
    state: 'changes',
    task,
    kind,
    resource,
    title: first.title.replace(NUMBER, (number) => (places.has(place++) ? range : number)),
    action,
    first,
    size: group.length,
    differing: text?.before === null ? differingIn(group) : [],
  };
};

/** `[1:14]`, or `[1:3,5]` where some are left out. */
const rangeOf = (numbers: readonly string[]): string => {
  const ranges = hostRanges(numbers);
  return /^\[\d+:\d+\]$/.test(ranges) ? ranges : `[${ranges.replace(/[[\] ]/g, '')}]`;
};

/** Words at the same place of the texts that differ in more than the number, under the name that stands before them. */
const differingIn = (group: readonly Numbered[]): Differing[] => {
  const [first, ...others] = group.map((member) => ({
    member,
    lines: linesOf(member.change.text?.after ?? '').map((line) => line.split(/\s+/)),
  }));
  if (!first) return [];
  const rows = first.lines.flatMap((words, line) =>
    words.flatMap((word, at) => {
      const rest = others.map(({ member, lines }) => ({ member, word: lines[line]?.[at] ?? '' }));
      if (rest.every((other) => isAlike(word, first.member, other.word, other.member))) return [];
      const values = [word, ...rest.map((other) => other.word)];
      const name = /^([\w-]+)=/.exec(word)?.[1];
      if (name !== undefined) return [{ name, values: values.map((one) => one.slice(name.length + 1)) }];
      const before = words[at - 1] ?? '';
      return [{ name: before.startsWith('-') ? before : `line ${line + 1}`, values }];
    }),
  );
  return rows.map(({ name, values }) => ({ name, values: shortened(values) }));
};

/** `10.0.0.1:[10001:10014]` where they count up. */
const shortened = (values: readonly string[]): readonly string[] => {
  const range = hostRanges(values);
  return range.includes(', ') ? values : [range];
};
