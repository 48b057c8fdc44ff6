import type { Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';

/** What came of working out a secret: its value as it is, or why there is none. */
export type SecretResult = Result<string, readonly Problem[]>;

/**
 * The values of secrets in this process, each worked out once: all that a command does goes by the same ones, and a
 * vault is asked once. In memory only.
 */
export class SecretValues {
  readonly #values = new Map<string, SecretResult>();

  /** Undefined: nobody has worked it out yet. */
  get(key: string): SecretResult | undefined {
    return this.#values.get(key);
  }

  /** All that are known by now: what has to be masked. */
  known(): readonly string[] {
    return [...this.#values.values()].flatMap((result) => (result.ok ? [result.value] : []));
  }

  settle(key: string, result: SecretResult): void {
    this.#values.set(key, result);
  }

  /** The value that is known, else what `read` gives, which may throw: that is asked again then. */
  once(key: string, read: () => string): string {
    const known = this.#values.get(key);
    if (known?.ok) return known.value;
    const value = read();
    this.#values.set(key, { ok: true, value });
    return value;
  }
}
