import { lookTogether } from '../../inventory/check-together.ts';
import type { ReadInventory } from '../../inventory/load.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { layouts, over, savedFacts } from '../check-inventory.ts';
import type { Finding, RuleName } from './finding.ts';
import { finding, findings } from './finding.ts';
import { hostnamesTwice } from './hostnames.ts';
import { mixedVersions, placeholderChecksums, unusedChecksums } from './versions.ts';

/** What is wrong with each of several cluster files, with the profiles and saved facts that it names, and its layouts. */
export const eachCluster = ({ files, problems }: ReadInventory, now: Date): readonly Finding[] => [
  ...findings('cluster-file', problems),
  ...files.flatMap((read) => [
    ...ofFile(read),
    ...findings('facts-file', savedFacts(read)),
    ...findings('overrides-over', over(read, now)),
    ...findings('layout', layouts(read)),
    ...findings('checksum-placeholder', placeholderChecksums(read.checking)),
    // What a mistake hides may use them.
    ...(read.problems.length > 0 ? [] : findings('checksum-unused', unusedChecksums(read.checking))),
    ...findings('versions-mixed', mixedVersions(read.checking)),
  ]),
];

/** The problems of a file, each under the rule that it breaks. */
const ofFile = ({ problems, ofVersions, checking }: ReadCluster): readonly Finding[] => {
  const names = new Set(checking.hosts.flatMap(({ host }) => host.profile ?? []));
  const rules = new Map([
    ...[...names].flatMap((name) => checking.profiles.problems(name)).map(ruled('profile-file')),
    ...ofVersions.versions.map(ruled('version')),
    ...ofVersions.checksums.map(ruled('checksum-missing')),
  ]);
  return problems.map((problem) => finding(rules.get(problem) ?? 'cluster-file', problem));
};

const ruled =
  (rule: RuleName) =>
  <Key>(key: Key): readonly [Key, RuleName] => [key, rule];

/** What is wrong with several cluster files together. `about`: only what concerns the file of this miner. */
export const togetherFindings = (
  files: readonly ReadCluster[],
  about: string | undefined,
): readonly Finding[] => {
  const { machines, addresses, names } = lookTogether(files, about);
  return [
    ...findings('address-twice', machines),
    ...findings('name-is-address', addresses),
    ...findings('hostname-twice', hostnamesTwice(files, about)),
    ...findings('name-twice', names),
  ];
};
