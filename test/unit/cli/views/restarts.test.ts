import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { hostPlanDocument } from '../../../../src/cli/views/plan-document.ts';
import { groupRestarts, oldProcesses, runsSince } from '../../../../src/cli/views/restarts.ts';
import { ADDRESSES, planned, restartItem, result, sysctlItem } from './samples.ts';

const SINCE = Date.parse('2026-11-22T04:30:00Z') / 1000;

describe('groupRestarts', () => {
  it('puts processes that lack the same into one item, each with its own number', () => {
    const other = restartItem('APx', { reasons: ['it runs on CPUs 0, not on 1'] });
    const { items } = hostPlanDocument(
      planned('p1-50', [
        restartItem('P1-9'),
        sysctlItem,
        other,
        restartItem('P1-10', { pid: 7, since: SINCE - 60 }),
      ]),
      { addresses: ADDRESSES, words: PLAIN_WORDS },
    );
    const groups = groupRestarts(items.filter((item) => item.state === 'restart'));
    expect(groups.map(({ title, processes }) => [title, processes])).toEqual([
      [
        'P1-[9:10]',
        [
          { process: 'P1-9', pid: 1234, since: SINCE },
          { process: 'P1-10', pid: 7, since: SINCE - 60 },
        ],
      ],
      ['APx', [{ process: 'APx', pid: 1234, since: SINCE }]],
    ]);
  });
});

it('the reason is the same where each has its own script', () => {
  const owed = (n: number, path = `/opt/worker-${n}p1/start_${n}p1.sh`) => ({
    process: `P1-${n}`,
    pid: n,
    since: SINCE,
    reasons: [`${path} is newer than it`],
  });
  const restart = [owed(1), owed(2), owed(3), owed(4, '/opt/worker-1p1/start_1p1.sh')];
  expect(oldProcesses([result('p1-50', { restart })])).toMatchObject([
    {
      processes: ['P1-1', 'P1-2', 'P1-3'],
      reasons: ['/opt/worker-[1:3]p1/start_[1:3]p1.sh is newer than it'],
    },
    { processes: ['P1-4'], reasons: ['/opt/worker-1p1/start_1p1.sh is newer than it'] },
  ]);
});

describe('runsSince', () => {
  it('tells since when, and which process where it is one', () => {
    const words = (stamp: string) => stamp;
    expect(runsSince({ since: SINCE, pid: 7 }, words)).toBe('runs since 2026-11-22T04:30:00Z, process 7');
    // What a host says need not be a moment: one host's answer ends nothing.
    expect(runsSince({ since: 99_999_999_999_999, pid: 7 }, words)).toBe(
      'runs since a time that its host does not tell, process 7',
    );
    expect(runsSince({ since: SINCE, pid: 0 }, words)).toBe('runs since 2026-11-22T04:30:00Z');
    expect(runsSince({ since: SINCE, several: true }, words)).toBe(
      'the oldest runs since 2026-11-22T04:30:00Z',
    );
  });
});

describe('oldProcesses', () => {
  const owed = (process: string, since = SINCE, reasons = ['/opt/profile is newer than it']) => ({
    process,
    pid: 7,
    since,
    reasons,
  });

  it('names hosts that owe the same once, with the oldest process of all', () => {
    const old = oldProcesses([
      result('p1-50', { restart: [owed('P1-1'), owed('P1-2')] }),
      result('p1-51', { restart: [owed('P1-1', SINCE - 5), owed('P1-2')] }),
      result('p1-52', { restart: [owed('P1-1')] }),
      result('p1-53'),
    ]);
    expect(old.map(({ hosts, processes, since }) => [hosts, processes, since])).toEqual([
      [['p1-50', 'p1-51'], ['P1-1', 'P1-2'], SINCE - 5],
      [['p1-52'], ['P1-1'], SINCE],
    ]);
  });

  it('keeps apart what has other reasons', () => {
    const restart = [owed('P1-1'), owed('P1-2', SINCE, ['/opt/start.sh is newer than it'])];
    expect(oldProcesses([result('p1-50', { restart })])).toHaveLength(2);
  });
});
