import type { Reveal } from '../../core/content.ts';
import { revealedText } from '../../core/content.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { Layout } from '../../layout/types.ts';
import type { ApiAddress } from '../../lotus/api-info.ts';
import { readApiFile } from '../../lotus/api-info.ts';
import type { Process } from '../../resources/process/process.ts';
import type { SoughtProcess } from '../../resources/process/sought.ts';
import type { Fetches, Task } from '../../resources/resource.ts';
import { needsAddress } from '../../roles/listen-address.ts';
import { hasLayout, layouts } from '../../roles/roles.ts';

/** An archive that a host would fetch. */
export type SoughtArchive = Pick<
  Extract<Fetches, { type: 'archive' }>,
  'url' | 'sha256' | 'directory' | 'proxy'
>;

/** A name that a host has to know the address of. */
export interface SoughtName {
  readonly name: string;
  /** What is called so: `artifact server`, `lotus-miner`. */
  readonly what: readonly string[];
}

/** A port that a process is to listen on. */
export type SoughtPort = Pick<Process, 'name' | 'port' | 'repository'>;

/** All that is asked of a host before anything is started there; what is left out matters to nothing that will be done. */
export interface Sought {
  readonly host: string;
  /** At which ports of it are listened on. */
  readonly listen: string;
  /** Whether it is asked for that address: its processes stand on that, and no plan tells of it already. */
  readonly seeksListen: boolean;
  readonly miner: string;
  /** The API that its workers register at; null: it runs none. */
  readonly api:
    | (ApiAddress & {
        readonly isFromMiner: boolean;
        /** It is asked over plain HTTP. */
        readonly isPlain: boolean;
      })
    | null;
  readonly archives: readonly SoughtArchive[];
  readonly packages: {
    readonly manager: 'apt' | 'yum';
    /** Of the inventory; null: only what the host has itself. */
    readonly mirror: string | null;
    readonly proxy: string | null;
    /** Those that the host is to have: where one is missing, it matters that it can be had. */
    readonly names: readonly string[];
  } | null;
  readonly names: readonly SoughtName[];
  readonly ports: readonly SoughtPort[];
  /** Cores that its processes are laid out on, ascending; none: any. */
  readonly cpus: readonly number[];
  /** All that it is to run: what is at work beside them is somebody else. */
  readonly own: readonly SoughtProcess[];
  /** Whether the same run sets what keeps the clock. */
  readonly setsClock: boolean;
}

/** A host, with what it is to be. */
export interface SoughtOf {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly tasks: readonly Task[];
  /** Those that may be started. */
  readonly processes: readonly Process[];
  /** Those of all of its roles. */
  readonly own: readonly Process[];
  readonly reveal: Reveal;
  /** The miner's API is not asked for: it is not known, or comes with the same run. */
  readonly withoutApi: boolean;
  /** What will be done, where that is known: resources that change, and processes that are started. */
  readonly only?: {
    readonly changes: ReadonlySet<string>;
    readonly starts: ReadonlySet<string>;
  };
}

/** What is asked of a host. Throws an FcopsError where the miner's address is not known or not understood. */
export const soughtOf = ({
  cluster,
  host,
  tasks,
  processes,
  own,
  reveal,
  withoutApi,
  only,
}: SoughtOf): Sought => {
  const resources = tasks.flatMap((task) => task.resources);
  const fetched = resources.flatMap(({ id, fetches }) =>
    fetches && (!only || only.changes.has(id)) ? [fetches] : [],
  );
  const archives = fetched.flatMap((one): SoughtArchive[] => {
    if (one.type !== 'archive') return [];
    const { url, sha256, directory, proxy } = one;
    return [{ url, sha256, directory, proxy }];
  });
  const [packages] = fetched.flatMap((one) => (one.type === 'packages' ? [one] : []));
  const ports = processes.filter(({ name }) => only?.starts.has(name) ?? true);
  const runsWorkers = ports.some(({ known }) => known.by === 'argument');
  const api = runsWorkers && !withoutApi ? apiOf(cluster, reveal) : null;
  const mirror = host.variables.aptMirror;
  return {
    host: host.name,
    listen: host.listen,
    seeksListen: only === undefined && ports.some((process) => needsAddress(process, host.listen)),
    miner: cluster.miner,
    api,
    archives,
    packages: packages
      ? {
          manager: packages.manager,
          mirror: packages.manager === 'apt' ? mirror : null,
          proxy: packages.proxy,
          names: packages.names,
        }
      : null,
    names: namesOf(host, { api, archives, withPackages: packages !== undefined }),
    ports: ports.map(({ name, port, repository }) => ({ name, port, repository })),
    cpus: ports.length > 0 ? cpusOf(cluster, host) : [],
    own,
    setsClock:
      only !== undefined &&
      tasks.some(
        ({ tags, resources: some }) => tags.includes('time') && some.some(({ id }) => only.changes.has(id)),
      ),
  };
};

