import { groupBy } from '../../core/group-by.ts';
import { hostRanges } from '../text/host-ranges.ts';

/** A text of something that has a number of its own: `1` of `/opt/worker-1p1/start_1p1.sh`. */
export interface Numbered {
  readonly text: string;
  readonly number: string;
}

const NUMBER = /\d+/g;

/** `3` of `P1-3`; empty where a name has none. */
export const ownNumber = (name: string): string => /\d+$/.exec(name)?.[0] ?? '';

/** The numbers that stand in a text. */
export const numbersIn = (text: string): readonly string[] => text.match(NUMBER) ?? [];

/** The text without them: texts that are alike have the same. */
export const withoutNumbers = (text: string): string => text.replace(NUMBER, '\u0000');

/** Whether two texts are the same but for the number of each. */
export const isAlike = (one: Numbered, other: Numbered): boolean => {
  if (one.text === other.text) return true;
  if (withoutNumbers(one.text) !== withoutNumbers(other.text)) return false;
  const numbers = numbersIn(other.text);
  return numbersIn(one.text).every(
    (number, place) =>
      number === numbers[place] || (number === one.number && numbers[place] === other.number),
  );
};

/** Texts that are alike, each group in the order of its members. */
export const alikeIn = <T>(
  items: readonly T[],
  numbered: (item: T) => Numbered,
): readonly (readonly T[])[] => {
  const groups: { readonly texts: Numbered[]; readonly members: T[] }[] = [];
  for (const item of items) {
    const one = numbered(item);
    // With all of them: what is the same as the first may not be what the others are.
    const found = groups.find(({ texts }) => texts.every((other) => isAlike(other, one)));
    if (found) {
      found.texts.push(one);
      found.members.push(item);
    } else groups.push({ texts: [one], members: [item] });
  }
  return groups.map(({ members }) => members);
};

/** Texts that are alike as one, with their numbers as a range: `/opt/worker-[1:14]p1/start_[1:14]p1.sh`. */
export const asOne = (texts: readonly Numbered[]): string => {
  const [first, ...others] = texts.map(({ text }) => text);
  if (first === undefined) return '';
  const rest = others.map(numbersIn);
  const range = rangeOf(texts.map(({ number }) => number));
  let place = -1;
  return first.replace(NUMBER, (number) => {
    place += 1;
    return rest.every((numbers) => numbers[place] === number) ? number : range;
  });
};

/** `[1:14]`, or `[1:3,5]` where some are left out; what is stopped comes the last first. */
const rangeOf = (numbers: readonly string[]): string => {
  const counting = numbers.toReversed();
  const ranges = hostRanges(Number(counting[0]) < Number(numbers[0]) ? counting : numbers);
  return /^\[\d+:\d+\]$/.test(ranges) ? ranges : `[${ranges.replace(/[[\] ]/g, '')}]`;
};

/** From so many on, what is alike is shown as one. */
export const FOLDED_FROM = 3;

/** Names that are alike but for one number of each as one: `process P1-[1:14]`. The order is that of the first of each. */
export const foldedNames = (names: readonly string[]): readonly string[] =>
  [...groupBy(names, withoutNumbers).values()].flatMap((alike) => {
    const numbered = alike.length < FOLDED_FROM ? null : numberedBy(alike, (name) => name);
    return numbered === null ? alike : [asOne(numbered.map(({ item, number }) => ({ text: item, number })))];
  });

/** The number in which the texts of several things differ, of each; null where they differ in more than one. */
export const numberedBy = <T>(
  items: readonly T[],
  textOf: (item: T) => string,
): { readonly item: T; readonly number: string }[] | null => {
  const all = items.map((item) => numbersIn(textOf(item)));
  const places = (all[0] ?? []).flatMap((number, place) =>
    all.every((numbers) => numbers[place] === number) ? [] : [place],
  );
  const members = items.map((item, index) => ({
    item,
    own: places.map((place) => all[index]?.[place] ?? ''),
  }));
  if (!members.every(({ own }) => own.length > 0 && own.every((number) => number === own[0]))) return null;
  return members.map(({ item, own: [number = ''] }) => ({ item, number }));
};
