import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { type Path, valueAt } from '../yaml-file.ts';
import { dropEntry } from './drop.ts';
import type { Editable } from './editable.ts';
import { openText, refusal } from './editable.ts';
import { type Entries, putEntries } from './put.ts';
import { type Splice, spliced } from './splice.ts';

/** What a file is to say otherwise. `byHand`: how a person would be told to write it. */
export type Edit =
  | { readonly type: 'put'; readonly path: Path; readonly entries: Entries; readonly byHand: string }
  /** `otherwise`: the value that it has where it cannot be taken out without something else. */
  | { readonly type: 'drop'; readonly path: Path; readonly otherwise: string; readonly byHand: string };

/**
 * The text of a file with these changes: only the lines that say it are touched, and everything else of the file is
 * said as before, which is seen by reading it again. Otherwise what a person has to write, and where.
 */
export const editedText = (
  editable: Editable,
  edits: readonly Edit[],
): Result<string, readonly Problem[]> => {
  if (edits.length === 0) return ok(editable.text);
  const splices: Splice[] = [];
  const said: Said[] = [];
  for (const one of edits) {
    const made = splicesOf(editable, one);
    if (!made.ok) return made;
    splices.push(...made.value.splices);
    said.push(made.value.said);
  }
  const text = spliced(editable.text, splices);
  const now = openText(editable.file, text);
  const wanted = said.reduce(changed, editable.yaml.value);
  if (now.ok && isDeepStrictEqual(now.value.yaml.value, wanted)) return ok(text);
  const why = 'the way in which the file is written is one that fcops does not know how to change';
  return err(edits.slice(0, 1).map(({ byHand }) => refusal(editable, editable.root, why, byHand)));
};

/** A change of what a file says: a value at a path; undefined: nothing is there any more. */
interface Said {
  readonly path: Path;
  readonly entries: ReadonlyMap<string, string | undefined>;
}

const splicesOf = (
  editable: Editable,
  change: Edit,
): Result<{ readonly splices: readonly Splice[]; readonly said: Said }, readonly Problem[]> => {
  const { path, byHand } = change;
  if (change.type === 'put') {
    const { entries } = change;
    const put = putEntries(editable, path, entries, byHand);
    return put.ok ? ok({ splices: put.value, said: { path, entries } }) : put;
  }
  const dropped = dropEntry(editable, path, byHand);
  if (!dropped.ok) return dropped;
  const [map, key] = [path.slice(0, -1), String(path.at(-1))];
  if (dropped.value)
    return ok({ splices: [dropped.value], said: { path: map, entries: new Map([[key, undefined]]) } });
  const entries = new Map([[key, change.otherwise]]);
  return splicesOf(editable, { type: 'put', path: map, entries, byHand });
};

/** Plain data with a change; a mapping without anything left is gone as well. */
const changed = (value: unknown, { path, entries }: Said): unknown => {
  const [key, ...rest] = path;
  const isList = Array.isArray(value);
  if (key === undefined) {
    const own = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const all = new Map<string, unknown>([...own, ...entries]);
    return Object.fromEntries([...all].filter(([, one]) => one !== undefined));
  }
  const inner = changed(valueAt(value, [key]), { path: rest, entries });
  if (isList) return value.map((item: unknown, index) => (index === key ? inner : item));
  const isEmpty = typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0;
  const all = new Map<string, unknown>([
    ...(typeof value === 'object' && value !== null ? Object.entries(value) : []),
    [String(key), isEmpty ? undefined : inner],
  ]);
  return Object.fromEntries([...all].filter(([, one]) => one !== undefined));
};
