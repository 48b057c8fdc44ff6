import { groupBy } from '../core/group-by.ts';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { portOf } from './check-hosts.ts';
import type { Checking, ListedHost } from './checking.ts';
import { minerOfFile } from './cluster-file-name.ts';
import type { ReadCluster } from './read-cluster.ts';

/** A host of one of several files. */
interface HostOfFile {
  readonly file: string;
  readonly checking: Checking;
  readonly listed: ListedHost;
}

const hostsOf = ({ file, checking }: ReadCluster): readonly HostOfFile[] =>
  checking.hosts.map((listed) => ({ file, checking, listed }));

/**
 * What SSH is connected to: two clusters behind different bastions may have the same addresses. Undefined where what
 * is written of it is wrong.
 */
const machineOf = ({ checking, listed }: HostOfFile): string | undefined => {
  const { host } = listed;
  const port = portOf(listed, checking);
  if (host.address === undefined || port === undefined) return undefined;
  return JSON.stringify([host.address, port, bastionOf({ checking, listed })]);
};

const bastionOf = ({ checking, listed: { host } }: Pick<HostOfFile, 'checking' | 'listed'>): string =>
  host.ssh?.proxyJump ?? checking.cluster.ssh?.proxyJump ?? '';

const placeOf = ({ checking, listed }: HostOfFile, key: 'name' | 'address' | 'listen') =>
  checking.valuePlace(['hosts', listed.index, key]);

/** A machine in two clusters: a deploy of one would take it from the other. */
const machinesTwice = (all: readonly HostOfFile[]): readonly Problem[] => {
  const firsts = new Map<string, HostOfFile>();
  return all.flatMap((one): readonly Problem[] => {
    const machine = machineOf(one);
    if (machine === undefined) return [];
    const first = firsts.get(machine);
    if (!first) firsts.set(machine, one);
    if (!first || first.file === one.file) return [];
    const { file, line } = placeOf(first, 'address');
    return [
      {
        kind: 'inventory',
        what: `the machine ${one.listed.host.address} is in two clusters: it is ${first.listed.name} in ${file}:${line}`,
        where: { ...placeOf(one, 'address'), host: one.listed.name },
        why: 'a deploy of one cluster would take it from the other',
        next: [edit('correct the address, or take the host out of one of the two files')],
      },
    ];
  });
};

/** An address of a host, by the key that states it. */
interface AddressOfHost {
  readonly text: string;
  readonly key: 'address' | 'listen';
  readonly of: HostOfFile;
}

const addressesOf = (of: HostOfFile): readonly AddressOfHost[] => {
  const { address, listen } = of.listed.host;
  return [
    ...(address === undefined ? [] : [{ text: address, key: 'address', of } as const]),
    ...(listen === undefined || listen === address ? [] : [{ text: listen, key: 'listen', of } as const]),
  ];
};

/** A host that is to listen on an address of another cluster's: its network has two machines with one address. */
const listensTwice = (all: readonly HostOfFile[]): readonly Problem[] => {
  const byPlace = groupBy(all.flatMap(addressesOf), ({ text, of }) => JSON.stringify([text, bastionOf(of)]));
  return [...byPlace.values()].flatMap((alike) =>
    alike.flatMap((one, index): readonly Problem[] => {
      const first = alike.slice(0, index).find(({ of }) => of.file !== one.of.file);
      // Two that SSH connects to are one machine, which is told as that.
      if (!first || (one.key === 'address' && first.key === 'address')) return [];
      if (machineOf(one.of) === machineOf(first.of)) return [];
      const { file, line } = placeOf(first.of, first.key);
      return [
        {
          kind: 'inventory',
          what: `${one.text} is an address of two machines: ${first.of.listed.name} has it in ${file}:${line}`,
          where: { ...placeOf(one.of, one.key), host: one.of.listed.name },
          why: 'workers listen there, and the miner knows them by it',
          next: [edit(`correct \`${one.key}\``)],
        },
      ];
    }),
  );
};

