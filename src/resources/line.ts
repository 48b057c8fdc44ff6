import { words } from '../core/shell.ts';
import type { LineEdit } from './edits.ts';
import { editArguments, editableText, editDiff, linesOf } from './edits.ts';
import { checkedLine } from './names.ts';
import { checkedPath } from './path.ts';
import type { Diff, Resource } from './resource.ts';

export interface LineSpec {
  readonly path: string;
  /** The whole line, without a line end. */
  readonly line: string;
  /**
   * Source of a regular expression that finds the lines which `line` stands for, commented ones included, so
   * that it takes the place of the default that a file shows (handbook 2.2.2.1: /etc/systemd/system.conf).
   */
  readonly match: string;
  /** Adds the line where none matches, and makes the file where there is none. Without it that is a violation. */
  readonly whenAbsent?: 'append';
  /** Section header (`[Manager]`) that an added line belongs under. */
  readonly section?: string;
}

/** Exactly one line that matches, and it is this one; all other lines stay as they are. */
export const line = (spec: LineSpec): Resource => {
  const path = checkedPath(spec.path);
  const wanted = checkedLine(spec.line);
  const pattern = new RegExp(spec.match);
  if (!pattern.test(wanted)) throw new RangeError(`${JSON.stringify(wanted)} does not match ${spec.match}`);
  return {
    id: `line:${path}:${spec.match}`,
    probes: [{ probe: 'path', path, text: 'always' }],
    diff: (seen) => {
      const now = editableText(seen, path);
      if (!now.ok) return now.error;
      const text = now.value?.text ?? null;
      const matching = new Set(linesOf(text ?? '').filter((one) => pattern.test(one)));
      if (matching.size === 0 && spec.whenAbsent === undefined) return missing(path, spec.match, text);
      matching.delete(wanted);
      const edit: LineEdit = {
        line: wanted,
        drop: [...matching],
        ...(spec.section !== undefined && { header: spec.section }),
      };
      return editDiff(text, edit, words('edit_file', path, ...editArguments(edit)));
    },
  };
};

const missing = (path: string, match: string, text: string | null): Diff => ({
  state: 'violated',
  violation: {
    message: text === null ? `${path} is not there` : `${path} has no line that matches ${match}`,
    next: 'look at the file: it is not the one that fcops knows how to change',
    severity: 'enforce',
  },
});
