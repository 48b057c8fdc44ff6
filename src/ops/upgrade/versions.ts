import type { HostPlan } from '../../engine/plan.ts';
import type { VersionKey } from '../../inventory/check-versions.ts';
import type { Host } from '../../inventory/cluster.ts';
import { versionAt } from '../../roles/program.ts';
import type { Upgrade } from './programs.ts';
import { keysIn, programOf, versionsFor } from './programs.ts';

/** The versions of programs on a host, by their keys; null: it is not known, or there is none. */
export type Versions = ReadonlyMap<VersionKey, string | null>;

/** The same host with other versions; what is not known of them is left. */
export const withVersions = (host: Host, versions: Versions): Host => ({
  ...host,
  versions: {
    ...host.versions,
    ...Object.fromEntries([...versions].filter(([, version]) => version !== null)),
  },
});

/** How a step says that it has seen a link, before its target. */
const LINK = 'link:';

/** The versions that a host had when it was looked at: those that links would be moved away from, or the wanted one. */
export const versionsIn = (plan: HostPlan, upgrade: Pick<Upgrade, 'versions'>, host: Host): Versions =>
  new Map(
    [...versionsFor(host, upgrade)].map(([key, version]) => {
      const item = plan.items.find(({ kind, task }) => kind === 'link' && task === programOf(key));
      if (item === undefined) return [key, version] as const;
      if (item.state !== 'change') return [key, null] as const;
      // The step knows what it replaces, in a plan that is kept too.
      const seen = item.change.steps.flatMap((step) => (step.step === 'put-link' ? [step.seen] : []))[0];
      return [key, seen?.startsWith(LINK) ? versionAt(seen.slice(LINK.length)) : null] as const;
    }),
  );

/** `lotus-worker 1.11.1-3079a405a`, each program with its version. */
export const versionsText = (versions: Versions): string =>
  [...versions]
    .map(([key, version]) => `${programOf(key)} ${version ?? 'of which nothing is known'}`)
    .join(' and ');

/** Hosts by the version of a program, the most first; null: it is not known. */
export interface VersionHosts {
  readonly program: string;
  readonly on: readonly { readonly version: string | null; readonly hosts: readonly string[] }[];
}

/** Who is on which version of each program. */
export const hostsByVersion = (
  hosts: readonly Host[],
  standing: ReadonlyMap<Host, Versions>,
  upgrade: Pick<Upgrade, 'versions'>,
): readonly VersionHosts[] => {
  const programs = [...new Set(keysIn(upgrade).map(programOf))];
  return programs.map((program) => {
    const on = new Map<string | null, string[]>();
    for (const host of hosts)
      for (const key of [...versionsFor(host, upgrade).keys()].filter((one) => programOf(one) === program)) {
        const version = standing.get(host)?.get(key) ?? null;
        on.set(version, [...(on.get(version) ?? []), host.name]);
      }
    const sorted = [...on].toSorted(([, a], [, b]) => b.length - a.length);
    return { program, on: sorted.map(([version, names]) => ({ version, hosts: names })) };
  });
};
