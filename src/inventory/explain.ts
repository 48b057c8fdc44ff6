import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_OS } from '../core/distributions.ts';
import { shownVariable } from '../core/others-secrets.ts';
import type { Place } from '../core/problem.ts';
import { archiveName, keysOfRole } from './check-versions.ts';
import type { Checking, ListedHost } from './checking.ts';
import type { Cluster, Host } from './cluster.ts';
import { clusterTopSchema, hostPartSchema, hostValuesSchema } from './inventory-file.ts';
import { type Leaf, leavesBelow, leavesOf } from './leaves.ts';
import {
  inventoryJsonSchema,
  isSecretSchema,
  type JsonSchema,
  keysOf as keysOfSchema,
  schemaAt,
} from './schema.ts';
import { storagePartSchema } from './storage-file.ts';
import { defaultVariables } from './variables.ts';
import { type Path, valueAt } from './yaml-file.ts';

/** Where a value comes from, the one that counts least first; `unset`: it has none. */
export const SCOPES = ['unset', 'default', 'profile', 'cluster', 'group', 'host'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Origin {
  readonly scope: Scope;
  /** Name of the group; null where it comes from none. */
  readonly group: string | null;
  /** Null: it stands in no file. */
  readonly place: Place | null;
}

/** A value with where it stands. Of a secret what it is called. */
export interface Said {
  readonly value: unknown;
  readonly from: Origin;
}

/** A value that counts for a host. */
export interface Explained extends Said {
  /** `variables.timezone`, `storage[0].path`, `profile.memoryGiB` */
  readonly key: string;
  /** What it counts more than: values of the same key, the strongest first. */
  readonly over: readonly Said[];
  /** What the key means, where nobody has set it. */
  readonly about?: string;
  /** Told only where it is asked for: of the hardware model, checksums, programs that the host does not run, unset. */
  readonly isAside: boolean;
}

/** A host of a file that is right. */
export interface Explainable {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly checking: Checking;
}

/** A place that sets values of a host. */
interface Layer {
  readonly scope: Scope;
  readonly group: string | null;
  /** Where its values begin in the file. */
  readonly path: Path;
  readonly leaves: readonly Leaf[];
}

/** Every value that counts for a host, with where it comes from, and keys that nobody has set at the end. */
export const explained = (explainable: Explainable): readonly Explained[] => {
  const { checking, host } = explainable;
  const listed = checking.hosts.find(({ name }) => name === host.name);
  if (!listed) throw new RangeError(`${host.name} is no host of this file`);
  const tell = teller(explainable);
  const told = [
    ...rows([ofCluster(explainable, CLUSTER_FIRST)], tell),
    ...rows([ofHost(checking, listed, NAMED)], tell),
    ...rows(
      [ofDefaults([{ path: ['listen'], value: host.listen }]), ofHost(checking, listed, LISTENS)],
      tell,
    ),
    ...rows([ofHost(checking, listed, IS)], tell),
    ...memberships(checking, listed),
    ...inSchemaOrder(rows(valueLayers(explainable, listed), tell)),
    ...rows([ofHost(checking, listed, HOST_LAST)], tell),
    ...rows(
      [
        ofDefaults([{ path: ['startRate'], value: explainable.cluster.startRate }]),
        ofCluster(explainable, CLUSTER_LAST),
      ],
      tell,
    ),
    ...storages(explainable).flatMap((layer) => rows([layer], tell)),
    ...ofProfile(explainable, listed),
  ];
  return [...told.map((row) => (isLittle(row, host) ? { ...row, isAside: true } : row)), ...unset(told)];
};

const CLUSTER_FIRST: ReadonlySet<string> = new Set(['miner', 'sectorSize']);
const NAMED: ReadonlySet<string> = new Set(['name', 'address']);
const LISTENS: ReadonlySet<string> = new Set(['listen']);
const IS: ReadonlySet<string> = new Set(['roles', 'profile']);
const HOST_LAST: ReadonlySet<string> = new Set(['overrides', 'facts']);
const CLUSTER_LAST: ReadonlySet<string> = new Set(['api', 'artifacts', 'startRate']);
/** What of a cluster concerns its miner host alone. */
const OF_MINER: ReadonlySet<string> = new Set(['config', 'pledge', 'bootstrap', 'backup']);

const keyOf = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);

