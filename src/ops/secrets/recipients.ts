import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { sha256 } from '../../core/sha256.ts';

/** One who can decrypt the secrets of a directory: a public key of age. */
export interface Recipient {
  readonly key: string;
  /** What stands in the comment above it, mostly a name; null: none. */
  readonly name: string | null;
  /** Counts from 1. */
  readonly line: number;
}

/** What a file of recipients says, and what is wrong with it. */
export interface ReadRecipients {
  readonly recipients: readonly Recipient[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file of recipients as age has it: a public key a line, `#` before comments. A comment right above a key is the
 * name of whose it is.
 */
export const readRecipients = (file: string, text: string): ReadRecipients => {
  const recipients: Recipient[] = [];
  const problems: Problem[] = [];
  let name: string | null = null;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const key = written.trim();
    const line = index + 1;
    if (key.startsWith('#')) {
      name = key.replace(/^#+\s*/, '') || null;
      continue;
    }
    const twice = recipients.find((one) => one.key === key);
    const problem = twice
      ? { what: `the same recipient as in line ${twice.line}`, next: [edit('keep one of them')] }
      : refusal(key);
    if (key !== '' && problem) problems.push({ kind: 'secret', where: { file, line }, ...problem });
    else if (key !== '') recipients.push({ key, name, line });
    name = null;
  }
  return { recipients, problems };
};

/** As shown to people: a key is long, and its beginning tells it from others. */
export const shownRecipient = ({ key, name }: Pick<Recipient, 'key' | 'name'>): string =>
  name === null ? shortKey(key) : `${name} (${shortKey(key)})`;

const shortKey = (key: string): string => (key.length > 20 ? `${key.slice(0, 16)}…` : key);

/** By what a file names a recipient that it was encrypted for: it tells nothing to who does not have the public key. */
export const recipientTag = (key: string): string => sha256(`fcops age recipient ${key}`).slice(0, 16);

/** The kind of stanza that each kind of recipient comes out as. The others of these tell nobody whose they are. */
export const stanzaOf = (key: string): string => {
  const kind = KINDS.find(({ form }) => form.test(key));
  return kind?.stanza ?? 'X25519';
};

const KINDS = [
  { form: /^age1pq1[02-9ac-hj-np-z]{50,}$/, stanza: 'mlkem768x25519' },
  { form: /^age1tag1[02-9ac-hj-np-z]{50,}$/, stanza: 'p256tag' },
  { form: /^age1tagpq1[02-9ac-hj-np-z]{50,}$/, stanza: 'mlkem768p256tag' },
  { form: /^age1[02-9ac-hj-np-z]{58}$/, stanza: 'X25519' },
] as const;

/** Why a line is no recipient that fcops can encrypt for; undefined: it is one. */
const refusal = (key: string): Pick<Problem, 'what' | 'why' | 'next'> | undefined => {
  if (KINDS.some(({ form }) => form.test(key))) return undefined;
  const own = fcopsCommand(['secrets', 'init'], 'a key of age of their own, and its age1… line here');
  if (/^AGE-SECRET-KEY-/i.test(key))
    return {
      what: 'this is a private key, and whoever reads this file can decrypt with it',
      next: [edit('make a new key, put its public part (age1…) here, and give every secret another value')],
    };
  if (/^(ssh-|ecdsa-|sk-)/.test(key))
    return {
      what: 'SSH keys cannot be recipients',
      why: 'the age library that fcops is built with knows none of them (age itself does)',
      next: [own],
    };
  if (/^age1[a-z0-9+._-]+1/.test(key))
    return {
      what: 'recipients of age plugins cannot be used',
      why: 'fcops starts no plugins',
      next: [own],
    };
  return {
    what: 'this is no recipient of age',
    why: key.startsWith('age1')
      ? 'it is too short or too long, or has a character that no key has'
      : 'they begin with age1',
    next: [own],
  };
};
