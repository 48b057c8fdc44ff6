import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRestoreLog } from '../../../src/lotus/restore-log.ts';

const line = (text: string) =>
  `2021-08-17T10:11:12.345+0800\tINFO\tmain\tlotus-miner/init_restore.go:201\t${text}\n`;
const LOG = [
  'Initializing lotus miner using a backup',
  'Restoring metadata backup',
  'ACTOR ADDRESS: f0494733',
  'SECTOR SIZE: 64GiB',
  'Configuring miner actor',
  'Waiting for message: bafy2bzace',
]
  .map(line)
  .join('');

describe('the log of a restore', () => {
  it('tells the miner, the message and why it ended', () => {
    expect(readRestoreLog(LOG)).toEqual({ actor: 'f0494733', message: 'bafy2bzace', error: null });
    expect(
      readRestoreLog(`${line('Checking if repo exists')}ERROR: repo at '/x' is already initialized\n\n`),
    ).toEqual({
      actor: null,
      message: null,
      error: "repo at '/x' is already initialized",
    });
  });

  it('says nothing of a line that is not finished, and breaks on nothing', () => {
    expect(readRestoreLog(LOG.slice(0, -1)).message).toBeNull();
    fc.assert(
      fc.property(fc.nat({ max: LOG.length }), fc.string(), (at, text) => {
        const { actor } = readRestoreLog(LOG.slice(0, at) + text);
        expect([null, 'f0494733']).toContain(actor);
      }),
    );
  });
});
