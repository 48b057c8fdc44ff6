import { editableText, editDiff, linesOf } from '../edits/edits.ts';
import { EDIT_DEADLINE } from '../edits/step.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askText } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { SAME } from '../resource.ts';

export interface NoLinesSpec {
  /** A file that others write: all of its other lines stay. */
  readonly path: string;
  /** Source of a regular expression that finds the lines which shall not be there. It matches no empty line. */
  readonly match: string;
}

/** No line of a file matches: what an older way of doing it has left there. Where there is no file, all is well. */
export const noLines = (spec: NoLinesSpec): Resource => {
  const path = checkedPath(spec.path);
  const pattern = new RegExp(spec.match);
  if (pattern.test('')) throw new RangeError(`${spec.match} matches an empty line`);
  return {
    kind: 'no-lines',
    id: `no-lines:${path}:${spec.match}`,
    title: `lines of ${path}`,
    asks: [askText(path)],
    manages: [],
    diff: (seen, { showReplaced = false }) => {
      const now = editableText(seen, path);
      if (!now.ok) return now.error;
      if (now.value === null) return SAME;
      const edit = {
        line: null,
        drop: [...new Set(linesOf(now.value.text).filter((one) => pattern.test(one)))],
      };
      const step = { step: 'edit-lines', path, ...edit, deadline: EDIT_DEADLINE } as const;
      return editDiff(now.value.text, edit, step, { wanted: '', showReplaced });
    },
  };
};
