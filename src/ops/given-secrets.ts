import { redactor } from '../core/secret.ts';

/** Secrets that hosts have given in this run, by their names: in no file of the controller, and gone with the process. */
export class GivenSecrets {
  readonly #values = new Map<string, string>();
  #redact: (text: string) => string = (text) => text;

  give(name: string, value: string): void {
    this.#values.set(name, value);
    this.#redact = redactor([...this.#values.values()]);
  }

  /** Undefined: no host has given it. */
  reveal(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Masks them in a text. */
  redact(text: string): string {
    return this.#redact(text);
  }
}
