/** How many hosts a batch has: so many, or so many of a hundred of all that take part. */
export type Size = { readonly hosts: number } | { readonly percent: number };

/** Hosts in batches, in their order: the last size counts for all that come after. At least one host each. */
export const batchesOf = <Host>(hosts: readonly Host[], sizes: readonly Size[]): (readonly Host[])[] => {
  if (sizes.length === 0) return hosts.length === 0 ? [] : [hosts];
  const batches: (readonly Host[])[] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? { percent: 100 };
    const batch = hosts.slice(from, from + numberOf(size, hosts.length));
    batches.push(batch);
    from += batch.length;
  }
  return batches;
};

/** A share is rounded down, so that no batch is larger than it says; but never to nothing. */
const numberOf = (size: Size, all: number): number =>
  Math.max(1, 'hosts' in size ? size.hosts : Math.floor((all * size.percent) / 100));

/** How many hosts may fail before no further batch is begun: so many, or so many of a hundred of all. */
export const mayFail = (budget: Size, all: number): number =>
  'hosts' in budget ? budget.hosts : Math.floor((all * budget.percent) / 100);