/** A host that is named like an address of another: commands that name it may mean either. */
const namesOfAddresses = (all: readonly HostOfFile[]): readonly Problem[] => {
  const byAddress = new Map(all.flatMap(addressesOf).map((one) => [one.text, one]));
  return all.flatMap((one): readonly Problem[] => {
    const { name, address, listen } = one.listed.host;
    const found = name === undefined || name === address || name === listen ? undefined : byAddress.get(name);
    if (!found) return [];
    const { of: other, key } = found;
    const { file, line } = placeOf(other, key);
    return [
      {
        kind: 'inventory',
        what: `the host ${name} has the address ${address}, and ${name} is the address of ${other.listed.name} (${file}:${line})`,
        where: placeOf(one, 'name'),
        next: [edit('correct the address, or name the host otherwise')],
      },
    ];
  });
};

/** Names that hosts of two clusters have: each is right by itself, and who names such a host says which. */
const namesTwice = (files: readonly ReadCluster[]): readonly Problem[] => {
  const firsts = new Map<string, HostOfFile>();
  return files.flatMap((read): readonly Problem[] => {
    const named = hostsOf(read).flatMap((one) => {
      const { name } = one.listed.host;
      return name === undefined ? [] : [{ name, one, first: firsts.get(name) }];
    });
    for (const { name, one } of named) if (!firsts.has(name)) firsts.set(name, one);
    const shared = named.flatMap(({ name, one, first }) => (first ? [{ name, one, first }] : []));
    const [begin] = shared;
    if (!begin) return [];
    const names = shared.map(({ name }) => name);
    const shown =
      names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
    const { file, line } = placeOf(begin.first, 'name');
    return [
      {
        kind: 'inventory',
        what: `${names.length === 1 ? 'a host has' : `${names.length} hosts have`} the same name as one of another cluster: ${shown} (${file}:${line})`,
        where: placeOf(begin.one, 'name'),
        next: [edit('name the miner beside such a host (--miner), or give it a name of its own')],
      },
    ];
  });
};

/** What several cluster files have in common, by what it is. */
export interface Together {
  /** Machines in two clusters, and addresses that two machines have. */
  readonly machines: readonly Problem[];
  /** Hosts that are named like the address of another. */
  readonly addresses: readonly Problem[];
  /** Hosts of the same name: no mistake. */
  readonly names: readonly Problem[];
}

/**
 * Files such that what a later one has in common with an earlier one can be told at the later one: that of the miner
 * `about` is the last.
 */
export const inOrderOf = (files: readonly ReadCluster[], about?: string): readonly ReadCluster[] =>
  files.toSorted((a, b) => Number(minerOfFile(a.file) === about) - Number(minerOfFile(b.file) === about));

/** Of problems of several files those of the file of this miner, where one is named. */
export const aboutMiner = (
  problems: readonly Problem[],
  files: readonly ReadCluster[],
  about?: string,
): readonly Problem[] => {
  const own = files.find(({ file }) => minerOfFile(file) === about)?.file;
  return own === undefined ? problems : problems.filter(({ where }) => where?.file === own);
};

/**
 * Looks at several cluster files together: each may be right by itself. `about`: only what concerns the file of this
 * miner, told there.
 */
export const lookTogether = (files: readonly ReadCluster[], about?: string): Together => {
  const inOrder = inOrderOf(files, about);
  const all = inOrder.flatMap(hostsOf);
  const own = (problems: readonly Problem[]) => aboutMiner(problems, files, about);
  return {
    machines: own([...machinesTwice(all), ...listensTwice(all)]),
    addresses: own(namesOfAddresses(all)),
    names: own(namesTwice(inOrder)),
  };
};

/** What is wrong with several cluster files together. */
export const checkTogether = (files: readonly ReadCluster[], about?: string): readonly Problem[] => {
  const { machines, addresses } = lookTogether(files, about);
  return [...machines, ...addresses];
};
