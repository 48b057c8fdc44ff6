import { inspect } from 'node:util';
import { escapeUnseen, jsonText } from './invisible.ts';
import { quote } from './shell.ts';

/**
 * Characters that a secret has at least. A shorter one is masked within ordinary words, where anybody reads it back
 * from what is left of them, and protects little.
 */
export const SHORTEST_SECRET = 8;

/** Characters that a secret has at most: every text is searched for it. */
export const LONGEST_SECRET = 8192;

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

/** Characters below which a line of a secret is no part of it that has to be hidden: words of any text have as many. */
const SHORTEST_LINE = 8;

/**
 * A secret in every form that a text may hold it in: as it is, as a shell word, line by line, with what is unseen in it
 * escaped, and all of them within a JSON string. The longest come first.
 */
export const secretForms = (value: string): string[] => {
  const lines = value.split('\n').filter((line) => line.length >= SHORTEST_LINE);
  const plain = [value, quote(value), ...lines];
  const inJson = (form: string) => [JSON.stringify(form), jsonText(form)].map((text) => text.slice(1, -1));
  const forms = plain.flatMap((form) => [form, escapeUnseen(form), ...inJson(form)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
};

/** What may stand in a text where a secret has a blank: a line that was broken there, indented and coloured. */
const BLANK = '(?:\\s|\\u001b\\[[\\d;]*m)+';

const patternOf = (form: string): string =>
  form
    .split(/\s+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join(BLANK);

/** Replaces every given value by the mask. The last line of defence: what is secret by type is masked before. */
export const redactor = (values: readonly string[]): ((text: string) => string) => {
  // No secret of an inventory is shorter: it would be masked within ordinary words.
  const forms = values
    .filter((value) => value.trim().length >= SHORTEST_SECRET)
    .flatMap((value) => secretForms(value.trim()));
  if (forms.length === 0) return (text) => text;
  const known = new RegExp(
    [...new Set(forms)]
      .sort((a, b) => b.length - a.length)
      .map(patternOf)
      .join('|'),
    'g',
  );
  return (text) => text.replace(known, MASK);
};
