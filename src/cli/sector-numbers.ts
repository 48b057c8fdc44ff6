import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';

/** More are no slip of the keyboard, and nothing that is done in one go. */
const MOST = 1000;

/** Numbers of sectors as they are typed: `1041`, `1041,1043`, and `1041-1044` where ranges are taken. */
export const sectorNumbers = (
  words: readonly string[],
  { ranges }: { readonly ranges: boolean },
): readonly number[] => {
  const numbers = new Set<number>();
  for (const part of words.flatMap((word) => word.split(',')).filter((word) => word !== '')) {
    const [, from, to = from] = /^(\d{1,12})(?:-(\d{1,12}))?$/.exec(part) ?? [];
    if (from === undefined)
      throw usage(`"${part}" is no number of a sector`, 'sectors are named by their numbers: 1041 1043');
    if (!ranges && part.includes('-'))
      throw usage(
        `"${part}" is a range: what is removed cannot be had back, so each sector is named`,
        'type the number of each sector',
      );
    if (Number(to) < Number(from))
      throw usage(`"${part}" ends before it begins`, 'type it the other way round');
    if (Number(to) - Number(from) >= MOST)
      throw usage(`"${part}" are more than ${MOST} sectors`, 'name fewer');
    for (let number = Number(from); number <= Number(to); number++) numbers.add(number);
  }
  if (numbers.size > MOST) throw usage(`these are more than ${MOST} sectors`, 'name fewer');
  return [...numbers].toSorted((a, b) => a - b);
};

const usage = (what: string, next: string): FcopsError =>
  new FcopsError({ kind: 'usage', what, next: [edit(next)] });
