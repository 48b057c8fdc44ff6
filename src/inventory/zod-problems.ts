import type { z } from 'zod';
import { edit } from '../core/next.ts';
import type { Place, Problem } from '../core/problem.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import { count } from '../core/units.ts';
import {
  adviseChecksum,
  adviseChoice,
  adviseEmpty,
  adviseMissing,
  adviseSecret,
  adviseValue,
  NAME_A_SECRET,
  repair,
} from './advice.ts';
import { isSecretSchema, type JsonSchema, keysOf, schemaAt } from './schema.ts';
import { byPlace, type Path, valueAt, type YamlFile } from './yaml-file.ts';

type Issue = z.core.$ZodIssue;

/** Values under these keys may hold secrets, also where they are wrong: they are never quoted, like those of secrets. */
const MAY_HOLD_SECRETS = new Set<PropertyKey>([
  'url',
  'aptMirror',
  'proxy',
  'proxyJump',
  'environment',
  'options',
]);

/** Whether a path is that of a secret, by the schema, or leads into one. */
const isInSecret = (path: Path, schema: JsonSchema): boolean =>
  path.some((_, index) => {
    const part = schemaAt(schema, path.slice(0, index + 1));
    return part !== undefined && isSecretSchema(part);
  });

/** A copy with another value at a path. */
const withValueAt = (value: unknown, [key, ...rest]: Path, inner: unknown): unknown => {
  if (key === undefined) return inner;
  const part = valueAt(value, [key]);
  const changed = withValueAt(part, rest, inner);
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changed : item));
  return { ...(typeof value === 'object' ? value : {}), [key]: changed };
};

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
  tuple: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

/** Which bound something is beyond: `must be at least 1`; undefined where it is another mistake. */
export const limitWords = (issue: Issue): string | undefined =>
  issue.code === 'too_small' || issue.code === 'too_big' ? limit(issue) : undefined;

const limit = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  if (issue.origin === 'string' || issue.origin === 'array' || issue.origin === 'set')
    return small ? 'must not be empty' : `must not be longer than ${bound}`;
  if (small) return issue.inclusive ? `must be at least ${bound}` : `must be more than ${bound}`;
  return issue.inclusive ? `must be at most ${bound}` : `must be less than ${bound}`;
};

/** What a file is checked by, in both forms. */
export interface Form {
  readonly zod: z.ZodType;
  readonly json: JsonSchema;
}

/** More than these of one file nobody reads, and each costs a look at the whole of it. */
const MOST_TOLD = 100;

/** An issue of several keys as one for each. */
const oneByOne = (issue: Issue): readonly Issue[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];

/** Whether a number breaks a nearer bound as well: one of the file beside that of whole numbers in JavaScript. */
const isLooser = (issue: Issue, others: readonly Issue[]): boolean =>
  issue.code === 'too_big' &&
  others.some(
    (other) =>
      other.code === 'too_big' &&
      other.maximum < issue.maximum &&
      JSON.stringify(other.path) === JSON.stringify(issue.path),
  );

const untold = (issues: readonly Issue[], { valuePlace }: YamlFile): readonly Problem[] => {
  const [first] = issues;
  if (!first) return [];
  return [
    {
      kind: 'inventory',
      what: `${count(issues.length, 'more mistake')} of this file, not shown`,
      where: valuePlace(first.path),
      next: [edit('mend the others first, and check again')],
    },
  ];
};

/** Turns what zod found into problems in plain words, each at the place in the file where it is to be corrected. */
export const zodProblems = (all: readonly Issue[], yaml: YamlFile, form: Form): readonly Problem[] => {
  const issues = all.flatMap(oneByOne).filter((issue, _, others) => !isLooser(issue, others));
  const told = issues.slice(0, MOST_TOLD);
  const misspelt = new Set(told.flatMap((issue) => misspeltKeys(issue, form.json)));
  const found = told
    .filter(
      (issue) => valueAt(yaml.value, issue.path) !== undefined || !misspelt.has(JSON.stringify(issue.path)),
    )
    .flatMap((issue) => describe(issue, yaml, form))
    .map(withoutEmptyAdvice);
  return [...yaml.explained(found).toSorted(byPlace), ...untold(issues.slice(MOST_TOLD), yaml)];
};

/** A problem as it is built: advice may turn out to be none. */
type Draft = Omit<Problem, 'kind' | 'next'> & { readonly next: string | undefined };

const withoutEmptyAdvice = ({ next, ...problem }: Draft): Problem => ({
  kind: 'inventory',
  ...problem,
  ...(next !== undefined && { next: [edit(next)] }),
});

/** Paths that unknown keys were probably meant to be: that they are missing as well goes without saying. */
const misspeltKeys = (issue: Issue, schema: JsonSchema): readonly string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) =>
        JSON.stringify([...issue.path, closest(key, keysOf(schemaAt(schema, issue.path)))]),
      )
    : [];

/** More keys than these are told only where none is near. */
const FEW = 6;

const adviseKey = (key: string, known: readonly string[]): string =>
  known.length <= FEW ? adviseChoice(key, known) : didYouMean(key, known);

