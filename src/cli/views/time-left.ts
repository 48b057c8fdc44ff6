/** What is left to do on a host: the resources of its steps, and how long the first has been at work. */
export interface LeftOfHost {
  readonly resources: readonly string[];
  /** Seconds. */
  readonly atFirst: number;
}

/** Share of the steps that are left whose time has to be known for anything to be said. */
const ENOUGH = 0.5;

/**
 * Seconds until all hosts are done, by how long the same steps took before; so many hosts are at work at once. Null
 * where too little is known: no number is better than one that is made up.
 */
export const timeLeft = (
  hosts: readonly LeftOfHost[],
  atOnce: number,
  secondsOf: (resource: string) => number | undefined,
): number | null => {
  const steps = hosts.flatMap(({ resources }) => resources);
  const known = steps.map(secondsOf).filter((seconds) => seconds !== undefined);
  if (steps.length === 0 || known.length < steps.length * ENOUGH) return null;
  const usual = known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
  const each = hosts.map(({ resources, atFirst }) =>
    resources.reduce((sum, resource, index) => {
      const seconds = secondsOf(resource) ?? usual;
      return sum + (index === 0 ? Math.max(0, seconds - atFirst) : seconds);
    }, 0),
  );
  const all = each.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(...each, all / Math.max(1, atOnce));
};
