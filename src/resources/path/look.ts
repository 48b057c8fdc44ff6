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
  /** Bring the text of a file along: never, its sum alone, where it is not `content`, or always. */
  readonly text: 'never' | 'sum' | 'unless' | 'always';
  readonly content?: Content;
}

/** What is at a path, without the text of a file. */
export const askPath = (path: string): PathAsk => ({ look: 'path', path, text: 'never' });

/** What is at a path, with the sum of a file and without its text. */
export const askSumAlone = (path: string): PathAsk => ({ look: 'path', path, text: 'sum' });

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
  for (const less of ['never', 'sum']) {
    if (a.text === less) return b;
    if (b.text === less) return a;
  }
  return askText(a.path);
};

/** The text of a file from its row: encoded where it has what no field can hold. */
const textOf = (tag: string, field: string | undefined): string | undefined => {
  if (field === undefined) return undefined;
  if (tag === 'text') return unescapeText(field);
  const bytes = Buffer.from(field, 'base64');
  return bytes.length > TEXT_LIMIT ? undefined : bytes.toString('utf8');
};

/** How stat prints a link: `'/etc/localtime' -> '/usr/share/zoneinfo/UTC'`. */
const LINK = / -> '(.*)'$/;

/** From what stat printed, and for a file its sum and text where they came along. */
const stateOf = (stat: Row, sha256: string | undefined, text: string | undefined): PathState => {
  const [, , hexMode = '', owner = '', group = '', mtime = '', bytes = '', quoted = ''] = stat;
  const bits = Number.parseInt(hexMode, 16);
  const ownership = { mode: (bits & 0o7777).toString(8).padStart(4, '0'), owner, group };
  switch (bits & 0o170000) {
    case 0o100000:
      return {
        type: 'file',
        ...ownership,
        bytes: Number(bytes),
        mtime: Number(mtime),
        ...(sha256 !== undefined && { sha256 }),
        ...(text !== undefined && { text }),
      };
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

/** What every machine has, whoever set it up; anything else is not there. */
const bareState = (path: string): PathState =>
  path.startsWith('/usr/share/zoneinfo/')
    ? { type: 'file', mode: '0644', owner: 'root', group: 'root', bytes: 0, mtime: 0 }
    : { type: 'absent' };

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
  bare: ({ path }) => bareState(path),
  rows: ['path', 'sum', 'text', 'text64', 'nopath'],
  parse: (rows) => {
    const seen = new Map<string, PathState>();
    const reasons = new Map<string, string>();
    const stats = new Map<string, Row>();
    const sums = new Map<string, string>();
    const texts = new Map<string, string | undefined>();
    for (const row of rows) {
      const [tag, path = '', field] = row;
      switch (tag) {
        case 'path':
          stats.set(path, row);
          break;
        case 'text':
        case 'text64':
          texts.set(path, textOf(tag, field));
          break;
        case 'sum':
          // Lines of sha256sum: the sum, two blanks, the path.
          for (const line of row.slice(1)) sums.set(line.slice(66), line.slice(0, 64));
          break;
        case 'nopath': {
          const [, missing, why = ''] = NO_PATH.exec(path) ?? [];
          if (missing === undefined) break;
          if (ABSENT.has(why)) seen.set(missing, { type: 'absent' });
          else reasons.set(missing, why);
        }
      }
    }
    for (const [path, stat] of stats) seen.set(path, stateOf(stat, sums.get(path), texts.get(path)));
    return { seen, reasons };
  },
});
