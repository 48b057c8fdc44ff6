import { readFile, realpath } from 'node:fs/promises';
import { osName } from '../core/distributions.ts';
import { again, edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { adviseValue } from '../inventory/advice.ts';
import { checkTogether } from '../inventory/check-together.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { openText } from '../inventory/edit/editable.ts';
import type { NewHost } from '../inventory/edit/host-style.ts';
import { hostsAppended } from '../inventory/edit/hosts.ts';
import { membersAmong } from '../inventory/groups.ts';
import type { Named } from '../inventory/host-pattern.ts';
import { type ClusterFile, hostFileSchema } from '../inventory/inventory-file.ts';
import { readNeighbours } from '../inventory/load.ts';
import { type ReadCluster, readCluster } from '../inventory/read-cluster.ts';
import { inventoryJsonSchema, schemaAt } from '../inventory/schema.ts';
import { limitWords } from '../inventory/zod-problems.ts';
import { notText, replaceUnchanged, textIn } from './inventory-file.ts';
import { chosenCluster, inventorySources, isOneFile, type Sources } from './sources.ts';

/** Hosts that a cluster file is to have, worked out and checked: nothing is written yet. */
export interface AddedHosts {
  /** As it is before. */
  readonly cluster: Cluster;
  readonly before: string;
  readonly after: string;
  /** Those that come to it. */
  readonly added: readonly NewHost[];
  /** Those that are in it as they were asked for. */
  readonly there: readonly NewHost[];
  /** Of each that comes to it the groups that take it by their patterns; null: the file has no groups. */
  readonly groups: ReadonlyMap<string, readonly string[]> | null;
}

/**
 * What a cluster file becomes with these hosts behind its own, and checked as `inventory check` does. Throws an FcopsError
 * with all that is wrong with them: then nothing may be written.
 */
export const addedHosts = async (
  sources: Sources,
  miner: string | undefined,
  hosts: readonly NewHost[],
): Promise<AddedHosts> => {
  const cluster = chosenCluster(sources, miner);
  const { file } = cluster;
  const before = textIn(await readFile(file));
  if (before === null) throw new FcopsError(notText(file, 'the hosts were not added', 'add them by hand'));
  const opened = openText(file, before);
  if (!opened.ok) throw new FcopsError(opened.error);
  const odd = hosts.flatMap(problemsOfWords);
  if (odd.length > 0) throw new FcopsError(odd);
  const { content } = opened.value;
  const others = hosts.flatMap((host) => otherProblem(cluster, host) ?? []);
  if (others.length > 0) throw new FcopsError(others);
  const there = hosts.filter(({ name }) => content.hosts.some((host) => host.name === name));
  const added = hosts.filter((host) => !there.includes(host));
  const after = hostsAppended(file, before, added);
  if (!after.ok) throw new FcopsError(after.error);
  const wrong = problemsAfter(sources, cluster, after.value, added);
  if (wrong.length > 0) throw new FcopsError(wrong);
  return { cluster, before, after: after.value, added, there, groups: groupsOf(content, added) };
};

const groupsOf = (
  { groups, hosts }: ClusterFile,
  added: readonly NewHost[],
): ReadonlyMap<string, readonly string[]> | null => {
  if (groups === undefined) return null;
  const members = membersAmong<Named>([...hosts, ...added]);
  const all = Object.entries(groups).map(
    ([name, group]) => [name, new Set(members(group.hosts).hosts.map((host) => host.name))] as const,
  );
  return new Map(
    added.map(({ name: host }) => [host, all.flatMap(([name, having]) => (having.has(host) ? [name] : []))]),
  );
};

/** Writes what was worked out. Throws an FcopsError where the file is not what it was then. */
export const writeHosts = async ({ cluster: { file }, before, after }: AddedHosts): Promise<void> => {
  const target = await realpath(file);
  if (await replaceUnchanged(target, Buffer.from(before), after)) return;
  throw new FcopsError({
    kind: 'file',
    what: 'somebody has changed the file meanwhile, and nothing was written',
    where: { file },
    next: [again('look at it, and run the same again')],
  });
};

/** What is wrong with a host by itself. */
const problemsOfWords = (host: NewHost): readonly Problem[] => {
  const { error } = hostFileSchema.safeParse(host);
  return (error?.issues ?? []).map((issue) => {
    const [key = ''] = issue.path;
    const advice = adviseValue(schemaAt(inventoryJsonSchema(), ['hosts', 0, key]));
    return {
      kind: 'usage',
      what: `${String(key)} ${JSON.stringify(Reflect.get(host, key))} ${limitWords(issue) ?? issue.message}`,
      ...(advice !== undefined && { next: [edit(advice)] }),
    };
  });
};

/** A host that has this name and is another one. What nobody has asked for may be anything. */
const otherProblem = ({ hosts, file }: Cluster, wanted: NewHost): Problem | null => {
  const there = hosts.find(({ name }) => name === wanted.name);
  if (!there) return null;
  const differs = [
    { key: 'address', has: there.address, asked: wanted.address },
    { key: 'listen', has: there.listen, asked: wanted.listen ?? there.listen },
    { key: 'roles', has: inOrder(there.roles), asked: inOrder(wanted.roles) },
    { key: 'profile', has: there.profile.base ?? there.profile.name, asked: wanted.profile },
    { key: 'os', has: osName(there.os), asked: wanted.os ?? osName(there.os) },
  ].filter(({ has, asked }) => has !== asked);
  if (differs.length === 0) return null;
  return {
    kind: 'inventory',
    what: `there is a host ${wanted.name} already, and it is another one`,
    where: { file },
    why: differs.map(({ key, has, asked }) => `${key} ${has} there, ${asked} here`).join('; '),
    next: [edit('give the new one another name, or change the host in the file')],
  };
};

const inOrder = (roles: readonly string[]): string => roles.toSorted().join(',');

/** What would be wrong with the file, and with what it shares with others. Lines that are not there yet are not named. */
const problemsAfter = (
  sources: Sources,
  { miner, file }: Cluster,
  text: string,
  added: readonly NewHost[],
): readonly Problem[] => {
  const from = inventorySources(sources);
  const files = { ...from.files, read: (path: string) => (path === file ? text : from.files.read(path)) };
  const then = { ...from, files };
  const own = readCluster(file, then);
  const addresses = added.map(({ address }) => address);
  const around: readonly ReadCluster[] = isOneFile(sources) ? [] : readNeighbours(miner, addresses, then);
  const problems = [...own.problems, ...checkTogether(around, miner)];
  return problems.map(({ where, ...problem }) => ({
    ...problem,
    where: { file, ...(where?.host !== undefined && { host: where.host }) },
  }));
};
