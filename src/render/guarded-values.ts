import { Secret } from '../core/secret.ts';
import { didYouMean } from '../core/suggest.ts';
import { TemplateProblem } from './template-problem.ts';

/** What a template is filled with: strings, numbers, booleans, secrets, and lists and records of them. */
export type TemplateValues = Readonly<Record<string, unknown>>;

/** A secret as a template sees it: `{{secret token}}` opens it, everything else that prints it is an error. */
export class SealedSecret {
  readonly secret: Secret;
  readonly #path: string;

  constructor(secret: Secret, path: string) {
    this.secret = secret;
    this.#path = path;
  }

  [Symbol.toPrimitive](): never {
    throw new TemplateProblem(
      { variable: lastPart(this.#path) },
      `the variable "${this.#path}" is a secret and may not be printed like this`,
      `write {{secret ${this.#path}}}`,
    );
  }
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/**
 * The values such that a template cannot get at what is not there: Handlebars' strict mode looks only at what
 * is printed, not at the parameters of `if`, `each` and other helpers. Reading a missing, undefined or null
 * value throws a TemplateProblem, and so does printing a list, a record or a secret.
 */
export const guardValues = (values: TemplateValues): object => guardObject(values, '');

const guard = (value: unknown, path: string): unknown => {
  if (value instanceof Secret) return new SealedSecret(value, path);
  switch (typeof value) {
    case 'string':
      if (value.includes('\u0000')) break;
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value !== null) return guardObject(value, path);
      break;
  }
  throw new TemplateProblem(
    { variable: lastPart(path) },
    `the variable "${path}" has no printable value: ${String(value)}`,
  );
};

/** Which variable to write in the place of one that is missing. `path`: that of the record; empty for all of the values. */
const adviceFor = (key: string, path: string, known: readonly string[]): string =>
  known.length === 0 ? `${path === '' ? 'this template' : `"${path}"`} has none` : didYouMean(key, known);

const guardObject = (object: object, path: string): object => {
  const guarded = new Map<PropertyKey, unknown>();
  // A copy: of a frozen object a proxy may not give anything but the very values.
  return new Proxy(Array.isArray(object) ? [...object] : { ...object }, {
    get: (target, key) => {
      const before = guarded.get(key);
      if (before !== undefined) return before;
      if (key === Symbol.toPrimitive) {
        throw new TemplateProblem(
          { variable: lastPart(path) },
          `the variable "${path || 'this'}" is a ${Array.isArray(target) ? 'list' : 'record'} and cannot be printed`,
          Array.isArray(target) ? `write {{list ${path}}}` : 'print one of its values',
        );
      }
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return value;
      const name = path ? `${path}.${key}` : key;
      if (!Object.hasOwn(target, key) || value === undefined || value === null) {
        throw new TemplateProblem(
          { variable: key },
          `the variable "${name}" is missing`,
          adviceFor(key, path, Object.keys(target)),
        );
      }
      const own = guard(value, name);
      guarded.set(key, own);
      return own;
    },
    // Strict mode asks `in` before it reads; the read above gives the better message.
    has: (target, key) =>
      typeof key === 'string' && !Array.isArray(target) ? true : Reflect.has(target, key),
  });
};