/** `user:password` for the artifact server; null: it asks for none. */
export const credentialsFor = (tasks: readonly Task[], reveal: Reveal): string | null => {
  const [first] = tasks
    .flatMap(({ resources }) => resources)
    .flatMap(({ fetches }) =>
      fetches?.type === 'archive' && fetches.credentials ? [fetches.credentials] : [],
    );
  return first === undefined ? null : revealedText(first, reveal);
};

const apiOf = ({ api, file }: Cluster, reveal: Reveal): NonNullable<Sought['api']> => {
  const read = readApiFile(api.from === 'inventory' ? api.address : reveal(api.address.name));
  if (read.type === 'understood')
    return {
      ...read.value,
      isFromMiner: api.from === 'miner',
      isPlain: !/\/(https|wss)$/.test(read.value.multiaddr),
    };
  throw new FcopsError({
    kind: 'inventory',
    what: `the address of the miner's API is not understood: ${read.why}`,
    where: { file },
  });
};

const namesOf = (
  { variables: { ntpServer, proxy, aptMirror } }: Host,
  { api, archives, withPackages }: Pick<Sought, 'api' | 'archives'> & { readonly withPackages: boolean },
): SoughtName[] => {
  const viaProxy = proxy === null ? null : hostOf(proxy);
  const all: (readonly [string | null, string])[] = [
    ...(api ? [[api.host, 'lotus-miner'] as const] : []),
    // The proxy finds the names of servers behind it by itself.
    ...(viaProxy !== null && (archives.length > 0 || withPackages) ? [[viaProxy, 'proxy'] as const] : []),
    ...(viaProxy === null ? archives.map(({ url }) => [hostOf(url), 'artifact server'] as const) : []),
    ...(viaProxy === null && withPackages && aptMirror !== null
      ? [[hostOf(aptMirror), "packages' mirror"] as const]
      : []),
    ...(ntpServer !== null ? [[ntpServer, 'time server'] as const] : []),
  ];
  const names = new Map<string, Set<string>>();
  for (const [name, what] of all) {
    if (name === null || isAddress(name)) continue;
    names.set(name, (names.get(name) ?? new Set()).add(what));
  }
  return [...names].map(([name, what]) => ({ name, what: [...what] }));
};

/** The host that an address names; null where it names none. */
export const hostOf = (url: string): string | null => {
  try {
    return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') || null;
  } catch {
    return null;
  }
};

const isAddress = (name: string): boolean => /^\d+(\.\d+){3}$/.test(name) || name.includes(':');

/** The cores that a layout gives to the processes of a host. */
const cpusOf = ({ sectorSize }: Cluster, { roles, profile }: Host): readonly number[] => {
  const all = roles.filter(hasLayout).flatMap((role) => cpusIn(layouts[role].solve(profile, sectorSize)));
  return [...new Set(all)].sort((a, b) => a - b);
};

const cpusIn = (layout: Layout): readonly number[] => {
  switch (layout.kind) {
    case 'p1':
      return [...layout.tasks.flatMap(({ cpus }) => cpus), ...layout.p2.cpus];
    case 'c2':
      return layout.workers.flatMap(({ cpus }) => cpus);
    case 'apx':
      return [];
  }
};
