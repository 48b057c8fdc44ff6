import { groupBy } from '../../core/group-by.ts';
import { look } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { aboutMiner, inOrderOf } from '../../inventory/check-together.ts';
import type { ListedHost } from '../../inventory/checking.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { hostNameOf } from '../../roles/host-name.ts';

/** A name of a machine: `seen` where its saved facts tell it, `given` where a deploy gives it. */
interface NameOfMachine {
  readonly name: string;
  readonly by: 'seen' | 'given';
  readonly read: ReadCluster;
  readonly listed: ListedHost;
}

/** The form of the names that a deploy gives: no other says whose a machine is. */
const DEPLOYED = /^[ft]0\d+-[a-z0-9]+(-\d{1,3}){4}$/;

/**
 * Machines that are called, by the facts that were saved of them, as one of another cluster: it is one machine under two
 * addresses, or it was the other cluster's. `about`: only what concerns the file of this miner, told there.
 */
export const hostnamesTwice = (files: readonly ReadCluster[], about?: string): readonly Problem[] => {
  const names = inOrderOf(files, about).flatMap(namesIn);
  const found = [...groupBy(names, ({ name }) => name).values()].flatMap(([first, ...others]) =>
    first ? others.flatMap((other) => (isOther(first, other) ? [twice(first, other)] : [])) : [],
  );
  return aboutMiner(found, files, about);
};

const namesIn = (read: ReadCluster): readonly NameOfMachine[] => {
  const { checking, savedFactsOf } = read;
  const { miner } = checking.cluster;
  return checking.hosts.flatMap((listed): readonly NameOfMachine[] => {
    const { name, address, listen = address } = listed.host;
    const roles = listed.roles.map(({ role }) => role);
    const seen = name === undefined ? undefined : savedFactsOf(name).savedFacts?.hostname;
    return [
      ...(miner === undefined || listen === undefined || roles.length === 0
        ? []
        : [{ name: hostNameOf({ miner }, { roles, listen }), by: 'given', read, listed } as const]),
      ...(seen !== undefined && DEPLOYED.test(seen)
        ? [{ name: seen, by: 'seen', read, listed } as const]
        : []),
    ];
  });
};

const isOther = (first: NameOfMachine, other: NameOfMachine): boolean =>
  first.read !== other.read && (first.by === 'seen' || other.by === 'seen');

const twice = (first: NameOfMachine, one: NameOfMachine): Problem => {
  const place = first.read.checking.valuePlace(['hosts', first.listed.index, 'name']);
  const other = `${first.listed.name} of another cluster (${place.file}:${place.line})`;
  return {
    kind: 'inventory',
    what: sameName(first, one, other),
    where: { ...one.read.checking.valuePlace(['hosts', one.listed.index, 'name']), host: one.listed.name },
    why: "it is one machine in two clusters, or it was the other cluster's",
    next: [look('correct one of the two addresses; where the facts are old, fcops facts HOST --save')],
  };
};

const sameName = (first: NameOfMachine, { name, by }: NameOfMachine, other: string): string => {
  if (by === 'given') return `a deploy calls the machine ${name}, as ${other} is called by its saved facts`;
  return first.by === 'given'
    ? `the machine is called ${name} by its saved facts, as a deploy calls ${other}`
    : `the machine is called ${name} by its saved facts, and so is ${other}`;
};
