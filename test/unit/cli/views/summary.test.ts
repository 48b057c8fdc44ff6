import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { summaryText } from '../../../../src/cli/views/summary.ts';
import { look } from '../../../../src/core/next.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import { failedResult, result } from './samples.ts';

const summary = (more: Partial<Parameters<typeof summaryText>[0]>) =>
  summaryText({
    results: [],
    seconds: 12.4,
    warnings: [],
    planCommand: 'fcops plan p1 --miner f0494733',
    trustCommand: (hosts) => `fcops trust --miner f0494733 --limit ${hosts.join()}`,
    resumeCommand: 'fcops resume r-1',
    wholeCommand: 'fcops runs show r-1',
    addresses: new Map(
      Array.from({ length: 50 }, (_, index) => [`p1-${index + 10}`, { address: `10.0.0.${index + 10}` }]),
    ),
    startCommand: (hosts) => `fcops deploy p1 --start --miner f0494733 --limit ${hosts.join()}`,
    rebootCommand: (hosts, drain) => `fcops reboot p1${drain ? ' --drain' : ''} --limit ${hosts.join()}`,
    restartCommand: (hosts, processes) =>
      `fcops restart p1 --process ${processes.join()} --miner f0494733 --limit ${hosts.join()}`,
    statusCommand: (hosts) => `fcops status --full --miner f0494733 --limit ${hosts.join()}`,
    words: PLAIN_WORDS,
    colour: false,
    width: Number.POSITIVE_INFINITY,
    ...more,
  });

