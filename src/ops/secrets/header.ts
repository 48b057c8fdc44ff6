import { err, ok, type Result } from '../../core/result.ts';

/** What the clear beginning of an encrypted file tells anybody. */
export interface AgeHeader {
  /** Kinds of the stanzas that hold the file's key: one for each who can decrypt. */
  readonly kinds: readonly string[];
  /** Tags of the recipients, where fcops has encrypted it; null: another program has. */
  readonly tags: readonly string[] | null;
}

/** The stanza by which fcops says for whom it has encrypted. Others pass over it, as age's format has it. */
export const TAGS_STANZA = 'fcops-recipients';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';

/** Reads it out of an armored file. Needs no key, and proves nothing: only who can decrypt can tell that it is true. */
export const readHeader = (text: string): Result<AgeHeader, string> => {
  const lines = text.trim().split(/\r?\n/);
  if (lines[0] !== BEGIN) return err('it is no file of age in its text form');
  if (lines.at(-1) !== END) return err('its end is missing');
  const body = lines.slice(1, -1).join('');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return err('it has other characters than base64');
  const [version, ...rest] = Buffer.from(body, 'base64').toString('latin1').split('\n');
  if (version !== 'age-encryption.org/v1') return err(`its version is not known`);
  const end = rest.findIndex((line) => line.startsWith('--- '));
  if (end < 0) return err('its header has no end');
  const stanzas = rest.slice(0, end).flatMap((line) => {
    const [arrow, kind, ...args] = line.split(' ');
    return arrow === '->' && kind !== undefined ? [{ kind, args }] : [];
  });
  const tags = stanzas.find(({ kind }) => kind === TAGS_STANZA)?.args ?? null;
  const kinds = stanzas.flatMap(({ kind }) => (kind === TAGS_STANZA || isGrease(kind) ? [] : [kind]));
  return ok({ kinds, tags });
};

/** What age puts in so that nobody relies on what may stand there. */
const isGrease = (kind: string): boolean => kind.endsWith('-grease');
