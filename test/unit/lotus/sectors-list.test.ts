import { describe, expect, it } from 'vitest';
import { readSectorsList } from '../../../src/lotus/sectors-list.ts';
import { answer, SECTORS_LIST } from './samples.ts';

describe('the list of sectors', () => {
  it('is read row by row, with what stands below a row', () => {
    const rest = { error: null };
    expect(readSectorsList(answer(SECTORS_LIST))).toEqual({
      type: 'understood',
      value: [
        { number: 0, state: 'Proving', onChain: true, active: true, ...rest },
        { number: 1, state: 'Proving', onChain: true, active: false, ...rest },
        { number: 7, state: 'PreCommit1', onChain: false, active: false, ...rest },
        { number: 8, state: 'SealPreCommit1Failed', onChain: false, active: false, ...rest },
        {
          ...{ number: 9, state: null, onChain: null, active: null },
          error: 'getting sector info: datastore: key not found',
        },
      ],
    });
  });

  it('is one empty line where there is none; nothing at all is not understood', () => {
    expect(readSectorsList(answer('\n'))).toEqual({ type: 'understood', value: [] });
    expect(readSectorsList(answer(''))).toMatchObject({ type: 'not understood' });
  });

  it.each([
    [
      '--fast has no expiration',
      'ID  State  OnChain  Active  Deals  \n3   Faulty YES      NO      CC     \n',
    ],
    [
      'other columns come and go',
      'ID  State   OnChain  Active  SealTime  Events  Deals  DealWeight  \n3   Faulty  YES      NO      6h0m0s    12      3      32GiB       \n',
    ],
    ['ends of DOS', 'ID  State   OnChain  Active  Deals  \r\n3   Faulty  YES      NO      CC     \r\n'],
    [
      'colours',
      'ID  State   OnChain  Active  Deals  \n3   \u001b[31mFaulty\u001b[0m  YES      NO      \u001b[34mCC\u001b[0m     \n',
    ],
  ])('is read where %s', (_, text) => {
    expect(readSectorsList(answer(text))).toMatchObject({
      value: [{ number: 3, state: 'Faulty', onChain: true, active: false }],
    });
  });

  it('tells nothing of the chain where that column is not there', () => {
    expect(readSectorsList(answer('ID  State\n3   Removed\n'))).toMatchObject({
      value: [{ number: 3, onChain: null, active: null }],
    });
  });

  it.each([
    ['the lines of lotus 0.5', '3: Proving\tsSet: YES\tactive: YES\ttktH: 1\tseedH: 2\tdeals: [0]\n'],
    ['a row twice', SECTORS_LIST.replace('7   PreCommit1', '8   PreCommit1')],
    ['a row whose columns are shifted', SECTORS_LIST.replace('7   PreCommit1', '7123456  PreCommit1')],
    [
      'a word that is neither yes nor no',
      SECTORS_LIST.replace('NO       NO      n/a', 'MAYBE    NO      n/a'),
    ],
    ['a row that is cut', SECTORS_LIST.slice(0, -30)],
    ['a number alone without its error', SECTORS_LIST.replace(/ {2}Error.*\n/, '')],
    ['no sector', SECTORS_LIST.replace('7   PreCommit1', 'x   PreCommit1')],
  ])('is not understood with %s', (_, text) => {
    expect(readSectorsList(answer(text))).toMatchObject({ type: 'not understood' });
  });

  it('is not understood where the command failed after its rows', () => {
    const broken = { status: 1, stderr: 'ERROR: handler: websocket connection closed\n\n' };
    expect(readSectorsList(answer(SECTORS_LIST, broken))).toMatchObject({ type: 'not understood' });
  });
});
