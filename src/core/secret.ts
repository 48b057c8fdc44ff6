import { inspect } from 'node:util';
import { quote } from './shell.ts';

/**
 * Characters that a secret has at least. A shorter one is masked within ordinary words, where anybody reads it back
 * from what is left of them, and protects little.
 */
export const SHORTEST_SECRET = 8;

/** What is shown in place of a secret. */
export const MASK = '********';

/**
 * A value that must not be shown. However it is printed (string, JSON, inspect) it shows the mask; only
 * `reveal` gives the value, and only templates and the payload of an apply ask for it.
 */
export class Secret {
  /** What the secret is called in messages: `env F0494733_TOKEN`, `file secrets/token`. */
  readonly name: string;
  readonly #read: () => string;

  /** `read` gives the value, or throws an FcopsError that names the secret when it is missing. */
  constructor(name: string, read: () => string) {
    this.name = name;
    this.#read = read;
  }

  reveal(): string {
    return this.#read();
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return `Secret(${this.name})`;
  }
}

/** A secret in every form that a text may hold it in: as it is, as a shell word, and both within a JSON string. */
export const secretForms = (value: string): string[] => {
  const plain = [value, quote(value)];
  return [...new Set([...plain, ...plain.map((form) => JSON.stringify(form).slice(1, -1))])].sort(
    (a, b) => b.length - a.length,
  );
};

/** Replaces every given value by the mask. The last line of defence: what is secret by type is masked before. */
export const redactor = (values: readonly string[]): ((text: string) => string) => {
  // No secret of an inventory is shorter: it would be masked within ordinary words.
  const known = values
    .filter((value) => value.length >= SHORTEST_SECRET)
    .flatMap(secretForms)
    .sort((a, b) => b.length - a.length);
  return (text) => known.reduce((masked, value) => masked.replaceAll(value, MASK), text);
};
