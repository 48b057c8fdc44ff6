import { describe, expect, it } from 'vitest';
import { countIn, readMinerInfo } from '../../../src/lotus/miner-info.ts';
import { answer, INFO } from './samples.ts';

const GiB = 1024 ** 3;
const FIL = 10n ** 18n;
const read = (text: string) => readMinerInfo(answer(text));
const sectorsOf = (text: string) => {
  const info = read(text);
  return info.type === 'understood' ? info.value.sectors : null;
};
const withoutLine = (text: string, line: string) => text.replace(`${line}\n`, '');

describe('info of a miner', () => {
  it('says who it is, what it has, and its sectors by state', () => {
    expect(read(INFO)).toMatchObject({
      type: 'understood',
      value: {
        miner: 'f01234',
        sectorSize: 32 * GiB,
        chain: { type: 'ok' },
        faulty: 64 * GiB,
        available: (436_117n * FIL) / 1000n,
        worker: (17_853n * FIL) / 1000n,
        control: (530_753n * FIL) / 1000n,
        sectors: { total: 1480 },
      },
    });
    const sectors = sectorsOf(INFO);
    expect(sectors && countIn(sectors, 'Packing')).toBe(14);
  });

  it('has no row for a state without sectors', () => {
    const sectors = sectorsOf(withoutLine(INFO, '\tPacking: 14').replace('1480', '1466'));
    expect(sectors && countIn(sectors, 'Packing')).toBe(0);
    expect(sectorsOf(INFO.replace(/\tTotal: [\s\S]*?\n\n/, '\tTotal: 0\n\n'))).toEqual({
      total: 0,
      states: new Map(),
    });
  });

  it('takes a row that is lost for no state without sectors', () => {
    expect(read(withoutLine(INFO, '\tPacking: 14'))).toEqual({
      type: 'not understood',
      why: 'the states have 1466 sectors together, but there are 1480',
    });
    expect(read(withoutLine(INFO, '\tTotal: 1480'))).toMatchObject({ type: 'not understood' });
  });

  it('does not know the sectors where they are hidden', () => {
    expect(sectorsOf(INFO.replace(/Sectors:[\s\S]*?\n\n/, ''))).toBeNull();
  });

  it.each([
    ['sync slow (1m2s behind)', { type: 'slow', seconds: 62 }],
    ['sync behind! (3h4m5s behind)', { type: 'behind', seconds: 11_045 }],
  ])('%s', (words, chain) => {
    expect(read(INFO.replace('sync ok', words))).toMatchObject({ value: { chain } });
  });

  it.each([
    ['no lines at its head (1.11.0)', INFO.split('\n').slice(2).join('\n')],
    ['no line of the chain', INFO.split('\n').slice(3).join('\n')],
    ['alerts (1.11.3)', `⚠ 2 Active alerts (check lotus-miner log alerts)\n${INFO}`],
    [
      'too little power',
      INFO.replace(/Projected[\s\S]*?growth\)\n\n/, 'Below minimum power threshold, no blocks will be won\n'),
    ],
    [
      'its win rate as up to 1.10',
      INFO.replace(/Projected[\s\S]*?growth\)/, 'Expected block win rate: 1.1/day (every 21h0m0s)'),
    ],
    ['no address of control', INFO.replace(/ +Control.*\n/, '')],
    ['tabs that became blanks', INFO.replaceAll('\t', '    ')],
    ['ends of DOS', INFO.replaceAll('\n', '\r\n')],
    [
      'colours',
      INFO.replace('sync ok', '\u001b[32msync ok\u001b[0m').replace(
        '\tPacking:',
        '\t\u001b[91mPacking:\u001b[0m',
      ),
    ],
  ])('may have %s', (_, text) => {
    expect(read(text)).toMatchObject({
      type: 'understood',
      value: { miner: 'f01234', sectors: { total: 1480 } },
    });
  });

  it('is faultless only where that is said', () => {
    expect(read(INFO.replace(' (64 GiB Faulty, 0.14%)', ''))).toMatchObject({ value: { faulty: 0 } });
    expect(read(INFO.replace(' (64 GiB Faulty, 0.14%)', ' (some faulty)'))).toMatchObject({
      type: 'not understood',
    });
    expect(read(withoutLine(INFO, '\tProving: 45.75 TiB (64 GiB Faulty, 0.14%)'))).toMatchObject({
      value: { faulty: null },
    });
  });

  it('is not understood where it broke off', () => {
    expect(
      readMinerInfo(
        answer(INFO.slice(0, 200), { status: 1, stderr: 'ERROR: handler: websocket connection closed\n\n' }),
      ),
    ).toEqual({
      type: 'not understood',
      why: 'handler: websocket connection closed',
    });
  });
});
