import type { Api, Cluster, ConfigSection, Host } from '../inventory/cluster.ts';
import type { TomlKey } from '../resources/toml/edit-toml.ts';

const LOTUS_PORT = 1234;
const LISTEN_ADDRESS = 'API.ListenAddress';

/** What lotus is set to (handbook 2.1.5.4) where the inventory says nothing. */
const lotusDefaults = ({ listen }: Host): ConfigSection => ({
  API: { ListenAddress: `/ip4/${listen}/tcp/${LOTUS_PORT}/http` },
  Backup: { DisableMetadataLog: true },
});

/** The same of lotus-miner (handbook 2.1.6.4). It listens on the port that the workers are told. */
const minerDefaults = ({ api }: Cluster, { listen }: Host): ConfigSection => ({
  API: { ListenAddress: `/ip4/${listen}/tcp/${portOf(api)}/http` },
  Backup: { DisableMetadataLog: true },
  Sealing: {
    MaxWaitDealsSectors: 2,
    MaxSealingSectors: 0,
    MaxSealingSectorsForDeals: 0,
    AlwaysKeepUnsealedCopy: true,
    FinalizeEarly: true,
    BatchPreCommits: false,
    AggregateCommits: false,
  },
  Fees: {
    MaxPreCommitGasFee: '0.025 FIL',
    MaxCommitGasFee: '0.05 FIL',
    MaxTerminateGasFee: '0.5 FIL',
    MaxWindowPoStGasFee: '5 FIL',
    MaxPublishDealsFee: '0.05 FIL',
    MaxMarketBalanceAddFee: '0.007 FIL',
    MaxPreCommitBatchGasFee: { Base: '0 FIL', PerSector: '0.02 FIL' },
    MaxCommitBatchGasFee: { Base: '0 FIL', PerSector: '0.03 FIL' },
  },
});

const MINER_PORT = '2345';

/** The port that workers are told, of a multiaddr such as `/ip4/192.168.10.1/tcp/2345/http`. */
const portOf = (api: Api): string =>
  (api.from === 'inventory' ? /\/tcp\/(\d+)/.exec(api.address)?.[1] : undefined) ?? MINER_PORT;

/** The port that a program listens on by its keys; what is left to the file is taken for the standard one. */
const portBy = (keys: readonly TomlKey[], standard: number): number => {
  const value = keys.find(({ path }) => path.join('.') === LISTEN_ADDRESS)?.value;
  return typeof value === 'string' ? Number(/\/tcp\/(\d+)/.exec(value)?.[1] ?? standard) : standard;
};

export const lotusPort = (cluster: Cluster, host: Host): number =>
  portBy(lotusKeys(cluster, host), LOTUS_PORT);

export const minerPort = (cluster: Cluster, host: Host): number =>
  portBy(minerKeys(cluster, host), Number(portOf(cluster.api)));

/** Whether a program with these keys listens on the address that the inventory gives its host. */
export const listensAt = ({ listen }: Host, keys: readonly TomlKey[]): boolean =>
  keys.some(
    ({ path, value }) =>
      path.join('.') === LISTEN_ADDRESS && typeof value === 'string' && value.startsWith(`/ip4/${listen}/`),
  );

/** Keys of lotus's config.toml that fcops sets, each with its value. */
export const lotusKeys = ({ config }: Cluster, host: Host): TomlKey[] =>
  keysOf(lotusDefaults(host), config.lotus, []);

/** The same of lotus-miner's. */
export const minerKeys = (cluster: Cluster, host: Host): TomlKey[] =>
  keysOf(minerDefaults(cluster, host), cluster.config.miner, []);

/** The keys of a section with those of the inventory over them; null is left to the file. */
const keysOf = (standard: ConfigSection, own: ConfigSection, path: readonly string[]): TomlKey[] =>
  [...new Set([...Object.keys(standard), ...Object.keys(own)])].flatMap((name): TomlKey[] => {
    const [before, said] = [standard[name], own[name]];
    const value = said === undefined ? before : said;
    if (value === undefined || value === null) return [];
    if (typeof value !== 'object') return [{ path: [...path, name], value }];
    return keysOf(isSection(before) ? before : {}, isSection(said) ? said : {}, [...path, name]);
  });

const isSection = (value: ConfigSection[string] | undefined): value is ConfigSection =>
  typeof value === 'object' && value !== null;
