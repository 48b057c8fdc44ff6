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
