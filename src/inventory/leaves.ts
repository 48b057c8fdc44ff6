import type * as z from 'zod';
import { secretPaths } from './secret-paths.ts';
import type { Path } from './yaml-file.ts';

/** A value of a file that is taken as a whole: a scalar, a list, a secret. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All such values below a value, in its order; of secrets, which the schema tells, where each is kept. */
export const leavesOf = (schema: z.core.$ZodType, value: unknown): readonly Leaf[] => {
  const secrets = new Set(secretPaths(schema, value).map((path) => JSON.stringify(path)));
  const below = (part: unknown, path: Path): readonly Leaf[] =>
    isMapping(part) && !secrets.has(JSON.stringify(path))
      ? Object.entries(part).flatMap(([key, inner]) => below(inner, [...path, key]))
      : [{ path, value: part }];
  return below(value, []);
};
