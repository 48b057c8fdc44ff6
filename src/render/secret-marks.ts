import type { Content, SecretSegment } from '../core/content.ts';
import { contentOf } from '../core/content.ts';
import { TemplateProblem } from './template-problem.ts';

/** Stands around the name of a secret while a template is filled in; no text that is filled in may have it. */
const MARK = '\u0000';

/** A secret as one shell word, in what Handlebars puts together. */
export const markedSecret = (name: string): string => `${MARK}${name}${MARK}`;

/** The text as a content: its marks become segments. */
export const unmarked = (text: string): Content =>
  contentOf(
    ...text
      .split(MARK)
      .map((part, index): string | SecretSegment => (index % 2 === 0 ? part : { secret: part, as: 'shell' })),
  );

/** Throws a TemplateProblem where a text has a mark of its own, which would make a secret of what follows. */
export const refuseMarks = (text: string): void => {
  const at = text.indexOf(MARK);
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  throw new TemplateProblem({ line }, 'there is a zero byte in this text', 'take it out');
};
