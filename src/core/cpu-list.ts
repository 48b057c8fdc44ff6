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

/** No machine has more CPUs; a host may say anything, and gigabytes would follow from a few letters. */
const MOST_CPUS = 65_536;

/**
 * The inverse of formatCpuRanges; blanks and an empty string are allowed. Throws RangeError on anything else, and on
 * more CPUs than any machine has.
 */
export const parseCpuRanges = (text: string): number[] => {
  const cpus: number[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!match || last < first) throw new RangeError(`"${part}" is not a CPU or a range of CPUs`);
    if (last >= MOST_CPUS || cpus.length + last - first >= MOST_CPUS)
      throw new RangeError(`"${part}" goes beyond ${MOST_CPUS} CPUs`);
    for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
};
