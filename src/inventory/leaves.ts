import type * as z from 'zod';
import { secretPaths } from './secret-paths.ts';
import type { Path } from './yaml-file.ts';
import { isMapping } from './yaml-file.ts';

/** A value of a file that is taken as a whole: a scalar, a list, a secret. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

/** All such values below a value, in its order. `isWhole`: that a mapping is taken as one. */
export const leavesBelow = (
  value: unknown,
  isWhole: (path: Path) => boolean = () => false,
  path: Path = [],
): readonly Leaf[] =>
  isMapping(value) && !isWhole(path)
    ? Object.entries(value).flatMap(([key, inner]) => leavesBelow(inner, isWhole, [...path, key]))
    : [{ path, value }];

/** The same where the schema tells which are secrets: of each where it is kept. */
export const leavesOf = (schema: z.core.$ZodType, value: unknown): readonly Leaf[] => {
  const secrets = new Set(secretPaths(schema, value).map((path) => JSON.stringify(path)));
  return leavesBelow(value, (path) => secrets.has(JSON.stringify(path)));
};
