import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactor } from '../../../src/core/secret.ts';
import { BEYOND, cutText, shownPart } from '../../../src/ops/shown-part.ts';

const SECRET = 'bm90LWEtand0LWF0LWFsbA';
const masked = redactor([SECRET]);
const shown = (text: string, limit: number) =>
  shownPart(cutText(Buffer.from(text), limit + BEYOND), masked, limit);

it('cuts a text that is there as a whole', () => {
  expect(cutText(Buffer.from('好好'), 4)).toEqual({ text: '好', cut: true });
  expect(cutText(Buffer.from('好'), 4)).toEqual({ text: '好', cut: false });
});

it('shows as much of a text as it may, with its secrets masked', () => {
  expect(shown('short', 10)).toEqual({ text: 'short', cut: false });
  expect(shown('x'.repeat(11), 10)).toEqual({ text: 'x'.repeat(10), cut: true });
  expect(shown('x'.repeat(50_000), 10)).toEqual({ text: 'x'.repeat(10), cut: true });
  expect(shown(`is ${SECRET}`, 100)).toEqual({ text: 'is ********', cut: false });
});

it('shows no part of a secret, wherever the cut goes through it', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(100), fc.nat(2 * BEYOND), (before, limit, after) => {
      const { text } = shown(
        `${'.'.repeat(before)}${SECRET}${SECRET} ${'.'.repeat(after)}${SECRET.repeat(300)}`,
        limit,
      );
      expect(text).toMatch(/^[.* ]*$/);
    }),
  );
});
