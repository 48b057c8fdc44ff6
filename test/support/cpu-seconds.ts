/**
 * Seconds of a processor that some work of this process takes until it returns: unlike those of a clock no more on a
 * machine that others keep busy.
 */
export const cpuSeconds = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
