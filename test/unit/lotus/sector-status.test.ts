import { describe, expect, it } from 'vitest';
import { readSectorStatus } from '../../../src/lotus/sector-status.ts';
import { answer, SECTOR_STATUS } from './samples.ts';

const at = (time: string) => Date.parse(time) / 1000;

describe('the status of a sector', () => {
  it('is read with its events, and what went wrong in a line', () => {
    expect(readSectorStatus(answer(SECTOR_STATUS))).toEqual({
      type: 'understood',
      value: {
        number: 1041,
        state: 'SealPreCommit2Failed',
        isSealed: false,
        preCommit: null,
        commit: null,
        deals: 0,
        lastError: null,
        events: [
          { index: 0, at: at('2021-08-17T10:11:12+08:00'), kind: 'SectorStartCC', error: null },
          {
            index: 1,
            at: at('2021-08-17T16:11:12+08:00'),
            kind: 'SectorSealPreCommit2Failed',
            error: 'seal pre commit(2) failed: storage call error 0: no space left on device',
          },
          { index: 2, at: at('2021-08-17T16:12:12+08:00'), kind: 'SectorForceState', error: null },
        ],
      },
    });
  });

  it('is read without the log, and with what the chain says', () => {
    const [head = ''] = SECTOR_STATUS.split('-----');
    const chain = `\nSector On Chain Info\nSealProof:\t\t9\nActivation:\t\t0\n\nExpiration Info\nOnTime:\t\t0\n`;
    const messages = head.replace('Precommit:\t<nil>', 'Precommit:\tbafy2bzaceaaaa');
    const read = readSectorStatus(
      answer(`${messages.replace('R:\t<nil>', 'R:\tbagboea4b5abcb')}Last Error:\t\tone\n  two: 2\n${chain}`),
    );
    expect(read).toMatchObject({
      value: {
        isSealed: true,
        preCommit: 'bafy2bzaceaaaa',
        commit: null,
        lastError: 'one two: 2',
        events: [],
      },
    });
  });

  it('counts deals; zeros are none', () => {
    const deals = (text: string) => readSectorStatus(answer(SECTOR_STATUS.replace('[0]', text)));
    expect(deals('[0 0]')).toMatchObject({ value: { deals: 0 } });
    expect(deals('[]')).toMatchObject({ value: { deals: 0 } });
    expect(deals('[12 0 14]')).toMatchObject({ value: { deals: 2 } });
  });

  it.each([
    ['no state', SECTOR_STATUS.replace('SealPreCommit2Failed\nCID', '\nCID')],
    ['no line of the message', SECTOR_STATUS.replace('Commit:\t\t<nil>\n', '')],
    ['a message that is none', SECTOR_STATUS.replace('Precommit:\t<nil>', 'Precommit:\t?')],
    ['deals that are none', SECTOR_STATUS.replace('[0]', 'none')],
    ['a line twice', SECTOR_STATUS.replace('SeedH:', 'TicketH:')],
    ['other lines', `goroutine 1 [running]:\n${SECTOR_STATUS}`],
    ['events that are none', SECTOR_STATUS.replace('0.\t2021-08-17', '0.\tyesterday')],
  ])('is not understood with %s', (_, text) => {
    expect(readSectorStatus(answer(text))).toMatchObject({ type: 'not understood' });
  });

  it('is not understood of a sector that there is not', () => {
    const failed = { status: 1, stderr: 'ERROR: datastore: key not found\n\n' };
    expect(readSectorStatus(answer('', failed))).toMatchObject({
      type: 'not understood',
      why: 'datastore: key not found',
    });
  });
});
