/** Thirty secrets of a cluster, with all that a text may break at, kept in every way that a cluster file can name. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encrypted, newIdentity } from '../../src/ops/secrets/envelope.ts';

/** What stands in each of them, and in nothing else on this machine. */
const MARK = `s3cr${process.pid}t`;

/** What shells, JSON, YAML, regular expressions, terminals and encodings make something of. */
const ODD = [
  ...["'", '"', '$HOME', '`id`', '\\', '$(id)', '%s%n', 'ä', '€', '日本語', '𝄞', ' ', '\t', '!', '#'],
  ...['&', ';', '|', '<b>', '*', '?', '~', '{x}', '[x]', '@', ':', '/', '=', '\u202e', '\u0007'],
];

/** The values: nothing else of them is like another. */
export const THIRTY: readonly string[] = ODD.map(
  (odd, index) => `${MARK}${index + 10}${odd}mid${ODD[(index + 7) % ODD.length]}end`,
);

/** Of several lines: refused, and not shown on the way. */
export const TWO_LINES = `${MARK}first\n${MARK}second`;

/** Whether any of them, or a part that would tell it, stands in a text. */
export const hasOneOfThirty = (text: string): boolean => text.includes(MARK);

/** A secret as a cluster file names it. */
export type Ref = Readonly<Record<string, unknown>>;

export interface KeptSecrets {
  /** By the number of the secret. */
  readonly refs: readonly Ref[];
  readonly twoLines: Ref;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Keeps them: every fourth encrypted beside the cluster files, in the environment, in files, and in a vault. `keep` is a
 * directory for what is in the clear.
 */
export const keepThirty = async (inventory: string, keep: string): Promise<KeptSecrets> => {
  const { identity, recipient } = await newIdentity();
  mkdirSync(join(inventory, 'secrets'), { recursive: true });
  mkdirSync(keep, { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(keep, name), text, { mode: 0o600 });
  put('age.key', identity);
  writeFileSync(join(inventory, 'secrets/recipients.txt'), `${recipient}\n`);
  const env: Record<string, string> = { FCOPS_AGE_IDENTITY: join(keep, 'age.key') };
  const seal = async (name: string, value: string): Promise<Ref> => {
    const text = await encrypted(value, [{ key: recipient, name: null, line: 1 }], 'recipients.txt');
    if (!text.ok) throw new Error(text.error.what);
    writeFileSync(join(inventory, 'secrets', `${name}.age`), text.value);
    return { age: name };
  };
  const refs: Ref[] = [];
  for (const [index, value] of THIRTY.entries()) {
    const name = `secret-${index}`;
    const kind = index % 4;
    if (kind === 0) refs.push(await seal(name, value));
    else if (kind === 1) {
      env[`SECRET_${index}`] = value;
      refs.push({ env: `SECRET_${index}` });
    } else {
      put(name, `${value}\n`);
      refs.push(kind === 2 ? { file: join(keep, name) } : { exec: ['cat', join(keep, name)] });
    }
  }
  return { refs, twoLines: await seal('two-lines', TWO_LINES), env };
};
