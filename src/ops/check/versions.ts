import { groupBy } from '../../core/group-by.ts';
import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Use } from '../../inventory/check-versions.ts';
import { archiveName, versionUses } from '../../inventory/check-versions.ts';
import type { Checking } from '../../inventory/checking.ts';
import { builtFor, describePlatform } from '../../inventory/platform.ts';

/** Checksums of archives that no host needs by its version. Of a file without a mistake: others hide what is needed. */
export const unusedChecksums = (checking: Checking): readonly Problem[] => {
  const needed = neededArchives(checking);
  return Object.keys(checking.cluster.artifacts?.sha256 ?? {})
    .filter((archive) => !needed.has(archive))
    .map((archive) => ({
      kind: 'inventory',
      what: `no version of a host needs the sha256 of ${archive}`,
      where: checking.valuePlace(['artifacts', 'sha256', archive]),
      next: [edit('take it out once no host is to go back to that version')],
    }));
};

/** Archives that hosts need whose checksum only stands for one, as in an example: no host would take such an archive. */
export const placeholderChecksums = (checking: Checking): readonly Problem[] => {
  const { miner, artifacts } = checking.cluster;
  return [...neededArchives(checking)]
    .filter((archive) => isPlaceholder(artifacts?.sha256?.[archive] ?? ''))
    .map((archive) => ({
      kind: 'inventory',
      what: `the sha256 of ${archive} is a placeholder`,
      where: checking.valuePlace(['artifacts', 'sha256', archive]),
      why: 'it repeats itself, which that of no file does: each host would download the archive and refuse it',
      next: [
        fcopsCommand(
          [
            ...['artifacts', 'hash', archive, '--write', '--replace'],
            ...(miner === undefined ? [] : ['--miner', miner]),
          ],
          'have it read from the server and written here',
        ),
      ],
    }));
};

const isPlaceholder = (sha256: string): boolean => {
  const half = sha256.slice(0, sha256.length / 2).toLowerCase();
  return half !== '' && sha256.toLowerCase() === half.repeat(2);
};

/** The archives that hosts need by their versions. */
const neededArchives = (checking: Checking): ReadonlySet<string> =>
  new Set(
    versionUses(checking).flatMap(({ key, version }) =>
      version === undefined ? [] : [archiveName(key, version)],
    ),
  );

/**
 * Programs of which hosts of one platform have several versions: told at the first host that is not on that of most.
 * Machines of different platforms have different builds, and each its own version.
 */
export const mixedVersions = (checking: Checking): readonly Problem[] => {
  const known = versionUses(checking).flatMap(({ version, ...use }) =>
    version === undefined ? [] : [{ ...use, version }],
  );
  return [...groupBy(known, platformKey).values()].flatMap((alike): readonly Problem[] => {
    const byVersion = [...groupBy(alike, ({ version }) => version)].toSorted(
      ([, a], [, b]) => b.length - a.length,
    );
    const [most, other] = byVersion;
    const [first] = other?.[1] ?? [];
    if (!most || !first) return [];
    const platform = describePlatform(builtFor(first.version));
    return [
      {
        kind: 'inventory',
        what: `the hosts have ${byVersion.length} versions of ${first.key} for ${platform}: ${byVersion.map(onHosts).join('; ')}`,
        where: checking.valuePlace(first.path),
        next: [edit('bring all of them to one version, where no upgrade is under way')],
      },
    ];
  });
};

type Known = Use & { readonly version: string };

const platformKey = ({ key, version }: Known): string => {
  const { vendor, distribution } = builtFor(version);
  return `${key} ${vendor} ${distribution}`;
};

/** `1.11.1-3079a405a on 22 hosts`, `1.11.2 on p1-50, p1-51` */
const onHosts = ([version, uses]: readonly [string, readonly Known[]]): string => {
  const names = uses.map(({ listed }) => listed.name);
  return `${version} on ${names.length > 3 ? count(names.length, 'host') : names.join(', ')}`;
};
