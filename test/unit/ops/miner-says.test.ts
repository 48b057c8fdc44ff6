import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { askMiner, parseMinerSays } from '../../../src/ops/miner-says.ts';
import { answer, JOBS, WORKERS } from '../lotus/samples.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const row = (name: string, { stdout, status, stderr }: ReturnType<typeof answer>): string =>
  `told\t${name}\t${base64(stdout)}\t${status}\t${base64(stderr)}\n`;
const said = (workers = answer(WORKERS), jobs = answer(JOBS)): string =>
  `${row('workers', workers)}${row('jobs', jobs)}over\n`;

describe('what the miner says of its workers', () => {
  it('is both lists', () => {
    expect(parseMinerSays(said())).toMatchObject({
      value: {
        workers: { type: 'understood', value: [{ host: 'node-p1-03' }, {}] },
        jobs: { type: 'understood', value: [{ sector: 990 }, {}, {}, {}] },
      },
    });
  });

  it('has what tells its start from another one, where its host tells', () => {
    expect(parseMinerSays(`start\t17 2026-11-30 10:00:00.5 +0000\n${said()}`)).toMatchObject({
      value: { start: '17 2026-11-30 10:00:00.5 +0000' },
    });
    for (const none of ['', 'start\t\n'])
      expect(parseMinerSays(none + said())).not.toHaveProperty('value.start');
  });

  it('goes by standard output alone: a log beside it is no part of the list', () => {
    const noisy = answer(WORKERS, { stderr: 'WARN\tAPI Token not set\n' });
    expect(parseMinerSays(said(noisy))).toMatchObject({ value: { workers: { type: 'understood' } } });
  });

  it('is one list where the other breaks: its panic is not understood, and the tasks are', () => {
    const panic = answer(WORKERS.slice(0, 400), {
      status: 2,
      stderr: 'panic: strings: negative Repeat count\n',
    });
    expect(parseMinerSays(said(panic))).toMatchObject({
      value: {
        workers: { type: 'not understood', why: 'panic: strings: negative Repeat count' },
        jobs: { type: 'understood' },
      },
    });
  });

  it.each([
    [
      'a miner that does not run',
      answer('', { status: 1, stderr: 'ERROR: could not get API info: API not running (no endpoint)\n\n' }),
      /API not running/,
    ],
    ['no answer in time', answer('', { status: 124 }), /sealing workers gave no answer within 20 s/],
    ['one that had to be killed', answer('Worker', { status: 137 }), /gave no answer within 20 s/],
    [
      'no program',
      answer('', { status: 127, stderr: "timeout: failed to run command 'lotus-miner': No such file\n" }),
      /failed to run command 'lotus-miner'/,
    ],
  ])('is not reachable with %s', (_, workers, why) => {
    expect(parseMinerSays(said(workers))).toMatchObject({
      value: { workers: { type: 'not reachable', why: expect.stringMatching(why) } },
    });
  });

  it('is not reachable where there is no profile to ask with', () => {
    expect(parseMinerSays('noprofile\nover\n')).toMatchObject({
      value: {
        workers: { type: 'not reachable', why: '/opt/raid0/profile is not there' },
        jobs: { type: 'not reachable' },
      },
    });
  });

  it('is not understood where it is too long to be read whole', () => {
    const long = answer('x\n'.repeat(600_000));
    expect(parseMinerSays(said(long))).toMatchObject({ value: { workers: { type: 'not understood' } } });
  });

  it('is no answer at all where it broke off', () => {
    expect(parseMinerSays(said().slice(0, -6))).toMatchObject({ ok: false });
    expect(parseMinerSays('over\n')).toMatchObject({ ok: false });
  });

  it('is unknown where the miner host cannot be asked', async () => {
    const says = await askMiner({
      ask: () => Promise.reject(new FcopsError({ kind: 'connect', what: 'no answer', why: 'timed out' })),
    });
    expect(says).toEqual({
      workers: { type: 'not reachable', why: 'no answer: timed out' },
      jobs: { type: 'not reachable', why: 'no answer: timed out' },
    });
  });
});