/** One row a key: of layers, the weakest first, the last that has it counts. */
const rows = (layers: readonly Layer[], tell: (layer: Layer, leaf: Leaf) => Said): readonly Explained[] => {
  const byKey = new Map<string, Said[]>();
  for (const layer of layers)
    for (const leaf of layer.leaves) {
      const key = keyOf(leaf.path);
      byKey.set(key, [tell(layer, leaf), ...(byKey.get(key) ?? [])]);
    }
  return [...byKey].flatMap(([key, [first, ...over]]) =>
    // What stands over a default says nothing of the file.
    first
      ? [{ key, ...first, over: over.filter(({ from }) => from.scope !== 'default'), isAside: false }]
      : [],
  );
};

/** A checksum, or a version of what the host does not run. */
const isLittle = ({ key }: Explained, { roles }: Host): boolean =>
  key.startsWith('artifacts.sha256.') ||
  (key.startsWith('versions.') && !roles.flatMap(keysOfRole).some((own) => key === `versions.${own}`));

/** Sections one after the other, whoever sets what of them. */
const inSchemaOrder = (told: readonly Explained[]): readonly Explained[] => {
  const order = ['os', 'checks', 'ssh', 'versions', 'variables'].flatMap((section) => {
    const part = schemaAt(inventoryJsonSchema(), [section]);
    return [section, ...keysOfSchema(part).map((key) => `${section}.${key}`)];
  });
  const rank = ({ key }: Explained) => order.indexOf(key.split('.').slice(0, 2).join('.'));
  return told.toSorted((a, b) => rank(a) - rank(b));
};

/** Says a value as it may be shown. */
const teller = ({ cluster, checking }: Explainable) => {
  const names = new Map(cluster.secrets.map(({ where, secret }) => [placeKey(where), secret.name]));
  return ({ scope, group, path }: Layer, leaf: Leaf): Said => {
    const place = scope === 'default' ? null : checking.valuePlace([...path, ...leaf.path]);
    const secret = place && names.get(placeKey(place));
    return { value: secret ? `(secret: ${secret})` : shown(leaf), from: { scope, group, place } };
  };
};

const placeKey = ({ file, line, column }: Place): string => JSON.stringify([file, line, column]);

const shown = ({ path, value }: Leaf): unknown =>
  path[1] === 'environment' ? shownVariable(String(path[2]), value) : value;

const ofDefaults = (leaves: readonly Leaf[]): Layer => ({ scope: 'default', group: null, path: [], leaves });

/** What a cluster, groups and hosts may set, with what counts where none does. */
const valueLayers = ({ host, checking }: Explainable, { index, groups }: ListedHost): readonly Layer[] => {
  const defaults = { os: DEFAULT_OS, checks: 'enforce', variables: defaultVariables(host.os) };
  const stated = checking.stated.flatMap(({ path, values }): readonly Layer[] => {
    const [section, name] = path;
    const leaves = leavesOf(hostValuesSchema, values);
    if (section === undefined) return [{ scope: 'cluster', group: null, path, leaves }];
    if (section === 'groups')
      return groups.includes(String(name)) ? [{ scope: 'group', group: String(name), path, leaves }] : [];
    return name === index ? [{ scope: 'host', group: null, path, leaves }] : [];
  });
  return [ofDefaults(leavesBelow(defaults)), ...stated];
};

const ofHost = (checking: Checking, { index }: ListedHost, sections: ReadonlySet<string>): Layer => ({
  scope: 'host',
  group: null,
  path: ['hosts', index],
  leaves: leavesOf(hostPartSchema, checking.hosts[index]?.host).filter(({ path }) =>
    sections.has(String(path[0])),
  ),
});

/** By which patterns the host is in its groups. */
const memberships = ({ groups, valuePlace }: Checking, listed: ListedHost): readonly Explained[] =>
  groups
    .filter(({ name }) => listed.groups.includes(name))
    .map(({ name, group: { hosts } }) => ({
      key: `groups.${name}.hosts`,
      value: hosts,
      from: { scope: 'group', group: name, place: valuePlace(['groups', name, 'hosts']) },
      over: [],
      isAside: false,
    }));

