import type { z } from 'zod';
import type { Place, Problem } from '../core/errors.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import { type JsonSchema, keysOf, schemaAt } from './schema.ts';
import { byPlace, type Path, type YamlFile } from './yaml-file.ts';

type Issue = z.core.$ZodIssue;

/** Values under these keys are or may hold secrets, also where they are wrong: they are never quoted. */
const NEVER_QUOTED = new Set<PropertyKey>(['token', 'password', 'sudoPassword', 'url', 'environment']);

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );

const isScalarValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** `p1-50` for a path inside `hosts[3]`. */
export const hostOf = (yaml: YamlFile, path: Path): string | undefined => {
  const name = path[0] === 'hosts' ? valueAt(yaml.value, [...path.slice(0, 2), 'name']) : undefined;
  return typeof name === 'string' ? name : undefined;
};

/** The place with the host that it is about, where it is about one. */
export const withHost = (place: Place, host: string | undefined): Place =>
  host === undefined ? place : { ...place, host };

/** `ssh.port`, `roles[0]`: inside a host from the host on, because the place names the host. */
const pathName = (path: Path, inHost: boolean): string =>
  (inHost ? path.slice(2) : path)
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const NAMES: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

const limit = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  if (issue.origin === 'string' || issue.origin === 'array' || issue.origin === 'set')
    return small ? 'must not be empty' : `must not be longer than ${bound}`;
  if (small) return issue.inclusive ? `must be at least ${bound}` : `must be more than ${bound}`;
  return issue.inclusive ? `must be at most ${bound}` : `must be less than ${bound}`;
};

/** Turns what zod found into problems in plain words, each at the place in the file where it is to be mended. */
export const zodProblems = (
  issues: readonly Issue[],
  yaml: YamlFile,
  schema: JsonSchema,
): readonly Problem[] => {
  const misspelt = new Set(issues.flatMap((issue) => misspeltKeys(issue, schema)));
  return issues
    .filter(
      (issue) => valueAt(yaml.value, issue.path) !== undefined || !misspelt.has(JSON.stringify(issue.path)),
    )
    .flatMap((issue) => describe(issue, yaml, schema))
    .toSorted(byPlace);
};

/** Paths that unknown keys were probably meant to be: that they are missing as well goes without saying. */
const misspeltKeys = (issue: Issue, schema: JsonSchema): readonly string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) =>
        JSON.stringify([...issue.path, closest(key, keysOf(schemaAt(schema, issue.path)))]),
      )
    : [];

const describe = (issue: Issue, yaml: YamlFile, schema: JsonSchema): readonly Problem[] => {
  const { path } = issue;
  const host = hostOf(yaml, path);
  const at = (place: Place): Place => withHost(place, host);
  const name = pathName(path, host !== undefined) || 'the file';
  const named = path.length > 0 ? `\`${name}\`` : name;
  const part = schemaAt(schema, path);
  const meaning = part?.description === undefined ? {} : { next: `${name}: ${part.description}` };
  const value = valueAt(yaml.value, path);
  const quotable = isScalarValue(value) && !path.some((key) => NEVER_QUOTED.has(key));
  const but = quotable ? `, not "${yaml.written(path) ?? String(value)}"` : '';

  switch (issue.code) {
    case 'unrecognized_keys':
      // A merge key has been told already, as a mistake of the YAML.
      return issue.keys
        .filter((key) => key !== '<<')
        .map((key) => ({
          what:
            path.length > (host === undefined ? 0 : 2)
              ? `unknown key "${key}" in ${named}`
              : `unknown key "${key}"`,
          where: at(yaml.keyPlace([...path, key])),
          next: didYouMean(key, keysOf(part)),
        }));
    case 'invalid_key':
      return [
        {
          what: `the key "${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is not allowed here'}`,
          where: at(yaml.keyPlace(path)),
        },
      ];
    case 'invalid_value':
      if (value === undefined) return [missing(name, yaml, path, at, meaning)];
      return [
        {
          what: quotable
            ? `${named} cannot be "${String(value)}"`
            : `${named} has a value that is not allowed`,
          where: at(yaml.valuePlace(path)),
          next: didYouMean(isScalarValue(value) ? String(value) : '', issue.values.map(String)),
        },
      ];
    case 'invalid_type':
      if (value === undefined) return [missing(name, yaml, path, at, meaning)];
      return [
        {
          ...wrongType(named, issue.expected, value, yaml.written(path), but, meaning),
          where: at(yaml.valuePlace(path)),
        },
      ];
    case 'too_small':
    case 'too_big':
      return [{ what: `${named} ${limit(issue)}${but}`, where: at(yaml.valuePlace(path)), ...meaning }];
    default:
      return [{ what: `${named} ${issue.message}${but}`, where: at(yaml.valuePlace(path)), ...meaning }];
  }
};

const missing = (
  name: string,
  yaml: YamlFile,
  path: Path,
  at: (place: Place) => Place,
  meaning: Pick<Problem, 'next'>,
): Problem => ({
  what: path.length === 0 ? 'the file is empty' : `\`${name}\` is missing`,
  where: at(yaml.keyPlace(path.slice(0, -1))),
  ...meaning,
});

const wrongType = (
  named: string,
  expected: string,
  value: unknown,
  written: string | undefined,
  but: string,
  meaning: Pick<Problem, 'next'>,
): Problem => {
  if (value === null) return { what: `${named} is empty`, ...meaning };
  const wanted = NAMES[expected] ?? expected;
  // The YAML reader has already changed the value: 1.10 is the number 1.1, a hash 15490e24 is 1.5e+28.
  if (expected === 'string' && but !== '' && typeof value !== 'string')
    return {
      what: `${named} must be text, but YAML reads ${written ?? String(value)} as ${kind(value)}`,
      next: `quote it: "${written ?? String(value)}"`,
    };
  if (expected === 'string' && isScalarValue(value))
    return { what: `${named} must be text, but YAML reads it as ${typeof value}`, next: 'quote it' };
  if (expected === 'array' && but !== '')
    return { what: `${named} must be a list`, next: `write [${String(value)}]` };
  return { what: `${named} must be ${wanted}${but}`, ...meaning };
};

const kind = (value: unknown): string =>
  typeof value === 'number' ? `the number ${value}` : `the truth value ${String(value)}`;
