import { groupBy } from '../../core/group-by.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { changedLines, linesOf } from './file-diff.ts';
import { alikeIn, asOne, isAlike, numbersIn, withoutNumbers } from './own-number.ts';
import type { DocumentChange } from './plan-document.ts';
import type { ChangeGroup, Differing } from './shown-items.ts';

/** From so many on, changes that are alike are shown as one. */
const GROUP_FROM = 3;

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
    const members = named.length < GROUP_FROM ? null : membersOf(named);
    if (members === null) return named;
    return alikeIn(members, (member) => ({ text: changeText(member), number: member.number })).flatMap(
      (group): readonly (DocumentChange | ChangeGroup)[] => {
        const [first] = group;
        return first === undefined || group.length < GROUP_FROM
          ? group.map(({ change }) => change)
          : [groupOf(first, group)];
      },
    );
  });

const nameKey = ({ task, kind, action, title }: DocumentChange): string =>
  JSON.stringify([task, kind, action, withoutNumbers(title)]);

/** The number of each; null where their names differ in more than one. */
const membersOf = (changes: readonly DocumentChange[]): Member[] | null => {
  const all = changes.map(({ title }) => numbersIn(title));
  const places = (all[0] ?? []).flatMap((number, place) =>
    all.every((numbers) => numbers[place] === number) ? [] : [place],
  );
  const members = changes.map((change, index) => ({
    change,
    own: places.map((place) => all[index]?.[place] ?? ''),
  }));
  if (!members.every(({ own }) => own.length > 0 && own.every((number) => number === own[0]))) return null;
  return members.map(({ change, own: [number = ''] }) => ({ change, number }));
};

/** New files are alike where they have as many lines; changed ones where the same lines change. */
const changeText = ({ change: { details, text } }: Member): string => {
  const lines =
    text === undefined
      ? []
      : text.before === null
        ? [text.reason ?? '', linesOf(text.after).length]
        : changedLines(text.before, text.after);
  return JSON.stringify([details, lines]);
};

const groupOf = ({ change: first }: Member, group: readonly Member[]): ChangeGroup => {
  const { task, kind, resource, action, text } = first;
  return {
    state: 'changes',
    task,
    kind,
    resource,
    title: asOne(group.map(({ change, number }) => ({ text: change.title, number }))),
    action,
    first,
    size: group.length,
    differing: text?.before === null ? differingIn(group) : [],
  };
};

/** Words at the same place of the texts that differ in more than the number, under the name that stands before them. */
const differingIn = (group: readonly Member[]): Differing[] => {
  const [first, ...others] = group.map((member) => ({
    number: member.number,
    lines: linesOf(member.change.text?.after ?? '').map((line) => line.split(/\s+/)),
  }));
  if (!first) return [];
  const rows = first.lines.flatMap((words, line) =>
    words.flatMap((word, at) => {
      const own = { text: word, number: first.number };
      const rest = others.map(({ number, lines }) => ({ text: lines[line]?.[at] ?? '', number }));
      if (rest.every((other) => isAlike(own, other))) return [];
      const values = [word, ...rest.map(({ text }) => text)];
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
