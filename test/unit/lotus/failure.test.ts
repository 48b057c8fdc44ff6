import { expect, it } from 'vitest';
import { failureOf } from '../../../src/lotus/failure.ts';
import { answer, WORKER_WARNING } from './samples.ts';

const error = (text: string) =>
  answer('', { status: 1, stderr: `2021-08-17\tINFO\tmain\tx.go:1\ty\nERROR: ${text}\n\n` });

it.each([
  ['not running', error('could not get API info: could not get api endpoint: API not running (no endpoint)')],
  ['refused', error('dial tcp 127.0.0.1:1234: connect: connection refused')],
  ['token rejected', error('websocket: bad handshake')],
  ['token too weak', error("missing permission to invoke 'WalletNew' (need 'write')")],
  ['repository in use', error('repo is already locked (lotus daemon already running)')],
  ['no repository', error("repo at '~/.lotusminer' is not initialized, run 'lotus-miner init' to set it up")],
  ['node lost', error('getting height: handler: websocket connection closed')],
  [
    'panic',
    answer('', {
      status: 2,
      stderr: 'panic: strings: negative Repeat count\n\ngoroutine 1 [running]:\nmain.main()\n',
    }),
  ],
  ['other', error('something else')],
  ['other', answer('', { status: 127, stderr: 'bash: lotus: command not found\n' })],
  ['other', answer('', { status: 124 })],
  ['not running', answer('', { stderr: WORKER_WARNING })],
])('%s', (kind, given) => {
  expect(failureOf(given)).toEqual({ kind, why: expect.stringMatching(/./) });
});

it('a log that warns of something else is no failure', () => {
  const stderr =
    '2021-08-17\tWARN\tcliutil\tutil/apiinfo.go:81\tAPI Token not set and requested, capabilities might be limited.\n';
  expect(failureOf(answer('x\n', { stderr }))).toBeNull();
});
