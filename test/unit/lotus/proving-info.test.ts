import { describe, expect, it } from 'vitest';
import { readProvingInfo } from '../../../src/lotus/proving-info.ts';
import { answer, PROVING_INFO } from './samples.ts';

describe('info of proving', () => {
  const value = {
    miner: 'f01234',
    epoch: 1031537,
    periodStart: 1030020,
    faults: 3,
    recovering: 0,
    deadline: {
      index: 25,
      sectors: 2120,
      open: 1031520,
      close: 1031580,
      challenge: 1031500,
      faultCutoff: 1031450,
    },
  };

  it.each([
    ['1.11.1', PROVING_INFO],
    ['an exact share of faults (1.10)', PROVING_INFO.replace('0.00%', '4.42%')],
    ['times as Go words them (0.6)', PROVING_INFO.replace('in 21 minutes 30 seconds', 'in 21m30s')],
    ['ends of DOS', PROVING_INFO.replaceAll('\n', '\r\n')],
  ])('is read: %s', (_, text) => {
    expect(readProvingInfo(answer(text))).toEqual({ type: 'understood', value });
  });

  it.each([
    ['a line less', PROVING_INFO.replace(/Deadline Sectors.*\n/, ''), '"Deadline Sectors" is not there'],
    ['a number that is none', PROVING_INFO.replace('2120', '2l20'), '"Deadline Sectors" is no number: 2l20'],
    ['a deadline beyond the last', PROVING_INFO.replace('25\n', '48\n'), 'there is no deadline 48'],
    [
      'a deadline that closes before it opens',
      PROVING_INFO.replace('1031580', '1031480'),
      'a deadline does not open at 1031520, close at 1031480 and be challenged at 1031500',
    ],
  ])('is not understood with %s', (_, text, why) => {
    expect(readProvingInfo(answer(text))).toEqual({ type: 'not understood', why });
  });
});
