import { MASK } from './secret.ts';

/** What of a text is known to be fcops's own, and so no secret of anybody else. */
export interface Ours {
  readonly lines: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  /** Whether fcops itself writes values of this name for all to read. */
  readonly isPlain: (name: string) => boolean;
}

/** Variables of the worker that the shipped templates set in plain text. */
const PLAIN =
  /^(RUST_\w+|FIL_PROOFS_\w+|BELLMAN_\w+|mimalloc_\w+|RAYON_\w+|GOLOG_LOG_LEVEL|IPFS_GATEWAY|LOTUS_PATH|LOTUS_MINER_PATH|LOTUS_BACKUP_BASE_PATH|SCH_QUERY_WORKER|TMPDIR|SECTOR_TYPE|LC_ALL|CPU_LIST|MERKLE_TREE_CACHE|LOTUS_WORKER_PATH|PIECE_TEMPLATE_DIR|no_fetch_params)$/;

/** Parts of a name that say that its value is a secret. */
const SECRET_PARTS =
  /^(pass|pwd|psk|pin|auth|authorization|keys?|creds?|bearer)$|pass(word|wd|phrase|code)|secret|token|credential|apikey|privatekey|accesskey/;

/** Whether a name (`AWS_ACCESS_KEY`, `dbPassword`, `--token`) is that of a secret. */
export const isSecretName = (name: string): boolean =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .some((part) => SECRET_PARTS.test(part));

const ASSIGNED = /(?:^|[\s,])(?:export\s+)?-{0,2}([A-Za-z_][\w.-]*)=/g;

