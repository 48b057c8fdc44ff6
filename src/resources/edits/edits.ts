import { look } from '../../core/next.ts';
import { maskOthers, oursOf } from '../../core/others-secrets.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { sha256 } from '../../core/sha256.ts';
import { count } from '../../core/units.ts';
import type { Step } from '../kinds.ts';
import type { Observation } from '../look.ts';
import { pathLook } from '../path/look.ts';
import type { FileState } from '../path/state.ts';
import type { Diff, DiffContext, LineChange } from '../resource.ts';

/**
 * An edit of single lines: leaves exactly one `line`, standing where the first of the `drop` lines (or of
 * `line`) was; all other `drop` lines go. Where none of them was, it comes at the end; where it is null, the `drop`
 * lines go and nothing comes. Lines are whole and without their ends. `edit_lines` in step.sh does the same on the
 * host, and refuses where a line of `drop` is no longer there.
 */
export interface LineEdit {
  readonly line: string | null;
  readonly drop: readonly string[];
}

/** The text after an edit; every line that the edit does not name keeps its bytes. */
export const applyEdit = (text: string, { line, drop }: LineEdit): string => {
  const gone = goneBy({ line, drop });
  const rows = text.split(/(?<=\n)/).filter((row) => row !== '');
  const bare = (row: string) => row.replace(/\n$/, '');
  const place = rows.findIndex((row) => gone.has(bare(row)));
  if (line === null) return rows.filter((row) => !gone.has(bare(row))).join('');
  if (place < 0) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
  return rows
    .map((row, index) => {
      if (!gone.has(bare(row))) return row;
      return index === place ? row.replace(bare(row), () => line) : '';
    })
    .join('');
};

/** The lines that an edit names: those that go, and the one that is put in their place. */
const goneBy = ({ line, drop }: LineEdit): ReadonlySet<string> =>
  new Set(line === null ? drop : [line, ...drop]);

/** The lines of a text, without their ends. */
export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** The present text of a file that is to be edited, null where there is none; or why that cannot be said. */
export const editableText = (
  seen: Observation,
  path: string,
): Result<{ readonly text: string; readonly state: FileState } | null, Diff> => {
  const now = pathLook.seen(seen, path);
  if (!now) return err(pathLook.unseen(seen, path));
  if (now.type === 'absent') return ok(null);
  if (now.type !== 'file') {
    return err({
      state: 'violated',
      violation: {
        message: `${path} is there and is not a regular file`,
        next: [look('put a regular file in its place, then run again')],
        severity: 'enforce',
      },
    });
  }
  if (now.text === undefined) {
    return err({ state: 'unknown', reason: `${path} is too large to be read (${count(now.bytes, 'byte')})` });
  }
  // What was read as UTF-8 and is something else would be written back as something else again.
  if (sha256(now.text) !== now.sha256) {
    return err({
      state: 'unknown',
      reason: `${path} is not UTF-8 text, or it changed while it was read: look at it with file ${path}`,
    });
  }
  if (now.text.includes('\0')) return err({ state: 'unknown', reason: `${path} is not a text` });
  return ok({ text: now.text, state: now });
};

/** What an edit does, line by line: of all others, which are not ours, nothing. */
export const lineChanges = (text: string, { line, drop }: LineEdit): LineChange[] => {
  const gone = goneBy({ line, drop });
  const named = linesOf(text).flatMap((before, index) =>
    gone.has(before) ? [{ line: index + 1, before }] : [],
  );
  if (named.length === 0 && line !== null)
    return [{ line: linesOf(text).length + 1, before: null, after: line }];
  return named
    .map((one, index) => ({ ...one, after: index === 0 ? line : null }))
    .filter(({ before, after }) => before !== after);
};

/**
 * A change of a text by an edit, or `same` where the text is as the edit would leave it. `wanted` is the line as fcops
 * writes it by itself, empty where it writes none: what else stands in the lines that it replaces may be others' secrets.
 */
export const editDiff = (
  text: string | null,
  edit: LineEdit,
  step: Step,
  { wanted, showReplaced = false }: Pick<DiffContext, 'showReplaced'> & { readonly wanted: string },
): Diff => {
  const after = applyEdit(text ?? '', edit);
  if (text === after) return { state: 'same' };
  const ours = oursOf(wanted);
  const shown = (line: string | null) => (line === null || showReplaced ? line : maskOthers(line, ours));
  return {
    state: 'change',
    change: {
      action: text === null ? 'create' : edit.line === null ? 'remove' : 'update',
      details: [],
      lines: lineChanges(text ?? '', edit).map((one) => ({
        ...one,
        before: shown(one.before),
        after: shown(one.after),
      })),
      steps: [step],
    },
  };
};
