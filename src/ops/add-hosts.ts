import { again, edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { err, ok } from '../core/result.ts';
import { adviseValue } from '../inventory/advice.ts';
import { checkTogether } from '../inventory/check-together.ts';
import { ofHosts } from '../inventory/checking.ts';
import { minerOfFile } from '../inventory/cluster-file-name.ts';
import { editedText } from '../inventory/edit/edit.ts';
import { type Editable, openText } from '../inventory/edit/editable.ts';
import { type Found, foundIn } from '../inventory/edit/found-host.ts';
import type { NewHost } from '../inventory/edit/host-style.ts';
import { hostsAppended } from '../inventory/edit/hosts.ts';
import { hostFileSchema } from '../inventory/inventory-file.ts';
import { readNeighbours } from '../inventory/load.ts';
import { type ReadCluster, readCluster } from '../inventory/read-cluster.ts';
import { inventoryJsonSchema, schemaAt } from '../inventory/schema.ts';
import { isMapping, valueAt } from '../inventory/yaml-file.ts';
import { limitWords } from '../inventory/zod-problems.ts';
import { type EditWords, editFile, notWritten, textToEdit } from './inventory-file.ts';
import { chosenFile, inventorySources, isOneFile, type Sources } from './sources.ts';

/** Hosts that a cluster file is to have, worked out and checked: nothing is written yet. */
export interface AddedHosts {
  readonly miner: string;
  readonly file: string;
  /** All hosts that it has then. */
  readonly hosts: readonly { readonly name: string }[];
  readonly before: string;
  readonly after: string;
  /** Those that come to it, or were begun in it and are filled in. */
  readonly added: readonly NewHost[];
  /** Those that are in it as they were asked for. */
  readonly there: readonly NewHost[];
  /**
   * Of each that comes to it the groups that take it by their patterns, or null where one of the groups is wrong, so that it
   * is not known; null in place of all: the file has no groups.
   */
  readonly groups: GroupsOfHosts | null;
  /** Whether the file has mistakes besides, as one that is not filled in yet. */
  readonly hasMistakes: boolean;
}

type GroupsOfHosts = ReadonlyMap<string, readonly string[] | null>;

/**
 * What a cluster file becomes with these hosts behind its own, and checked as `inventory check` does: what is wrong in it
 * already does not matter. A host that it names with its values still to be filled in gets them. Throws an FcopsError with
 * all that would be wrong by these hosts: then nothing may be written.
 */
export const addedHosts = async (
  sources: Sources,
  miner: string | undefined,
  hosts: readonly NewHost[],
): Promise<AddedHosts> => {
  const file = chosenFile(sources, miner);
  const before = await textToEdit(file, WORDS);
  const opened = openText(file, before);
  if (!opened.ok) throw new FcopsError(opened.error.map(notWritten));
  const odd = hosts.flatMap(problemsOfWords);
  if (odd.length > 0) throw new FcopsError(odd);
  const stateWith = statesOf(
    sources,
    file,
    hosts.flatMap(({ address, listen = address }) => [address, listen]),
  );
  const was = stateWith(before);
  const found = hosts.map((host) => foundIn(was.read, opened.value, host));
  const others = found.flatMap((one) => (one.type === 'other' ? [one.problem] : []));
  if (others.length > 0) throw new FcopsError(others.map(notWritten));
  const filled = editedText(
    opened.value,
    found.flatMap((one) => (one.type === 'begun' ? [one.fill] : [])),
  );
  if (!filled.ok) throw new FcopsError(filled.error);
  const ofType = (type: Found['type']) => hosts.filter((_, index) => found[index]?.type === type);
  const after = hostsAppended(file, filled.value, ofType('new'));
  if (!after.ok) throw new FcopsError(after.error);
  const is = after.value === before ? was : stateWith(after.value);
  const wrong = addedProblems(was.problems, is.problems);
  if (wrong.length > 0) throw new FcopsError(wrong.map(notWritten));
  const there = ofType('there');
  const added = hosts.filter((host) => !there.includes(host));
  return {
    ...{ miner: minerOfFile(file), file, before, after: after.value, added, there },
    hosts: is.read.checking.hosts,
    groups: groupsOf(is.read, opened.value, added),
    hasMistakes: is.problems.length > 0,
  };
};

const groupsOf = (
  { checking: { hosts, groups } }: ReadCluster,
  { yaml }: Editable,
  added: readonly NewHost[],
): GroupsOfHosts | null => {
  const written = valueAt(yaml.value, ['groups']);
  if (written === undefined) return null;
  const isKnown = isMapping(written) && groups.every(({ members }) => members !== null);
  const groupsOfHost = (name: string) => hosts.find((host) => host.name === name)?.groups ?? [];
  return new Map(added.map(({ name }) => [name, isKnown ? groupsOfHost(name) : null]));
};

/** Writes what was worked out. Throws an FcopsError where the file is not what it was then. */
export const writeHosts = async ({ file, before, after }: AddedHosts): Promise<void> => {
  const changed: Problem = {
    kind: 'file',
    what: 'somebody has changed the file meanwhile',
    where: { file },
    next: [again('look at it, and run the same again')],
  };
  const done = await editFile(file, (text) => (text === before ? ok(after) : err([changed])), WORDS);
  if (!done.ok) throw new FcopsError(done.error.map(notWritten));
};

const WORDS: EditWords = { failed: 'the hosts were not added', byHand: 'add them by hand' };

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

/** What a text of the file says, and what is wrong with that and with what it shares with others. */
interface State {
  readonly read: ReadCluster;
  readonly problems: readonly Problem[];
}

/** Reads texts of a cluster file; the others of its directory that have one of these addresses are read once. */
const statesOf = (
  sources: Sources,
  file: string,
  addresses: readonly string[],
): ((text: string) => State) => {
  const from = inventorySources(sources);
  const miner = minerOfFile(file);
  const others = isOneFile(sources) ? [] : readNeighbours(miner, addresses, from);
  return (text) => {
    const files = { ...from.files, read: (path: string) => (path === file ? text : from.files.read(path)) };
    const read = readCluster(file, { ...from, files });
    const problems = [...read.problems, ...checkTogether([...others, read], miner)];
    // Lines of a file that is not written yet are not named.
    return {
      read,
      problems: problems.map(({ where, ...problem }) => ({
        ...problem,
        where: { file, ...(where?.host !== undefined && { host: where.host }) },
      })),
    };
  };
};

/** Mistakes that were not there, or not of these hosts: of those hosts alone. */
const addedProblems = (was: readonly Problem[], is: readonly Problem[]): readonly Problem[] => {
  const hostsOf = ({ hosts, where }: Problem) => hosts ?? [where?.host];
  const keyOf = ({ what }: Problem, host: string | undefined) => JSON.stringify([what, host]);
  const before = new Set(was.flatMap((problem) => hostsOf(problem).map((host) => keyOf(problem, host))));
  return is.flatMap((problem): readonly Problem[] => {
    const added = hostsOf(problem).filter((host) => !before.has(keyOf(problem, host)));
    if (added.length === 0) return [];
    const hosts = added.flatMap((host) => host ?? []);
    return [hosts.length === 0 ? problem : ofHosts(problem, hosts)];
  });
};
