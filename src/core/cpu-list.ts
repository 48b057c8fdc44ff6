/** CPUs as the kernel writes them: `0-3,8,10-11`. Ascending input is folded into ranges; the order is kept. */
export const formatCpuRanges = (cpus: readonly number[]): string => {
  const runs: { first: number; last: number }[] = [];
  for (const cpu of cpus) {
    const run = runs.at(-1);
    if (run && cpu === run.last + 1) run.last = cpu;
    else runs.push({ first: cpu, last: cpu });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
};

/** The inverse of formatCpuRanges; blanks and an empty string are allowed. Throws RangeError on anything else. */
export const parseCpuRanges = (text: string): number[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const match = /^(\d+)(?:-(\d+))?$/.exec(part);
      if (!match) throw new RangeError(`"${part}" is not a CPU or a range of CPUs`);
      const first = Number(match[1]);
      const last = Number(match[2] ?? match[1]);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
