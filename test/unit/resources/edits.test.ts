import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, linesOf } from '../../../src/resources/edits/edits.ts';

/** Lines with much in common, so that some are dropped, doubled, or the wanted one itself. */
const oneLine = fc.oneof(
  fc.constantFrom('A=1', '#A=', 'A=2', '[Manager]', '', ' A=1', 'B'),
  fc.string({ minLength: 0, maxLength: 8 }).map((text) => text.replace(/[\n\r\0]/g, '.')),
);
const text = fc
  .tuple(fc.array(oneLine, { maxLength: 8 }), fc.boolean())
  .map(([lines, ended]) => (lines.length === 0 ? '' : `${lines.join('\n')}${ended ? '\n' : ''}`));
const edit = fc.record({
  line: fc.constantFrom('A=1', 'A=3', null),
  drop: fc.subarray(['#A=', 'A=2', ' A=1']),
});

describe('an edit of single lines', () => {
  it('leaves the wanted line exactly once, or none where none is wanted, and none of those to drop', () => {
    fc.assert(
      fc.property(text, edit, (before, change) => {
        const lines = linesOf(applyEdit(before, change));
        if (change.line !== null) expect(lines.filter((line) => line === change.line)).toHaveLength(1);
        expect(lines.filter((line) => change.drop.includes(line))).toEqual([]);
      }),
    );
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(text, edit, (before, change) => {
        const once = applyEdit(before, change);
        expect(applyEdit(once, change)).toBe(once);
      }),
    );
  });

  it('keeps all other lines, in order', () => {
    fc.assert(
      fc.property(text, edit, (before, change) => {
        const named = new Set([...(change.line === null ? [] : [change.line]), ...change.drop]);
        const others = (value: string) => linesOf(value).filter((line) => !named.has(line));
        const after = others(applyEdit(before, change));
        // A text that is one empty line has no line at all once something stands below it.
        expect(after.filter((line) => line !== '')).toEqual(others(before).filter((line) => line !== ''));
      }),
    );
  });
});