describe('summaryText', () => {
  it('ends with the failures, each with its last lines, and what to do', () => {
    expect(
      summary({
        results: [
          failedResult('p1-50'),
          result('p1-51', {
            state: 'changed',
            changed: 34,
            seconds: 42,
            reboot: ['hugepagesz=1G is not in effect'],
          }),
          result('p1-52'),
          result('p1-53', {
            state: 'unreachable',
            same: 0,
            problems: [
              {
                kind: 'connect',
                what: 'no answer within 15 s',
                where: { host: 'p1-53' },
                next: [look('check the machine')],
              },
            ],
          }),
        ],
      }),
    ).toMatchInlineSnapshot(`
      "host   ok  changed  failed  skipped   time
      p1-50   9        2       1        4   12 s  failed
      p1-51   9       34       0        0   42 s  reboot needed
      p1-52   9        0       0        0  0.4 s
      p1-53   0        0       0        0  0.4 s  unreachable

      4 hosts: 1 changed, 1 unchanged, 1 unreachable, 1 failed, in 12 s

      FAILED p1-50, task "lotus-worker"
        archive:/opt/lotus failed (status 22)
          why:  curl: (22) The requested URL returned error: 404
                nothing was unpacked
          next: mend the cause and run again

      UNREACHABLE p1-53
        no answer within 15 s
          next: check the machine

      Next
        fix what is shown above and run the same again; only what is missing is done. The rest alone:
            fcops resume r-1
        reboot p1-51; --drain has its tasks end first, however long they take
          hugepagesz=1G is not in effect
            fcops reboot p1 --drain --limit p1-51
        then see that nothing is left: fcops plan p1 --miner f0494733
      "
    `);
  });

  it('names no command that was refused just now, where a saved plan does not fit any more', () => {
    const moved = result('p1-50', {
      state: 'blocked',
      problems: [{ kind: 'moved', what: 'not as it was', where: { host: 'p1-50' } }],
    });
    const left = result('p1-51', {
      state: 'stopped',
      problems: [{ kind: 'stopped', what: 'as it was planned, and not begun', where: { host: 'p1-51' } }],
    });
    const next = (results: readonly HostResult[]) =>
      summary({ results, resumeCommand: 'fcops apply p1.plan' }).split('Next\n')[1];
    expect(next([moved, result('p1-52')])).toBe('  make the plan of p1-50 anew, and have it reviewed\n');
    expect(next([moved, left])).toBe(
      '  make the plan of p1-50 anew, and have it reviewed; the others alone:\n      fcops apply p1.plan --partial\n',
    );
  });

  it('is one row for many hosts with nothing to do', () => {
    const results = Array.from({ length: 50 }, (_, index) =>
      result(`p1-${index + 10}`, { seconds: index / 100 }),
    );
    expect(summary({ results, seconds: 0.8 })).toMatchInlineSnapshot(`
      "host        ok  changed  failed  skipped   time
      p1-[10:59]   9        0       0        0  0.5 s

      50 hosts: 50 unchanged, in 0.8 s
      "
    `);
  });

  it('is one row for many hosts that changed alike; names take a third of the width at the most', () => {
    const results = Array.from({ length: 40 }, (_, index) =>
      result(`p1-${2 * index + 10}`, { state: 'changed', changed: 62, seconds: index }),
    );
    const text = summary({ results, width: 80 });
    const rows = text.slice(0, text.indexOf('\n\n')).split('\n');
    expect(rows[1]).toMatch(/^p1-10, p1-12, p1-14, +9 +62 +0 +0 +39 s$/);
    expect(Math.max(...rows.slice(2).map((row) => row.length))).toBeLessThanOrEqual(26);
    expect(rows.slice(1).join(' ').match(/p1-/g)).toHaveLength(40);
  });

  it('says where nothing runs, with what starts it, and that nobody has to wait there for a reboot', () => {
    const idle = ['APx', 'P2', 'P1-1'];
    const text = summary({
      results: [
        result('p1-50', { idle }),
        result('p1-51', { idle, reboot: ['hugepagesz=1G is not in effect'] }),
        result('p1-52', { reboot: ['hugepagesz=1G is not in effect'] }),
      ],
    });
    expect(text.slice(text.indexOf('Next'))).toMatchInlineSnapshot(`
      "Next
        reboot p1-51: none of the processes there runs
        reboot p1-52; --drain has its tasks end first, however long they take
          hugepagesz=1G is not in effect
            fcops reboot p1 --limit p1-51
            fcops reboot p1 --drain --limit p1-52
        then see that nothing is left: fcops plan p1 --miner f0494733
        p1-50: none of its 3 processes runs
        to start what does not run:
            fcops deploy p1 --start --miner f0494733 --limit p1-50
      "
    `);
  });

  it('shows fifty failures of one cause once, with the lines that tell', () => {
    const chatter = Array.from(
      { length: 15 },
      (_, n) => `Get:${n} http://mirror bionic/main amd64 tree [41.1 kB]`,
    );
    const results = Array.from({ length: 50 }, (_, index) =>
      result(`p1-${index + 10}`, {
        state: 'failed',
        changed: 2,
        problems: [
          {
            kind: 'step',
            what: 'packages:tree failed (status 100)',
            where: { host: `p1-${index + 10}`, task: 'packages' },
            why: [
              ...chatter,
              `Fetched 41.1 kB in ${index}s (41.1 kB/s)`,
              `E: 10.0.0.${index + 10} may not fetch tree, after ${index} s`,
            ].join('\n'),
            next: [look('mend the cause and run again')],
          },
        ],
      }),
    );
    const text = summary({ results, width: 80 });
    expect(text.split('\n').length).toBeLessThan(20);
    expect(text.slice(text.indexOf('FAILED'), text.indexOf('Next'))).toMatchInlineSnapshot(`
      "FAILED p1-[10:59], task "packages", as p1-10 says it
        packages:tree failed (status 100)
          why:  E: 10.0.0.10 may not fetch tree, after 0 s
          next: mend the cause and run again
        16 more lines of what it printed: fcops runs show r-1

      "
    `);
  });

  it('keeps apart what has another cause', () => {
    const results = ['a', 'b'].map((why, index) =>
      result(`p1-${index + 10}`, { state: 'failed', problems: [{ kind: 'step', what: 'x failed', why }] }),
    );
    expect(summary({ results }).match(/^FAILED/gm)).toHaveLength(2);
  });

  it('shows failures that are alike once', () => {
    const stopped = ['p1-50', 'p1-51', 'p1-52'].map((host) =>
      result(host, {
        state: 'stopped',
        skipped: 3,
        problems: [
          {
            kind: 'stopped',
            what: 'stopped between two steps',
            where: { host, task: host === 'p1-52' ? 'b' : 'a' },
          },
        ],
      }),
    );
    const text = summary({ results: stopped });
    expect(text.slice(text.indexOf('STOPPED'))).toMatchInlineSnapshot(`
      "STOPPED p1-[50:51], task "a"
        stopped between two steps

      STOPPED p1-52, task "b"
        stopped between two steps

      Next
        run the same again to do the rest, or:
            fcops resume r-1
      "
    `);
  });

  it('says which processes still run with what they were started with, and stops none of them', () => {
    const since = Date.parse('2026-11-22T04:30:00Z') / 1000;
    const owed = (process: string, at = since) => ({
      process,
      pid: 7,
      since: at,
      reasons: ['/opt/profile is newer than it'],
    });
    const restart = [owed('P1-1'), owed('P1-2', since - 60)];
    const results = ['p1-50', 'p1-51'].map((host) => result(host, { state: 'changed', changed: 1, restart }));
    const text = summary({ results, width: 80 });
    expect(text).toMatch(/p1-50 .*restart owed/);
    expect(text.slice(text.indexOf('Next'))).toMatchInlineSnapshot(`
      "Next
        nothing is restarted by itself. These run with what they were started with,
          and a restart ends the task that a process is at, with its hours:
          p1-[50:51]  P1-[1:2]: /opt/profile is newer than it; the oldest runs since
            2026-11-22T04:29:00Z
        the number of each process, and since when it runs:
            fcops status --full --miner f0494733 --limit p1-50,p1-51
        to start them anew; it is refused while one of them has a task, whose end
          --drain waits for:
            fcops restart p1 --process P1-1,P1-2 --miner f0494733 --limit p1-50,p1-51
      "
    `);
  });

  it('offers nothing to take up where all was refused before anything was done', () => {
    const blocked = result('p1-50', { state: 'blocked' });
    for (const repeats of [false, true]) {
      const text = summary({ results: [blocked, result('p1-51', { state: 'blocked' })], repeats });
      expect(text).toContain('fix what is shown above and run the same again\n');
      expect(text).not.toContain('resume');
    }
    expect(summary({ results: [blocked, result('p1-51')] })).toContain('fcops resume r-1');
  });

  it('does not tell to type again what would do all of it again', () => {
    const results = [result('p1-50', { state: 'changed', changed: 1 }), result('p1-51', { state: 'failed' })];
    const text = summary({ results, repeats: true });
    expect(text).toContain('the same typed anew does all of it again');
    expect(text).toContain('fcops resume r-1');
    expect(text).not.toContain('only what is missing is done');
    // After Ctrl-C there is nothing to fix.
    const stopped = summary({ results: [result('p1-50', { state: 'stopped' })], repeats: true });
    expect(stopped).toContain('  to do the rest; the same typed anew does all of it again:');
    expect(stopped).not.toContain('fix what is shown above');
    // Another run has one of the hosts, and others have been done.
    const locked = result('p1-51', { state: 'blocked', problems: [{ kind: 'locked', what: 'another run' }] });
    const beside = summary({
      results: [result('p1-50', { state: 'changed', changed: 1 }), locked],
      repeats: true,
    });
    expect(beside).toContain(
      'when the other run has ended, do the rest; the same typed anew does all of it again',
    );
    expect(beside).not.toContain('run the same again');
  });

  it('says of lotus and lotus-miner what a restart of theirs loses, and how they are ended', () => {
    const restart = ['lotus', 'lotus-miner'].map((process) => ({
      process,
      pid: 7,
      since: 1_700_000_000,
      reasons: ['/opt/raid0/profile is newer than it'],
    }));
    const text = summary({ results: [result('miner-1', { state: 'changed', changed: 1, restart })] });
    expect(text).toContain('a restart loses the proofs that lotus-miner is at or has not sent yet');
    expect(text).toContain('it is refused where a proof would be lost');
    expect(text).not.toContain('has no task');
  });

  it('names warnings once, with the hosts that have them', () => {
    const warnings = ['p1-50', 'p1-51'].map((host) => ({ host, message: 'the kernel is old' }));
    expect(summary({ results: [result('p1-50'), result('p1-51')], warnings })).toContain(
      'Warnings\n  p1-[50:51]: the kernel is old\n',
    );
  });

  it('breaks long lines at blanks for a terminal', () => {
    const problems = [{ kind: 'check', what: 'word '.repeat(30).trim() } as const];
    const text = summary({ results: [result('a', { state: 'blocked', problems })], width: 40 });
    const failure = text.slice(text.indexOf('BLOCKED'), text.indexOf('Next'));
    expect(Math.max(...failure.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(text).toContain('\n  word word word word word word word\n    word');
  });
});
