interface Numbered {
  readonly prefix: string;
  readonly digits: string;
}

const numbered = (host: string): Numbered | null => {
  const match = /^(.*?)(\d+)$/.exec(host);
  return match ? { prefix: match[1] ?? '', digits: match[2] ?? '' } : null;
};

interface Run {
  readonly prefix: string;
  readonly first: string;
  last: string;
}

/** Names that a range may stand for at the most. */
export const LONGEST_RANGE = 1000;

/** The names that `P1-[1:3]` stands for, or the name itself. */
export const namesIn = (range: string): readonly string[] => {
  const [, before, first, last, behind] = /^([^[\]]*)\[(\d+):(\d+)\]([^[\]]*)$/.exec(range) ?? [];
  if (before === undefined || first === undefined || last === undefined || behind === undefined)
    return [range];
  const size = Number(last) - Number(first) + 1;
  if (size < 1 || size > LONGEST_RANGE) return [range];
  return Array.from({ length: size }, (_, index) => {
    const digits = String(Number(first) + index);
    return `${before}${first.startsWith('0') ? digits.padStart(first.length, '0') : digits}${behind}`;
  });
};

/** `p1-[50:52], c2-10` for p1-50, p1-51, p1-52 and c2-10, in the order given: as `--limit` understands it. */
export const hostRanges = (hosts: readonly string[]): string => {
  const runs: Run[] = [];
  for (const host of hosts) {
    const { prefix, digits } = numbered(host) ?? { prefix: host, digits: '' };
    const run = runs.at(-1);
    const follows =
      run?.prefix === prefix &&
      digits !== '' &&
      // `[9:10]` has no leading zeros, `[09:10]` has as many digits everywhere.
      (run.last.length === digits.length || !(run.last.startsWith('0') || digits.startsWith('0'))) &&
      Number(digits) === Number(run.last) + 1;
    if (run && follows) run.last = digits;
    else runs.push({ prefix, first: digits, last: digits });
  }
  return runs
    .map(({ prefix, first, last }) => (first === last ? `${prefix}${first}` : `${prefix}[${first}:${last}]`))
    .join(', ');
};
