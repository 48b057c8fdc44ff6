import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Explained } from '../inventory/explain.ts';
import { explained, keysIn, rowsOf } from '../inventory/explain.ts';
import { readCluster } from '../inventory/read-cluster.ts';
import type { FoundHost, Sources } from './sources.ts';
import { chosenClusters, hostNamed, inventorySources } from './sources.ts';

export interface ExplainRequest {
  /** Name or address. */
  readonly host: string;
  /** A key as the file has it, with dots, or the beginning of some: `variables`, `ssh.port`. */
  readonly key?: string | undefined;
  readonly miner?: string | undefined;
}

/** A host with its values, each with where it comes from. */
export interface ExplainedHost extends FoundHost {
  readonly values: readonly Explained[];
}

/** Tells of the values of a host where they come from. Throws an FcopsError for a host or a key that there is not. */
export const explainHost = (sources: Sources, { host: name, key, miner }: ExplainRequest): ExplainedHost => {
  const { cluster, host } = hostNamed(chosenClusters(sources, miner), name);
  const { checking } = readCluster(cluster.file, inventorySources(sources));
  const all = explained({ cluster, host, checking });
  const values = rowsOf(all, key);
  if (values.length > 0 || key === undefined) return { cluster, host, values };
  throw new FcopsError({
    kind: 'usage',
    what: `${host.name} has no value "${key}"`,
    next: [edit(didYouMean(key, keysIn(all)))],
  });
};
