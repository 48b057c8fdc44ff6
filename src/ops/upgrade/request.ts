import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { VersionKey } from '../../inventory/check-versions.ts';
import { archiveName, VERSION_KEYS } from '../../inventory/check-versions.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { written } from '../../inventory/edit/versions.ts';
import type { Target } from '../../transport/connection.ts';
import { askForSums, describeSource, knownSums } from '../artifacts/known-sums.ts';
import type { OpsDeps } from '../deps.ts';
import { nodeFiles } from '../node-files.ts';
import { readyHosts, roleHosts } from '../role-work.ts';
import type { Selection, Sources } from '../sources.ts';
import { chooseVersions } from './choose-versions.ts';
import type { Upgrade, Upgraded } from './programs.ts';
import { keysOn, UPGRADED } from './programs.ts';

/** What a person says of an upgrade. */
export interface UpgradeWords extends Selection {
  readonly role: string;
  /** `VERSION` or `KEY=VERSION`; left out: those of the inventory, for hosts that have others. */
  readonly ver?: readonly string[] | undefined;
  /** Checksum of the archive, as sha256sum prints it. */
  readonly sha256?: string | undefined;
}

/** An upgrade that can be done as far as the inventory tells. */
export interface AskedUpgrade {
  /** Of the hosts: lotus runs on the miner host. */
  readonly role: string;
  readonly upgrade: Upgrade;
  /** What a person is told beforehand: who gets which of several versions, and where checksums are from. */
  readonly notes: readonly string[];
}

/**
 * Works out what is upgraded, and checks it: the version against the platforms of the hosts, that the checksum of every
 * archive is known, and that the inventory could say it. Throws an FcopsError with what is wrong.
 */
export const upgradeRequest = async (
  sources: Sources,
  words: UpgradeWords,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<AskedUpgrade> => {
  const name = upgradedNamed(words.role);
  const role = name === 'lotus' ? 'miner' : name;
  const { miner, limit } = words;
  const request = { role, miner, limit, operation: 'upgrade', tags: [], start: true } as const;
  // What is given is judged before anybody looks for a secret.
  const { cluster, hosts } = roleHosts(sources, request);
  const keys = VERSION_KEYS.filter(
    (key) => (name === 'all' || key === name) && hosts.some((host) => keysOn(host, [key]).length > 0),
  );
  const chosen = chooseVersions(words.ver ?? [], { cluster, hosts, keys });
  if (!chosen.ok) throw new FcopsError(chosen.error);
  const versions = chosen.value;
  const archives = [...new Set(versions.map(({ key, version }) => archiveName(key, version)))];
  const sums = await knownSums(cluster, archives, {
    ...(words.sha256 !== undefined && { given: words.sha256 }),
    ask: async () => askForSums(await readyHosts(sources, request), hosts, targetOf, deps),
  });
  if (!sums.ok) throw new FcopsError(sums.error);
  const sha256 = Object.fromEntries([...sums.value].map(([archive, sum]) => [archive, sum.sha256]));
  const upgrade = { versions, sha256 };
  requireWritable(cluster, upgrade);
  await readyHosts(sources, request);
  const notes = [...sums.value].map(
    ([archive, sum]) => `${archive}: sha256 ${sum.sha256}, by ${describeSource(sum, cluster)}`,
  );
  return { role, upgrade, notes };
};

const upgradedNamed = (name: string): Upgraded => {
  const found = UPGRADED.find((one) => one === name);
  if (found) return found;
  throw new FcopsError({
    kind: 'usage',
    what: `--role: "${name}" has no program that can be upgraded`,
    next: [edit(didYouMean(name, UPGRADED))],
  });
};

/** Whether the inventory could say that all hosts are on their versions: found out before anything is done. */
const requireWritable = ({ file }: Cluster, { versions, sha256 }: Upgrade): void => {
  const actual = new Map<VersionKey, Map<string, string>>();
  for (const { key, version, hosts } of versions)
    actual.set(key, new Map([...(actual.get(key) ?? []), ...hosts.map((host) => [host, version] as const)]));
  const text = nodeFiles.read(file) ?? '';
  const made = written(file, text, { versions: actual, sha256: new Map(Object.entries(sha256)) });
  if (!made.ok) throw new FcopsError(made.error);
};
