import { describe, expect, it } from 'vitest';
import { readInitLog } from '../../../src/lotus/init-log.ts';
import { INIT_FAILED, INIT_LOG } from './samples.ts';

describe('the log of an init', () => {
  it.each([
    ['nothing yet', '', { type: 'going on', message: null }],
    ['the first lines', INIT_LOG.split('\n').slice(0, 4).join('\n'), { type: 'going on', message: null }],
    [
      'a message that is waited for',
      `${INIT_LOG.split('\n').slice(0, 10).join('\n')}\n`,
      { type: 'going on', message: 'bafy2bzaced' },
    ],
    ['all', INIT_LOG, { type: 'created', miner: 'f01234' }],
    [
      'a failure',
      INIT_FAILED,
      { type: 'failed', why: 'creating miner failed: exit code 1', message: 'bafy2bzaced' },
    ],
    [
      'a repository that is there',
      "ERROR: repo at '/opt/raid0/lotusminer' is already initialized\n\n",
      { type: 'exists', path: '/opt/raid0/lotusminer' },
    ],
    [
      'no node',
      'ERROR: could not get API info\n\n',
      { type: 'failed', why: 'could not get API info', message: null },
    ],
  ])('with %s', (_, text, value) => {
    expect(readInitLog(text)).toEqual({ type: 'understood', value });
  });

  it('is not understood where it is of something else, or names no miner', () => {
    expect(readInitLog('bash: lotus-miner: command not found\n')).toMatchObject({ type: 'not understood' });
    expect(readInitLog(INIT_LOG.replace('Created new miner: f01234', 'Created new miner: '))).toMatchObject({
      type: 'not understood',
    });
  });
});