/** What is fcops's own, from the text that it wants, with the mask for each of its secrets. */
export const oursOf = (wanted: string): Ours => {
  const lines = wanted.split('\n').filter((line) => !line.includes(MASK));
  const names = new Set(lines.flatMap((line) => [...line.matchAll(ASSIGNED)].map(([, name = '']) => name)));
  return {
    lines: new Set(lines),
    words: new Set(lines.flatMap((line) => line.split(/[\s='",]+/))),
    isPlain: (name) => !isSecretName(name) && (names.has(name) || PLAIN.test(name)),
  };
};

/** How much is taken for a secret: in a file of others any value, in what programs print only what says so. */
type Rule = { readonly type: 'file'; readonly ours: Ours } | { readonly type: 'output' };

/** What a line leaves open for the next: the quote that its masked value is in, or that it goes on. */
type Open = string | null;
const GOES_ON = '\\';

/**
 * A text that stands on a host and is not, or not only, fcops's own, as it may be shown: of every line that is not
 * ours the values after `=`, `-p` and names such as password, token, secret and key are masked, and so are users
 * in addresses and words that look like keys. `shownAs` says of lines that somebody knows better how they are shown.
 */
export const maskOthers = (
  text: string,
  ours: Ours,
  shownAs: (line: string) => string | null = () => null,
): string => {
  let open: Open = null;
  return text
    .split('\n')
    .map((line) => {
      if (ours.lines.has(line)) {
        open = null;
        return line;
      }
      const masked = afterOpen(line, open, { type: 'file', ours });
      open = masked.open;
      return shownAs(line) ?? masked.text;
    })
    .join('\n');
};

/** What every line has in it that something is masked in: most lines have none of it, and are not read letter by letter. */
const MAY_TELL = /:\/\/|eyJ|bearer|basic|pass|pwd|psk|pin|auth|key|cred|secret|token/i;

/** What a program on a host printed, as it may be shown: values that say that they are secrets are masked. */
export const maskOutput = (text: string): string =>
  MAY_TELL.test(text)
    ? text
        .split('\n')
        .map((line) => (MAY_TELL.test(line) ? scan(line, 0, { type: 'output' }).text : line))
        .join('\n')
    : text;

/** The value of an environment variable as it may be shown, where its name or what it holds may be a secret. */
export const shownVariable = (name: string, value: unknown): unknown => {
  if (isSecretName(name)) return '(not shown: by its name a secret)';
  return typeof value === 'string' ? maskOutput(value) : value;
};

interface Masked {
  readonly text: string;
  readonly open: Open;
}

const afterOpen = (line: string, open: Open, rule: Rule): Masked => {
  if (open === null) return scan(line, 0, rule);
  if (open === GOES_ON) return { text: MASK, open: line.endsWith('\\') ? GOES_ON : null };
  const end = closing(line, 0, open);
  if (end < 0) return { text: MASK, open };
  const rest = scan(line, end + 1, rule);
  return { text: MASK + rest.text, open: rest.open };
};

// Bounded, so that no text that a host can think of takes more than its length to read.
const USER = /:\/\/[^\s'"]{1,500}@/y;
const SCHEME = /(Bearer|Basic)(\s+)[^\s'"]+/iy;
const WEB_TOKEN = /eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/y;
/** A key in hex or base64: long, and no part of a path, a name of a variable or of a version. */
const LONG = /[A-Za-z\d_+]{20,500}={0,2}(?![\w=-])/y;
const NAME = /[A-Za-z_][\w.-]*/y;
const SEPARATOR = /["'\]]*[ \t]*(?:[+:]?=+|:(?!\/\/))[ \t]*/y;
const BLANKS = /["']?[ \t]+(?=\S)/y;
const SHORT = /-p[ \t]*(?=\S)/y;
const LOGIN = /-u[ \t]*[^\s:]{1,500}:\S+/y;

const at = (pattern: RegExp, line: string, index: number): string | null => {
  pattern.lastIndex = index;
  return pattern.exec(line)?.[0] ?? null;
};

/** What is shown for so many characters of a line. */
interface Piece {
  readonly length: number;
  readonly shown: string;
  readonly open?: Open;
}

type Reader = (line: string, index: number, rule: Rule) => Piece | null;

/** The users of addresses: http://deploy:password@mirror/ */
const readUser: Reader = (line, index) => {
  const user = at(USER, line, index);
  return user === null ? null : { length: user.length, shown: `://${MASK}@` };
};

/** `-u user:password` and `-p password`. */
const readOption: Reader = (line, index, rule) => {
  if (rule.type === 'output' || line[index] !== '-') return null;
  if (index > 0 && !/[\s"']/.test(line[index - 1] ?? '')) return null;
  const login = at(LOGIN, line, index);
  if (login !== null) return { length: login.length, shown: `-u ${MASK}` };
  const short = at(SHORT, line, index);
  if (short === null) return null;
  const { text, open } = valueAt(line, index + short.length);
  const shown = short + (isShown(text, rule.ours) ? text : MASK);
  return { length: short.length + text.length, shown, open: text === '\\' ? GOES_ON : open };
};

/** Words that look like keys, wherever they stand. */
const readKey: Reader = (line, index, rule) => {
  const token = at(WEB_TOKEN, line, index);
  if (token !== null) return { length: token.length, shown: MASK };
  const scheme = at(SCHEME, line, index);
  if (scheme !== null) return { length: scheme.length, shown: scheme.replace(/\S+$/, MASK) };
  const long = rule.type === 'file' && line[index - 1] !== '+' ? at(LONG, line, index) : null;
  if (long === null || !/\d/.test(long) || !/[A-Za-z]/.test(long)) return null;
  if (rule.type === 'file' && rule.ours.words.has(long)) return null;
  return { length: long.length, shown: MASK };
};

/** A name, and its value where that has to be masked. */
const readName: Reader = (line, index, rule) => {
  const name = at(NAME, line, index);
  if (name === null) return null;
  const end = index + name.length;
  const separator = at(SEPARATOR, line, end);
  const as = (more: string): Piece => ({ length: name.length + more.length, shown: name + more });
  if (!isSecretName(name)) {
    if (rule.type === 'output' || !separator?.includes('=')) return as('');
    // There may be more in it: options of a mount, an environment in quotes.
    if (rule.ours.isPlain(name)) return as(separator);
    const rest = /\s/.test(separator) ? 'all masked' : 'masked';
    return withValue(line, index, as(separator), (value) => (isShown(value, rule.ours) ? 'shown' : rest));
  }
  // In prose the word key is no more than a word.
  const between = separator ?? (rule.type === 'file' ? at(BLANKS, line, end) : null);
  if (between === null) return as('');
  const isMore = rule.type === 'file' || at(SCHEME, line, end + between.length) !== null;
  return withValue(line, index, as(between), () => (isMore ? 'all masked' : 'masked'));
};

/** How a value is shown: `all masked` with the whole rest of its line. */
type Showing = 'shown' | 'masked' | 'all masked';

/** A piece with the value that follows it. */
const withValue = (line: string, index: number, name: Piece, how: (value: string) => Showing): Piece => {
  const from = index + name.length;
  if (from >= line.length) return name;
  const { text, open } = valueAt(line, from);
  switch (how(text)) {
    case 'shown':
      return { length: name.length + text.length, shown: name.shown + text };
    case 'masked':
      return { length: name.length + text.length, shown: name.shown + MASK, open };
    case 'all masked': {
      const goesOn = line.endsWith('\\') ? GOES_ON : null;
      return { length: line.length - index, shown: name.shown + MASK, open: open ?? goesOn };
    }
  }
};

/** Masks what of a line, from an index on, has to be masked. */
const scan = (line: string, from: number, rule: Rule): Masked => {
  let text = '';
  let open: Open = null;
  for (let index = from; index < line.length; ) {
    const begins = index === 0 || !/\w/.test(line[index - 1] ?? '');
    const piece = (begins ? READERS : [readUser]).reduce<Piece | null>(
      (found, read) => found ?? read(line, index, rule),
      null,
    ) ?? { length: 1, shown: line[index] ?? '' };
    text += piece.shown;
    index += piece.length;
    open = piece.open ?? null;
  }
  return { text, open };
};

const READERS: readonly Reader[] = [readUser, readOption, readKey, readName];

const REFERENCE = /^"?\$(\w+|\{\w+\})"?$/;

/** A value that stands in our own text too, or names a variable, gives nothing away. */
const isShown = (value: string, { words }: Ours): boolean =>
  value === '' || REFERENCE.test(value) || words.has(value.replace(/^(["'])(.*)\1$/, '$2'));

/** A word of a shell from an index on, and the quote that it does not close on this line. */
const valueAt = (line: string, from: number): { readonly text: string; readonly open: Open } => {
  let index = from;
  while (index < line.length) {
    const letter = line[index] ?? '';
    if (/\s/.test(letter)) break;
    if (letter === '`' || line.startsWith('$(', index)) return { text: line.slice(from), open: null };
    if (letter === '"' || letter === "'") {
      const end = closing(line, index + 1, letter);
      if (end < 0) return { text: line.slice(from), open: letter };
      index = end + 1;
    } else index += letter === '\\' ? 2 : 1;
  }
  return { text: line.slice(from, index), open: null };
};

/** Where a quote ends; -1 where it does not. */
const closing = (line: string, from: number, quote: string): number => {
  for (let index = from; index < line.length; index++) {
    if (line[index] === '\\' && quote === '"') index += 1;
    else if (line[index] === quote) return index;
  }
  return -1;
};
