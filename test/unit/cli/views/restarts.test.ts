import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { hostPlanDocument } from '../../../../src/cli/views/plan-document.ts';
import { foldRestarts, oldProcesses, runsSince } from '../../../../src/cli/views/restarts.ts';
import { ADDRESSES, planned, restartItem, result, sysctlItem } from './samples.ts';

const SINCE = Date.parse('2026-11-22T04:30:00Z') / 1000;

describe('foldRestarts', () => {
  it('puts processes that lack the same into one item, with the oldest of them', () => {
    const other = restartItem('APx', { reasons: ['it runs on CPUs 0, not on 1'] });
    const host = hostPlanDocument(
      planned('p1-50', [restartItem('P1-1'), sysctlItem, other, restartItem('P1-2', { since: SINCE - 60 })]),
      { addresses: ADDRESSES, words: PLAIN_WORDS },
    );
    expect(
      foldRestarts(host).items.map((item) => [
        item.title,
        item.state === 'restart' ? [item.pid, item.since] : null,
      ]),
    ).toEqual([
      ['file /etc/sysctl.conf', null],
      ['P1-[1:2]', [0, SINCE - 60]],
      ['APx', [1234, SINCE]],
    ]);
  });
});

describe('runsSince', () => {
  it('tells since when, and which process where it is one', () => {
    const words = (stamp: string) => stamp;
    expect(runsSince({ since: SINCE, pid: 7 }, words)).toBe('runs since 2026-11-22T04:30:00Z, process 7');
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
