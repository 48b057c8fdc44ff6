import { describe, expect, it } from 'vitest';
import { readJobs } from '../../../src/lotus/jobs.ts';
import { answer, JOBS } from './samples.ts';

describe('the list of jobs', () => {
  it('is read row by row', () => {
    expect(readJobs(answer(JOBS))).toEqual({
      type: 'understood',
      value: [
        {
          id: '13aa09cd',
          sector: 990,
          worker: '00000000',
          host: 'node-p1-02',
          task: 'PC2',
          state: { type: 'ret-wait' },
          seconds: 111602.4,
        },
        {
          id: '8c3d91aa',
          sector: 1017,
          worker: '6b1f2c90',
          host: 'node-p1-03',
          task: 'PC1',
          state: { type: 'running' },
          seconds: 15153.8,
        },
        {
          id: 'f2207be1',
          sector: 998,
          worker: 'd41c77e5',
          host: 'node-c2-01',
          task: 'C2',
          state: { type: 'running' },
          seconds: 361.2,
        },
        {
          id: '00000000',
          sector: 1041,
          worker: '6b1f2c90',
          host: 'node-p1-03',
          task: 'PC1',
          state: { type: 'assigned', window: 0 },
          seconds: 724,
        },
      ],
    });
  });

  it('is empty with its header alone, and not understood without it', () => {
    expect(readJobs(answer('ID  Sector  Worker  Hostname  Task  State  Time\n'))).toEqual({
      type: 'understood',
      value: [],
    });
    expect(readJobs(answer(''))).toMatchObject({ type: 'not understood' });
  });

  it('may have rows without a host: the words are one less, wherever the columns are', () => {
    const text =
      'ID        Sector  Worker    Hostname  Task  State    Time\n8c3d91aa  1017    6b1f2c90            PC1   running  500ms\n';
    expect(readJobs(answer(text))).toMatchObject({ value: [{ host: '', task: 'PC1', seconds: 0.5 }] });
  });

  it.each([
    ['numbers as ids (up to 1.1)', JOBS.replace('8c3d91aa', '17      ')],
    ['ids of twelve digits', JOBS.replace('8c3d91aa', '8c3d91aa0011')],
    ['states of 1.13', JOBS.replace('running ', 'prepared')],
    ['ends of DOS', JOBS.replaceAll('\n', ' \r\n')],
  ])('may have %s', (_, text) => {
    expect(readJobs(answer(text))).toMatchObject({ type: 'understood', value: { length: 4 } });
  });

  it.each([
    ['a state that nobody knows', JOBS.replace('ret-wait', 'sleeping')],
    ['a row that is cut', JOBS.replace('      4h12m33.8s', '')],
    ['a time that is none', JOBS.replace('6m1.2s', 'later ')],
    ['another line', `${JOBS}goroutine 1 [running]:\n`],
  ])('is not understood with %s', (_, text) => {
    expect(readJobs(answer(text))).toMatchObject({ type: 'not understood' });
  });
});
