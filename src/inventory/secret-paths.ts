import * as z from 'zod';
import { isSecretType } from './schema-parts.ts';
import type { Path } from './yaml-file.ts';
import { isMapping } from './yaml-file.ts';

/** Gives the paths below `path` at which secrets stand in a value. */
type Finder = (value: unknown, path: Path) => readonly Path[];

/**
 * The paths at which a value has secrets, by the types of its schema alone, in the order of the schema: a key that is
 * added with the type of a secret is found like those that are there. The value may have mistakes.
 */
export const secretPaths = (schema: z.core.$ZodType, value: unknown): readonly Path[] => {
  const known = finders.get(schema) ?? { find: finderOf(schema) };
  finders.set(schema, known);
  return known.find?.(value, []) ?? [];
};

/** What was found out of a schema: it never changes. */
const finders = new WeakMap<z.core.$ZodType, { readonly find: Finder | undefined }>();

/** Undefined: there is no secret in such a value. Throws for a kind of schema in which nobody has looked for any yet. */
const finderOf = (schema: z.core.$ZodType): Finder | undefined => {
  if (isSecretType(schema)) return (value, path) => (value === undefined ? [] : [path]);
  if (schema instanceof z.ZodObject) return ofKeys(schema.shape);
  if (schema instanceof z.ZodArray) return ofItems(finderOf(schema.element));
  if (schema instanceof z.ZodRecord) return ofValues(finderOf(schema.valueType));
  if (schema instanceof z.ZodUnion) return ofAny(schema.options.map(finderOf));
  if (
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return finderOf(schema.unwrap());
  if (PLAIN.has(schema._zod.def.type)) return undefined;
  throw new RangeError(`secrets are not looked for in a schema of the type ${schema._zod.def.type}`);
};

/** Kinds of schemas that have no others in them. */
const PLAIN: ReadonlySet<string> = new Set(['string', 'number', 'int', 'boolean', 'null', 'enum', 'literal']);

const ofKeys = (shape: Readonly<Record<string, z.core.$ZodType>>): Finder | undefined => {
  const inner = Object.entries(shape).flatMap(([key, part]) => {
    const find = finderOf(part);
    return find ? [{ key, find }] : [];
  });
  if (inner.length === 0) return undefined;
  return (value, path) =>
    isMapping(value)
      ? inner.flatMap(({ key, find }) => (Object.hasOwn(value, key) ? find(value[key], [...path, key]) : []))
      : [];
};

const ofItems = (find: Finder | undefined): Finder | undefined =>
  find &&
  ((value, path) =>
    Array.isArray(value) ? value.flatMap((item: unknown, index) => find(item, [...path, index])) : []);

const ofValues = (find: Finder | undefined): Finder | undefined =>
  find &&
  ((value, path) =>
    isMapping(value) ? Object.entries(value).flatMap(([key, item]) => find(item, [...path, key])) : []);

const ofAny = (all: readonly (Finder | undefined)[]): Finder | undefined => {
  const found = all.filter((find) => find !== undefined);
  return found.length === 0 ? undefined : (value, path) => found.flatMap((find) => find(value, path));
};
