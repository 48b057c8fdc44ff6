import { describe, expect, it } from 'vitest';
import { readWorkerInfo } from '../../../src/lotus/worker-info.ts';
import { answer, WORKER_INFO, WORKER_WARNING } from './samples.ts';

describe('info of a worker', () => {
  it('says what it is and what it keeps', () => {
    expect(readWorkerInfo(answer(WORKER_INFO))).toEqual({
      type: 'understood',
      value: {
        version: '1.1.0',
        session: '3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11',
        enabled: true,
        hostname: 'node-p1-03',
        cpus: 64,
        tasks: ['FIN', 'GET', 'C1', 'PC1', 'AP'],
        paths: [
          { id: '7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f10', path: '/data/seal', seals: true, stores: false },
        ],
      },
    });
  });

  it('may have a path that is only read, which has no line of its own', () => {
    const text = WORKER_INFO.replace('Use: Seal \n\tLocal: ', 'Use: Use: ReadOnly\tLocal: ');
    expect(readWorkerInfo(answer(text))).toMatchObject({
      value: { paths: [{ path: '/data/seal', seals: false, stores: false }] },
    });
  });

  it('is not understood where the worker does not run, whatever the exit status', () => {
    expect(readWorkerInfo(answer('', { stderr: WORKER_WARNING }))).toEqual({
      type: 'not understood',
      why: 'could not get api info: could not get api endpoint: API not running (no endpoint)',
    });
  });

  it.each([
    ['no session', WORKER_INFO.replace(/Session.*\n/, '')],
    ['a session that is none', WORKER_INFO.replace('Session: 3b', 'Session: zz')],
    ['neither yes nor no', WORKER_INFO.replace('true', 'maybe')],
    ['nothing', ''],
  ])('is not understood with %s', (_, text) => {
    expect(readWorkerInfo(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
