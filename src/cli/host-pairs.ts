import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { LONGEST_RANGE, namesIn } from './text/host-ranges.ts';

/** A host as it is typed. */
export interface HostPair {
  readonly name: string;
  readonly address: string;
  readonly listen?: string;
}

/**
 * The hosts that a name and its addresses stand for: one, or as many as `p1-[74:79]` and `192.168.10.[74:79]` count. Throws
 * an FcopsError where one of them is no range, or they do not count alike.
 */
export const hostPairs = (name: string, address: string, listen?: string): readonly HostPair[] => {
  const others = listen === undefined ? [address] : [address, listen];
  const odd = [name, ...others].flatMap((word) => oddRange(word) ?? []);
  if (odd.length > 0) throw new FcopsError(odd);
  const names = namesIn(name);
  const unlike = others.find((word) => namesIn(word).length !== names.length);
  if (unlike !== undefined)
    throw new FcopsError({
      kind: 'usage',
      what: `${name} is ${hostCount(names.length)}, and ${unlike} ${addressCount(namesIn(unlike).length)}`,
      next: [edit("give as many of both: 'p1-[74:79]' '192.168.10.[74:79]'")],
    });
  const [addresses, listening] = [namesIn(address), listen === undefined ? [] : namesIn(listen)];
  return names.map((one, index) => {
    const own = listening[index];
    return { name: one, address: addresses[index] ?? '', ...(own !== undefined && { listen: own }) };
  });
};

const hostCount = (n: number): string => (n === 1 ? 'one host' : `${n} hosts`);
const addressCount = (n: number): string => (n === 1 ? 'one address' : `${n} addresses`);

/** What is wrong with a word that has brackets. */
const oddRange = (word: string): Problem | null => {
  if (!/[[\]]/.test(word)) return null;
  const [, first, last] = /^[^[\]]*\[(\d{1,9}):(\d{1,9})\][^[\]]*$/.exec(word) ?? [];
  if (first === undefined || last === undefined)
    return usage(`"${word}" is neither a host nor a range of them`, "write one range: 'p1-[74:79]'");
  const size = Number(last) - Number(first) + 1;
  if (size < 1) return usage(`the range ${word} counts down`, `write [${last}:${first}]`);
  if (size > LONGEST_RANGE)
    return usage(`the range ${word} has ${size} numbers`, `${LONGEST_RANGE} at the most`);
  return null;
};

const usage = (what: string, next: string): Problem => ({ kind: 'usage', what, next: [edit(next)] });
