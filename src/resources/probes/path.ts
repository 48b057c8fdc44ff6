import { words } from '../../core/shell.ts';
import type { PathState } from '../observation.ts';
import shell from './path.sh';
import type { PathProbe } from './probe.ts';
import type { ProbeSort, Row } from './sort.ts';
import { unescapeText } from './text.ts';

/** Above this a file's text is left on the host. */
const TEXT_LIMIT = 256 * 1024;

/** The wish of two probes of one path: text if either needs it. */
const merge = (a: PathProbe, b: PathProbe): PathProbe => {
  if (a.text === b.text && a.sha256 === b.sha256) return a;
  if (a.text === 'never') return b;
  if (b.text === 'never') return a;
  return { probe: 'path', path: a.path, text: 'always' };
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
export const pathSort: ProbeSort<PathProbe, PathState> = {
  probe: 'path',
  shell,
  key: ({ path }) => path,
  merge,
  call: (probes) =>
    words('fcops_paths', ...probes.flatMap(({ text, sha256, path }) => [text, sha256 ?? '-', path])),
  rows: ['path', 'sum', 'text', 'text64', 'nopath'],
  parse: (rows) => {
    const seen = new Map<string, PathState>();
    const reasons = new Map<string, string>();
    const byPath = new Map<string, Map<string, Row>>();
    for (const [tag = '', path = '', ...fields] of rows) {
      if (tag === 'nopath') {
        const [, missing, why = ''] = NO_PATH.exec(path) ?? [];
        if (missing === undefined) continue;
        if (ABSENT.has(why)) seen.set(missing, { type: 'absent' });
        else reasons.set(missing, why);
        continue;
      }
      // A line of sha256sum: the sum, two blanks, the path.
      const [of, values] = tag === 'sum' ? [path.slice(66), [path.slice(0, 64)]] : [path, fields];
      const known = byPath.get(of) ?? new Map<string, Row>();
      byPath.set(of, known.set(tag, values));
    }
    for (const [path, known] of byPath) if (known.has('path')) seen.set(path, finish(known));
    return { seen, reasons };
  },
};