/** What of a cluster is not for groups and hosts to set: of checksums those of its archives. */
const ofCluster = ({ host, checking }: Explainable, sections: ReadonlySet<string>): Layer => {
  const archives = new Set(
    host.roles.flatMap(keysOfRole).flatMap((key) => {
      const version = host.versions[key];
      return version === undefined ? [] : [archiveName(key, version)];
    }),
  );
  const isMiner = host.roles.includes('miner');
  return {
    ...{ scope: 'cluster', group: null, path: [] },
    leaves: leavesOf(clusterTopSchema, checking.cluster).filter(
      ({ path: [section, key, name] }) =>
        (sections.has(String(section)) ||
          (sections === CLUSTER_LAST && isMiner && OF_MINER.has(String(section)))) &&
        (key !== 'sha256' || section !== 'artifacts' || archives.has(String(name))),
    ),
  };
};

/** The file systems that the host mounts. */
const storages = ({ host, cluster, checking }: Explainable): readonly Layer[] => {
  const mounted = new Set(
    cluster.storage.filter(({ on }) => on.some((role) => host.roles.includes(role))).map(({ name }) => name),
  );
  return checking.storage
    .filter(({ storage: { name } }) => name !== undefined && mounted.has(name))
    .map(({ index, storage }) => ({
      ...{ scope: 'cluster', group: null, path: [] },
      leaves: leavesOf(storagePartSchema, storage).map(({ path, value }) => ({
        path: ['storage', index, ...path],
        value,
      })),
    }));
};

/** What its hardware model says, and what of that the machine lacks for a while. */
const ofProfile = ({ host, checking }: Explainable, { index }: ListedHost): readonly Explained[] => {
  const { base, name, placeOf: _, ...degraded } = host.profile;
  const profile = checking.profiles.get(base ?? name);
  if (!profile) return [];
  const { name: __, base: ___, placeOf, ...stated } = profile;
  const from = (path: Path): Origin => ({ scope: 'profile', group: null, place: placeOf?.(path) ?? null });
  const lacks: Origin = {
    scope: 'host',
    group: null,
    place: checking.valuePlace(['hosts', index, 'overrides']),
  };
  const paths = new Map(
    [...leavesBelow(stated), ...leavesBelow(degraded)].map(({ path }) => [keyOf(path), path]),
  );
  return [...paths].flatMap(([key, path]): readonly Explained[] => {
    const [was, is] = [valueAt(stated, path), valueAt(degraded, path)];
    const said = { value: was, from: from(path) };
    if (was === undefined && is === undefined) return [];
    if (isDeepStrictEqual(was, is)) return [{ key: `profile.${key}`, ...said, over: [], isAside: true }];
    const over = was === undefined ? [] : [said];
    return [{ key: `profile.${key}`, value: is ?? null, from: lacks, over, isAside: false }];
  });
};

/** Keys that the file may have for a host, and nothing has set. */
const unset = (told: readonly Explained[]): readonly Explained[] => {
  const known = new Set(told.map(({ key }) => key));
  const isTold = (key: string) => known.has(key) || told.some((row) => row.key.startsWith(`${key}.`));
  return schemaLeaves(schemaAt(inventoryJsonSchema(), ['hosts', 0]) ?? {}, [])
    .filter(({ key }) => !isTold(key))
    .map(({ key, about }) => ({
      key,
      value: null,
      from: { scope: 'unset', group: null, place: null },
      over: [],
      about,
      isAside: true,
    }));
};

const schemaLeaves = (
  { properties = {} }: JsonSchema,
  path: Path,
): readonly { readonly key: string; readonly about: string }[] =>
  Object.entries(properties).flatMap(([name, part]) => {
    const own = [...path, name];
    return part.properties && !isSecretSchema(part)
      ? schemaLeaves(part, own)
      : [{ key: keyOf(own), about: part.description ?? '' }];
  });

/** The rows of a key, or of all keys below it; unset ones where nothing else is there. Without a key, all that is not aside. */
export const rowsOf = (all: readonly Explained[], key: string | undefined): readonly Explained[] => {
  if (key === undefined) return all.filter(({ isAside }) => !isAside);
  const wanted = all.filter(
    (row) => row.key === key || row.key.startsWith(`${key}.`) || row.key.startsWith(`${key}[`),
  );
  const set = wanted.filter(({ from }) => from.scope !== 'unset');
  return set.length > 0 ? set : wanted;
};

/** All that may be asked for: keys, and what stands above them. */
export const keysIn = (all: readonly Explained[]): readonly string[] => [
  ...new Set(
    all.flatMap(({ key }) => {
      const parts = key.split('.');
      return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
    }),
  ),
];
