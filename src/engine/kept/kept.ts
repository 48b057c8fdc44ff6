import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import type { Kept, KeptChange, KeptState } from '../../resources/kept/kept.ts';
import { runDirectory } from '../apply/script.ts';
import type { Query } from '../query.ts';
import shell from './read.sh';

/** Milliseconds to read what runs keep: some small files. */
const DEADLINE = 60_000;

/** What runs that belong together keep on a host of what they changed there, and who has changed it after them. */
export const keptQuery = (runs: readonly string[]): Query<Kept> => ({
  name: 'what it keeps of the run',
  script: `${shell}${words('fcops_kept', ...runs)}`,
  parse: parseKept,
  deadline: DEADLINE,
});

/** Reads the answer of read.sh; whether it is whole is said by its last line. */
export const parseKept = (text: string): Result<Kept, string> => {
  const rows = text.split('\n').map((line) => line.split('\t'));
  const tagged = (wanted: string) => rows.filter(([tag]) => tag === wanted).map((row) => row.slice(1));
  const [[since = ''] = []] = tagged('end');
  if (!/^\d+$/.test(since)) return err('the answer is not whole');
  const runs = tagged('run');
  const directories = new Set(runs.map(([, directory = '']) => directory));
  const lines = rows.filter(([tag = '']) => directories.has(tag));
  return ok({
    found: runs.map(([run = '', , record]) => ({ run, hasRecord: record === 'kept' })),
    changes: changesIn(lines),
    did: lines.flatMap(([, word, what = '', why = '']) => (word === 'did' ? [{ what, why }] : [])),
    // They come in the order of their names, which is that of their times.
    later: new Map(tagged('later').map(([run = '', key = '']) => [key, run])),
    runsSince: Number(since),
  });
};

/** What the lines of several directories say of one thing belongs together. */
const changesIn = (lines: readonly (readonly string[])[]): readonly KeptChange[] => {
  const changes = new Map<string, KeptChange>();
  for (const [directory = '', ...fields] of lines) {
    const change = changeIn(fields, runDirectory(directory));
    if (change === null) continue;
    const before = changes.get(change.key);
    changes.set(change.key, before ? { ...before, lefts: [...before.lefts, ...change.lefts] } : change);
  }
  return [...changes.values()];
};

/** A line that was cut off is of something that was not begun. */
const changeIn = (fields: readonly string[], directory: string): KeptChange | null => {
  const [word, key, ...states] = fields;
  if (word !== 'change' || key === undefined || states.length !== 8) return null;
  return { key, was: stateIn(states.slice(0, 4)), lefts: [stateIn(states.slice(4))], directory };
};

/** How a path was or is, in the fields in which the shell tells it. */
export const stateIn = ([state = '', mode = '', owner = '', group = '']: readonly string[]): KeptState => ({
  state,
  mode,
  owner,
  group,
});
