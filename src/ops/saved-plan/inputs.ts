import { sha256 } from '../../core/sha256.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import { loadTemplates } from '../../render/load.ts';
import { describeHost } from '../host-description.ts';
import { nodeFiles } from '../node-files.ts';
import type { Sources } from '../sources.ts';

/** What counts for a host, by key: `versions.p1`, `profile cpu.sockets`. Values are JSON; of a secret its reference. */
export type Inputs = Readonly<Record<string, string>>;

/** Before the keys of its profile. */
export const PROFILE = 'profile ';

/** What the inventory and the profile say of a host, with all defaults. Where the files are does not count. */
export const hostInputs = (cluster: Cluster, host: Host): Inputs => {
  // What is read on the machine itself counts in its place. Of groups only what they set counts.
  const {
    file: _,
    savedFacts: __,
    ssh: ___,
    groups: ____,
    address,
    listen,
    ...described
  } = describeHost(cluster, host);
  // At another port, or through another bastion, is another machine; as whom it is logged in to changes nothing on it.
  const { port, proxyJump } = host.ssh;
  const { placeOf: _____, ...profile } = host.profile;
  return Object.fromEntries([
    ...entriesIn(
      { ...described, address, ...(listen !== address && { listen }), ssh: { port, proxyJump } },
      '',
    ),
    ...entriesIn(profile, '').map(([key, value]) => [`${PROFILE}${key}`, value]),
  ]);
};

/** Mappings key by key, anything else as it is: `config.miner.Sealing.BatchPreCommits`. */
const entriesIn = (value: unknown, key: string): [string, string][] => {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [[key, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, part]) =>
    entriesIn(part, key === '' ? name : `${key}.${name}`),
  );
};

/** sha256 of every template, by its name. */
export const templateSums = ({ packageRoot, templates }: Sources): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...loadTemplates(nodeFiles, `${packageRoot}/templates`, templates)].map(([name, { text }]) => [
      name,
      sha256(text),
    ]),
  );
