import { maskOthers, oursOf } from '../../core/others-secrets.ts';
import { linesOf } from '../edits/edits.ts';
import type { LineChange } from '../resource.ts';

/**
 * The lines in which a text that others write too differs from what it was: what may be a secret in them is masked,
 * unless they are to be shown.
 */
export const lineDifference = (now: string, before: string, showReplaced: boolean): LineChange[] => {
  const shown = (text: string) => linesOf(showReplaced ? text : maskOthers(text, oursOf('')));
  const [present, past] = [new Set(linesOf(now)), new Set(linesOf(before))];
  const differing = (text: string, others: ReadonlySet<string>) => {
    const masked = shown(text);
    return linesOf(text).flatMap((line, index) =>
      others.has(line) ? [] : [{ line: index + 1, text: masked[index] ?? '' }],
    );
  };
  const gone = differing(now, past);
  const back = new Map(differing(before, present).map(({ line, text }) => [line, text]));
  const changes = gone.map(({ line, text }): LineChange => {
    const after = back.get(line) ?? null;
    back.delete(line);
    return { line, before: text, after };
  });
  const others = [...back].map(([line, text]): LineChange => ({ line, before: null, after: text }));
  return [...changes, ...others].toSorted((a, b) => a.line - b.line);
};
