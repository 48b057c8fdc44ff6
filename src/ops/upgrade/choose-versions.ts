import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { didYouMean } from '../../core/suggest.ts';
import { VERSION_KEYS, type VersionKey } from '../../inventory/check-versions.ts';
import type { HostProblem } from '../../inventory/checking.ts';
import { foldHosts } from '../../inventory/checking.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { platformProblem } from '../../inventory/fits-platform.ts';
import { isVersion } from '../../inventory/inventory-file.ts';
import type { VersionOnHosts } from '../../inventory/other-version.ts';
import { describePlatform, platformOf } from '../../inventory/platform.ts';
import { keysOn } from './programs.ts';

/** A version as it is given: for one program, or for all whose machines it is built for. */
interface Given {
  readonly key?: VersionKey;
  readonly version: string;
}

/** What versions are chosen for: hosts, and which of their programs. */
interface Chosen {
  readonly cluster: Pick<Cluster, 'file'>;
  readonly hosts: readonly Host[];
  readonly keys: readonly VersionKey[];
}

/**
 * The version that each host gets of each program. Of several that are given (`1.11.1-a`, `1.11.1-b-intel`) each host gets
 * the one that is built for it (handbook 1: the end of a version says that); `c2=1.11.1-a` is for one program alone, by
 * the key that it has under `versions`. Where none is given, the inventory has them.
 */
export const chooseVersions = (
  words: readonly string[],
  chosen: Chosen,
): Result<readonly VersionOnHosts[], readonly Problem[]> => {
  const read = words.map((word) => readGiven(word, chosen.keys));
  const odd = read.flatMap((one) => (one.ok ? [] : [one.error]));
  if (odd.length > 0) return err(odd);
  const given = [
    ...new Map(read.flatMap((one) => (one.ok ? [[JSON.stringify(one.value), one.value]] : []))).values(),
  ];
  const each = chosen.hosts.flatMap((host) =>
    keysOn(host, chosen.keys).map((key) => versionFor(host, key, given, chosen.cluster)),
  );
  const problems = foldHosts(each.flatMap((one) => (one.ok ? [] : [one.error])));
  if (problems.length > 0) return err(problems);
  return ok(grouped(each.flatMap((one) => (one.ok ? [one.value] : []))));
};

const readGiven = (word: string, keys: readonly VersionKey[]): Result<Given, Problem> => {
  const [, name, version = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(word) ?? [];
  if (!isVersion(version))
    return err({
      kind: 'usage',
      what: `${JSON.stringify(version)} is no version`,
      next: [edit('give one like 1.11.1-3079a405a')],
    });
  if (name === undefined) return ok({ version });
  const key = VERSION_KEYS.find((one) => one === name);
  if (key === undefined)
    return err({
      kind: 'usage',
      what: `--ver ${word}: no version has the key "${name}"`,
      next: [edit(didYouMean(name, VERSION_KEYS))],
    });
  if (!keys.includes(key))
    return err({
      kind: 'usage',
      what: `--ver ${word}: ${key} is none of the programs of this upgrade`,
      next: [edit(`leave it out, or name another --role: this one has ${keys.join(', ')}`)],
    });
  return ok({ key, version });
};

const BESIDES = [edit('give a build that is made for them besides (--ver once more), or --limit HOSTS')];

interface ForHost {
  readonly host: string;
  readonly key: VersionKey;
  readonly version: string;
}

const versionFor = (
  host: Host,
  key: VersionKey,
  given: readonly Given[],
  { file }: Chosen['cluster'],
): Result<ForHost, HostProblem> => {
  const { name } = host;
  const found = (version: string) => ok({ host: name, key, version });
  const problem = (one: Problem) => err({ host: name, problem: { ...one, where: { file } } });
  if (given.length === 0) {
    const own = host.versions[key];
    if (own === undefined) throw new RangeError(`${name} has no version of ${key}: its file was not checked`);
    return found(own);
  }
  const own = given.filter((one) => one.key === key);
  const versions = (own.length > 0 ? own : given.filter((one) => one.key === undefined)).map(
    ({ version }) => version,
  );
  const [first, second] = versions;
  if (first === undefined)
    return problem({
      kind: 'usage',
      what: `no version is given for ${key}`,
      next: [edit(`add --ver ${key}=VERSION, or name a --role without it`)],
    });
  const wrong = platformProblem(host, key, first);
  if (second === undefined) {
    if (wrong === null) return found(first);
    return problem({ ...wrong, next: BESIDES });
  }
  const fitting = versions.filter((version) => platformProblem(host, key, version) === null);
  const [fits, other] = fitting;
  const machine = describePlatform(platformOf(host.profile.cpu.vendor, host.os));
  if (fits === undefined)
    return problem({
      kind: 'inventory',
      what: `none of the versions ${versions.join(', ')} of ${key} is built for ${machine}`,
      why: 'builds run only on the CPU vendor and distribution that they are made for (handbook 1)',
      next: BESIDES,
    });
  if (other !== undefined)
    return problem({
      kind: 'usage',
      what: `which version ${key} gets is not said: ${fitting.join(' and ')} are built for ${machine}`,
      next: [edit(`say it by the program: --ver ${key}=${fits}`)],
    });
  return found(fits);
};

/** Hosts with the same version of a program together, in the order in which they come. */
const grouped = (each: readonly ForHost[]): readonly VersionOnHosts[] => {
  const groups = new Map<string, VersionOnHosts>();
  for (const { host, key, version } of each) {
    const name = `${key} ${version}`;
    groups.set(name, { key, version, hosts: [...(groups.get(name)?.hosts ?? []), host] });
  }
  return [...groups.values()];
};
