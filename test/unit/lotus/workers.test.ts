import { describe, expect, it } from 'vitest';
import { readWorkers } from '../../../src/lotus/workers.ts';
import { answer, WORKERS } from './samples.ts';

const GiB = 1024 ** 3;

describe('the list of workers', () => {
  it('of the official program', () => {
    const read = readWorkers(answer(WORKERS));
    expect(read).toMatchObject({
      type: 'understood',
      value: [
        {
          id: '3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11',
          host: 'node-p1-03',
          disabled: false,
          paused: 'unknown',
          group: null,
          url: null,
          cores: { used: 7, total: 64 },
          ram: { percent: 81, used: 412 * GiB, total: Math.round(503.3 * GiB) },
          gpus: [],
        },
        {
          host: 'node-c2-01',
          disabled: true,
          gpus: [
            { name: 'GeForce RTX 3090', used: true },
            { name: 'GeForce RTX 3090', used: true },
          ],
        },
      ],
    });
  });

  it('is empty where nothing is printed and the command ended well', () => {
    expect(readWorkers(answer(''))).toEqual({ type: 'understood', value: [] });
  });

  it.each([
    [
      'no API',
      answer('', { status: 1, stderr: 'ERROR: could not get API info: API not running (no endpoint)\n\n' }),
      /API not running/,
    ],
    [
      'a panic within',
      answer(WORKERS.slice(0, 400), {
        status: 2,
        stderr: 'panic: strings: negative Repeat count\n\ngoroutine 1 [running]:\n',
      }),
      /panic: strings/,
    ],
    ['a cut within a line', answer(WORKERS.slice(0, 100)), /ends within a line/],
    [
      'a worker without its memory',
      answer(WORKERS.split('\n').slice(0, 2).join('\n').concat('\n')),
      /not all of a worker/,
    ],
    ['a line of another program', answer(`hello\n${WORKERS}`), /this is no worker: hello/],
    ['a mark that nobody knows', answer(WORKERS.replace('(disabled)', '(draining)')), /mark \(draining\)/],
    ['the same worker twice', answer(WORKERS + WORKERS), /is there twice/],
  ])('is not understood with %s', (_, given, why) => {
    expect(readWorkers(given)).toEqual({ type: 'not understood', why: expect.stringMatching(why) });
  });

  it.each([
    [
      'numbers in place of UUIDs (up to 1.1)',
      WORKERS.replaceAll(/Worker \S+,/g, (_, at) => `Worker ${at ? 2 : 1},`),
    ],
    ['cores without a total (0.9)', WORKERS.replaceAll(/\/64 core/g, ' core')],
    ['tabs that became blanks', WORKERS.replaceAll('\t', '        ')],
    ['blanks at the ends, and ends of DOS', WORKERS.replaceAll('\n', '  \r\n')],
    ['colours', WORKERS.replaceAll('|', '\u001b[32m|\u001b[0m')],
    ['bars of later versions', WORKERS.replaceAll('\tRAM', '\tTASK: PC1 1/2 tasks(1)\n\tRAM')],
  ])('may have %s', (_, text) => {
    const read = readWorkers(answer(text));
    expect(read).toMatchObject({
      type: 'understood',
      value: [
        { host: 'node-p1-03', cores: { used: 7 } },
        { host: 'node-c2-01', disabled: true },
      ],
    });
  });

  it('may have a worker that does not tell its host', () => {
    const read = readWorkers(
      answer(WORKERS.replace('host node-p1-03', 'host ').replace('host node-c2-01', 'host ')),
    );
    expect(read).toMatchObject({ value: [{ host: '' }, { host: '', disabled: true }] });
  });
});

describe('the list of workers of the fork', () => {
  it('near 1.11: what is said of pauses means one thing or the other', () => {
    const text = `Worker 3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host p1-50 (paused) group:192.168.10.50
\turl: http://192.168.10.50:10001/rpc/v0
\tTask type:
\tPC1: 1
Worker 4b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host p1-50 (disabled) group:192.168.10.50
\turl: http://192.168.10.50:11000/rpc/v0
\tTask type:
\tAP: 1
\tFIN: 2
`;
    const read = readWorkers(answer(text));
    const tasks = read.type === 'understood' ? read.value.map((worker) => [...worker.tasks]) : [];
    expect(tasks).toEqual([
      [['PC1', 1]],
      [
        ['AP', 1],
        ['FIN', 2],
      ],
    ]);
    expect(read).toMatchObject({
      value: [
        {
          host: 'p1-50',
          paused: 'unknown',
          group: '192.168.10.50',
          url: { host: '192.168.10.50', port: 10001 },
        },
        {
          disabled: true,
          paused: 'unknown',
        },
      ],
    });
  });

  it('later', () => {
    const text = `Worker 3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host p1-50 (paused:p1 fin), group:192.168.10.50, url:http://192.168.10.50:10001/rpc/v0
Worker 4b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host p1-50 (disabled), group:, url:http://192.168.10.50:20010/rpc/v0
`;
    expect(readWorkers(answer(text))).toMatchObject({
      value: [
        { paused: ['p1', 'fin'], url: { port: 10001 } },
        { disabled: true, paused: [], group: '', url: { port: 20010 } },
      ],
    });
  });

  it('is not understood where a worker does not say where it listens', () => {
    const text = 'Worker 3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11, host p1-50 group:1\n\tTask type:\n';
    expect(readWorkers(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
