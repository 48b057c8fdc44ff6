import type { Content } from '../../core/content.ts';
import { words } from '../../core/shell.ts';
import type { Ask, Row } from '../look.ts';
import { defineLook } from '../look.ts';
import { networkShell } from '../mounts/look.ts';
import { textShell, unescapeText } from '../text/text.ts';
import shell from './look.sh';
import type { PathState } from './state.ts';

/** A path: what is there, and its text where it is wanted. */
export interface PathAsk extends Ask {
  readonly look: 'path';
  readonly path: string;
  /** Bring the text of a file along: never, where it is not `content`, or always. */
  readonly text: 'never' | 'unless' | 'always';
  readonly content?: Content;
}

/** What is at a path, without the text of a file. */
export const askPath = (path: string): PathAsk => ({ look: 'path', path, text: 'never' });

/** What is at a path, with the sum and the text of a file. */
export const askSum = (path: string): PathAsk => ({ look: 'path', path, text: 'unless' });

/** What is at a path, with the text of a file. */
export const askText = (path: string): PathAsk => ({ look: 'path', path, text: 'always' });

/** What is at a path, with the text of a file where that is not this. */
export const askUnless = (path: string, content: Content): PathAsk => ({
  look: 'path',
  path,
  text: 'unless',
  content,
});

/** Above this a file's text is left on the host. */
const TEXT_LIMIT = 256 * 1024;

/** The wish of two asks for one path: text if either needs it. */
const merge = (a: PathAsk, b: PathAsk): PathAsk => {
  if (a.text === b.text && a.content === b.content) return a;
  if (a.text === 'never') return b;
  if (b.text === 'never') return a;
  return askText(a.path);
};

/** The rows of one path, by their tag, without tag and path. */
type RowsOfPath = ReadonlyMap<string, Row>;

const textOf = (rows: RowsOfPath): string | undefined => {
  const plain = rows.get('text')?.[0];
  if (plain !== undefined) return unescapeText(plain);
  const encoded = rows.get('text64')?.[0];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length > TEXT_LIMIT ? undefined : bytes.toString('utf8');
};

/** How stat prints a link: `'/etc/localtime' -> '/usr/share/zoneinfo/UTC'`. */
const LINK = / -> '(.*)'$/;

const finish = (rows: RowsOfPath): PathState => {
  const [hexMode = '', owner = '', group = '', mtime = '', bytes = '', quoted = ''] = rows.get('path') ?? [];
  const bits = Number.parseInt(hexMode, 16);
  const ownership = { mode: (bits & 0o7777).toString(8).padStart(4, '0'), owner, group };
  switch (bits & 0o170000) {
    case 0o100000: {
      const sha256 = rows.get('sum')?.[0];
      const text = textOf(rows);
      return {
        type: 'file',
        ...ownership,
        bytes: Number(bytes),
        mtime: Number(mtime),
        ...(sha256 !== undefined && { sha256 }),
        ...(text !== undefined && { text }),
      };
    }
    case 0o040000:
      return { type: 'directory', ...ownership };
    case 0o120000:
      return { type: 'link', target: LINK.exec(quoted)?.[1] ?? quoted };
    default:
      return { type: 'other' };
  }
};

/** A message of stat: `stat: cannot statx '/x': No such file or directory`. */
const NO_PATH = /'([^']*)': (.+)$/;
const ABSENT = new Set(['No such file or directory', 'Not a directory']);

/** Everything about paths: one stat, one sha256sum, and the texts that differ. */
export const pathLook = defineLook<PathAsk, PathState>({
  name: 'path',
  is: (ask): ask is PathAsk => ask.look === 'path',
  shell: [textShell, networkShell, shell],
  touches: ({ path }) => [path],
  key: ({ path }) => path,
  merge,
  call: (asks, digest) =>
    words(
      'fcops_paths',
      ...asks.flatMap(({ text, content, path }) => [
        text,
        content === undefined ? '-' : digest(content),
        path,
      ]),
    ),
  rows: ['path', 'sum', 'text', 'text64', 'nopath'],
  parse: (rows) => {
    const seen = new Map<string, PathState>();
    const reasons = new Map<string, string>();
    const byPath = new Map<string, Map<string, Row>>();
    const tell = (path: string, tag: string, fields: Row) => {
      const known = byPath.get(path) ?? new Map<string, Row>();
      byPath.set(path, known.set(tag, fields));
    };
    for (const [tag = '', path = '', ...fields] of rows) {
      if (tag === 'nopath') {
        const [, missing, why = ''] = NO_PATH.exec(path) ?? [];
        if (missing === undefined) continue;
        if (ABSENT.has(why)) seen.set(missing, { type: 'absent' });
        else reasons.set(missing, why);
        continue;
      }
      if (tag !== 'sum') {
        tell(path, tag, fields);
        continue;
      }
      // Lines of sha256sum: the sum, two blanks, the path.
      for (const line of [path, ...fields]) tell(line.slice(66), tag, [line.slice(0, 64)]);
    }
    for (const [path, known] of byPath) if (known.has('path')) seen.set(path, finish(known));
    return { seen, reasons };
  },
});