const describe = (issue: Issue, yaml: YamlFile, form: Form): readonly Draft[] => {
  const { path } = issue;
  const host = hostOf(yaml, path);
  const at = (place: Place): Place => withHost(place, host);
  const name = pathName(path, host !== undefined) || 'the file';
  const named = path.length > 0 ? `\`${name}\`` : name;
  const part = schemaAt(form.json, path);
  const value = valueAt(yaml.value, path);
  const shown = shownValue(path, value, yaml, form.json);
  const but = shown === undefined ? '' : `, not ${shown}`;
  const where = at(yaml.valuePlace(path));
  const next = value === undefined ? undefined : adviseWrong(issue, value, yaml, form);

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
          next: adviseKey(key, keysOf(part)),
        }));
    case 'invalid_key':
      return [
        {
          what: `the key "${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is not allowed here'}`,
          where: at(yaml.keyPlace(path)),
          next: 'rename the key',
        },
      ];
    case 'invalid_value': {
      if (value === undefined) return [missing(name, yaml, path, at, part)];
      if (value === null) return [{ what: `${named} is empty`, where, next }];
      const what =
        shown === undefined ? `${named} has a value that is not allowed` : `${named} cannot be ${shown}`;
      return [{ what, where, next: adviseChoice(scalarText(value), issue.values.map(String)) }];
    }
    case 'invalid_type':
      if (value === undefined) return [missing(name, yaml, path, at, part)];
      return [
        { what: wrongType(named, issue.expected, value, part, yaml.written(path), shown), where, next },
      ];
    case 'too_small':
    case 'too_big':
      return [{ what: `${named} ${limit(issue)}${but}`, where, next }];
    case 'invalid_union':
      if (value === undefined) return [missing(name, yaml, path, at, part)];
      return [
        { what: value === null ? `${named} is empty` : `${named} ${issue.message}${but}`, where, next },
      ];
    default:
      return [{ what: `${named} ${issue.message}${but}`, where, next }];
  }
};

const scalarText = (value: unknown): string => (isScalarValue(value) ? String(value) : '');

/** Keys whose values are URLs. */
const URLS = new Set<PropertyKey>(['url', 'aptMirror', 'proxy']);

/** A URL without anything in it that could be a credential. */
const isPlainUrl = (path: Path, value: unknown): boolean => {
  const key = path.at(-1);
  return key !== undefined && URLS.has(key) && typeof value === 'string' && /^[\w.:/-]+$/.test(value);
};

/** Characters of a value that is shown: a longer one is a file in the place of a value, or a key. */
const MOST_SHOWN = 120;

/** The value for a message: text in quotes, others as they are written; undefined for what may be secret or is long. */
const shownValue = (path: Path, value: unknown, yaml: YamlFile, json: JsonSchema): string | undefined => {
  if (!isScalarValue(value)) return undefined;
  if (isInSecret(path, json)) return undefined;
  if (path.some((key) => MAY_HOLD_SECRETS.has(key)) && !isPlainUrl(path, value)) return undefined;
  const text = yaml.written(path) ?? scalarText(value);
  if (text.length > MOST_SHOWN) return undefined;
  return typeof value === 'string' ? `"${text}"` : text;
};

const START = 'write it after the examples that come with fcops';

/** What to type in place of a value that is there and wrong. */
const adviseWrong = (
  issue: Issue,
  value: unknown,
  yaml: YamlFile,
  { zod, json }: Form,
): string | undefined => {
  const { path } = issue;
  const part = schemaAt(json, path);
  if (value === null && path.length === 0) return START;
  if (value === null) return adviseEmpty(part, isRequired(path, json));
  if (part && isSecretSchema(part)) return NAME_A_SECRET;
  if (issue.code === 'invalid_type' && issue.expected === 'array' && isScalarValue(value))
    return `write [${scalarText(value)}]`;
  const text = yaml.written(path) ?? scalarText(value);
  if (isScalarValue(value) && shownValue(path, value, yaml, json) !== undefined) {
    const accepts = (candidate: unknown): boolean => {
      const changed = zod.safeParse(withValueAt(yaml.value, path, candidate));
      return !changed.error?.issues.some((other) => path.every((key, index) => other.path[index] === key));
    };
    const better = repair(path, text, typeof value === 'string', accepts);
    if (better !== undefined) return better;
  } else if (issue.code === 'invalid_type' && issue.expected === 'string' && isScalarValue(value)) {
    return path.includes('environment') ? 'quote it' : (adviseSecret(path, value) ?? adviseValue(part));
  }
  return adviseSecret(path, value) ?? adviseChecksum(path, text) ?? adviseValue(part);
};

const isRequired = (path: Path, schema: JsonSchema): boolean =>
  schemaAt(schema, path.slice(0, -1))?.required?.includes(String(path.at(-1))) ?? false;

const missing = (
  name: string,
  yaml: YamlFile,
  path: Path,
  at: (place: Place) => Place,
  part: JsonSchema | undefined,
): Draft => ({
  what: path.length === 0 ? 'the file is empty' : `\`${name}\` is missing`,
  where: at(yaml.keyPlace(path.slice(0, -1))),
  next: path.length === 0 ? START : adviseMissing(path.at(-1), part),
});

const wrongType = (
  named: string,
  expected: string,
  value: unknown,
  part: JsonSchema | undefined,
  written: string | undefined,
  shown: string | undefined,
): string => {
  if (value === null) return `${named} is empty`;
  if (part && isSecretSchema(part)) return `${named} must say where the secret is kept`;
  // The YAML reader has already changed the value: 1.10 is the number 1.1, a hash 15490e24 is 1.5e+28.
  if (expected === 'string' && typeof value === 'number') {
    if (shown === undefined) return `${named} must be text, but it is a number`;
    return written === String(value)
      ? `${named} must be text, but ${shown} is a number`
      : `${named} must be text, but YAML reads ${shown} as the number ${value}`;
  }
  if (expected === 'string' && typeof value === 'boolean')
    return `${named} must be text, but ${shown ?? 'it'} is a yes-or-no value`;
  const but = shown === undefined || expected === 'array' ? '' : `, not ${shown}`;
  return `${named} must be ${NAMES[expected] ?? expected}${but}`;
};
