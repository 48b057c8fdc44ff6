import { expect, it } from 'vitest';
import { toldRows } from '../../../src/core/told-rows.ts';

it('are the rows in fields, the last one among them; an answer without it is not used', () => {
  expect(toldRows('did\t1\n\nfailed\t2\tno\nover\n')).toEqual({
    ok: true,
    value: [['did', '1'], ['failed', '2', 'no'], ['over']],
  });
  for (const text of ['', 'did\t1\n', 'did\t1\nov', 'over\ndid\t1\n'])
    expect(toldRows(text)).toEqual({ ok: false, error: 'the answer of the host broke off before its end' });
});
