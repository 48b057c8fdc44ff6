import type { Secret } from '../core/secret.ts';
import type { Resource } from './resource.ts';

export interface ArchiveSpec {
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Directory of this version, under a directory that holds nothing but versions. */
  readonly directory: string;
  readonly credentials?: { readonly user: string; readonly password: Secret };
  /** How many other versions stay, the newest; one that is linked to or runs stays in any case. */
  readonly keep: number;
  /** Files in the archive whose size and time are compared, relative to `directory`. */
  readonly members?: readonly string[];
}

export const archive = (spec: ArchiveSpec): Resource => ({
  id: `archive:${spec.directory}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
