import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRow } from '../../../../src/ops/logs/rows.ts';

it('reads rows', () => {
  expect(parseRow('env\tQQ==')).toEqual({ type: 'env', names: 'QQ==' });
  expect(parseRow(`refused\t${Buffer.from('grep: no\n').toString('base64')}`)).toEqual({
    type: 'refused',
    message: 'grep: no',
  });
  expect(parseRow('at\t1\t2220085\t14')).toEqual({ type: 'at', log: 1, file: '2220085', offset: 14 });
  expect(parseRow('data\t0\t21\teA==')).toEqual({
    type: 'data',
    log: 0,
    offset: 21,
    bytes: Buffer.from('x'),
  });
  expect(parseRow('data\t0\t-\t')).toEqual({ type: 'data', log: 0, offset: null, bytes: Buffer.alloc(0) });
  expect(parseRow('missed\t3')).toEqual({ type: 'missed', log: 3 });
  expect(parseRow('beat')).toEqual({ type: 'beat' });
});

it('takes nothing for a row that is none', () => {
  expect(['', 'at\t1', 'at\tx\t1\t2', 'data\t0\t1', 'data\t\t1\teA==', 'rotated\t-1'].map(parseRow)).toEqual(
    Array(6).fill(null),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseRow(text)));
});
