import type { Place } from '../core/problem.ts';
import type { Secret } from '../core/secret.ts';
import type { SecretValues } from './secret-values.ts';

/** Where a secret is kept. The last two have to be worked out before anything asks for them (src/ops/secrets/resolve.ts). */
export type SecretKept =
  | { readonly kind: 'env'; readonly name: string }
  | {
      readonly kind: 'file';
      /** As it can be opened. */
      readonly path: string;
    }
  | {
      readonly kind: 'age';
      readonly name: string;
      /** Where it is kept, encrypted. */
      readonly file: string;
    }
  | {
      readonly kind: 'exec';
      readonly argv: readonly [string, ...string[]];
      /** Where the command is run. */
      readonly directory: string;
    };

/** A secret as a cluster file names it. */
export interface NamedSecret {
  readonly secret: Secret;
  /** The place that names it. */
  readonly where: Place;
  /** The section of the file that names it, `ssh`: what it is for. */
  readonly use: string;
  readonly kept: SecretKept;
  /** Under what its value is in `values` when it is known. */
  readonly key: string;
  readonly values: SecretValues;
}
