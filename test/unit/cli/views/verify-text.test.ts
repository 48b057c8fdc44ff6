import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import type { VerifyCheck, VerifyDocument } from '../../../../src/cli/views/verify-document.ts';
import { verifyDocumentSchema } from '../../../../src/cli/views/verify-document.ts';
import { verifyJunit } from '../../../../src/cli/views/verify-junit.ts';
import { verifyLines } from '../../../../src/cli/views/verify-text.ts';
import { check, document, host, processChecks } from './verify-sample.ts';

const text = (given: VerifyDocument, { full = false, width = 80 } = {}): string => {
  verifyDocumentSchema.parse(given);
  const moment = (stamp: string) => stamp.slice(5, 16).replace('T', ' ');
  return verifyLines(given, { paint: painter(false), width, full, moment }).join('\n');
};
/** Only what is not right. */
const wrong = (given: VerifyDocument, options = {}) => text(given, options).split('\n\n')[1];
const since = (at: string, seconds: number, by: 'start' | 'log' = 'log') => ({
  since: { at: `2026-11-24T${at}:00Z`, by, seconds },
});
const start = (limit: string, number = 3): Partial<VerifyCheck> => ({
  next: `see the end of /opt/w-${number}p1/log.txt on the host; to start it: fcops start p1 --limit ${limit}`,
  commands: [`fcops start p1 --limit ${limit}`],
});
const missing = (name: string, at: string, seconds: number) =>
  check('registration', `${name} is registered`, {
    process: name,
    result: 'off',
    message: 'runs, and the miner does not list it',
    ...since(at, seconds, 'start'),
  });

describe('a verification as text', () => {
  it('has a line a role and sort of check where all is right', () => {
    expect(text(document([host('p1-50'), host('p1-51')]))).toBe(
      [
        'f0494733: 2 hosts, all 22 checks are right',
        '',
        'p1  2 hosts: p1-[50:51]',
        '    processes   6 of 6 run',
        '    ports       6 of 6 listened on',
        '    registered  6 of 6',
        '    clock       2 of 2 right, at most 12 ms off',
      ].join('\n'),
    );
  });

  it('names who is missing, since when, and what to do; what is alike once', () => {
    const ended = (name: string) =>
      host(name, {
        checks: [
          check('look', 'look'),
          ...processChecks('P1-1'),
          ...processChecks('P1-2'),
          ...processChecks('P1-3', { ...since('06:31', 29 * 60), ...start(name) }),
        ],
        groups: [{ role: 'p1', group: 'P1', wanted: 3, running: 2, registered: 2 }],
      });
    const shown = text(document([ended('p1-50'), ended('p1-51'), host('p1-52')]));
    expect(shown).toBe(
      [
        'f0494733: 3 hosts, of 27 checks 2 are off',
        '',
        '! p1-[50:51]: P1-3: does not run (log last written 11-24 06:31, 29 min ago)',
        '    next: see the end of /opt/w-3p1/log.txt on the host; to start it:',
        "        fcops start p1 --limit 'p1-[50:51]'",
        '',
        'p1  3 hosts: p1-[50:52]',
        '  ! processes   7 of 9 run',
        '    ports       7 of 7 listened on',
        '    registered  7 of 9',
        '    clock       1 of 1 right, at most 12 ms off',
      ].join('\n'),
    );
  });

  it('tells processes of a host as one, each with its own moment where they differ', () => {
    const ended = (name: string, at: string, seconds: number) =>
      processChecks(name, { ...since(at, seconds), ...start('p1-50', Number(name.slice(3))) });
    const same = host('p1-50', {
      checks: [...ended('P1-2', '06:31', 1740), ...ended('P1-3', '06:31', 1700)],
    });
    expect(wrong(document([same]), { width: 200 })).toBe(
      [
        '! p1-50: P1-[2:3]: does not run (log last written 11-24 06:31, 29 min ago)',
        '    next: see the end of /opt/w-[2:3]p1/log.txt on the host; to start it: fcops start p1 --limit p1-50',
      ].join('\n'),
    );
    const other = host('p1-50', {
      checks: [
        missing('P1-1', '06:00', 3600),
        missing('P1-2', '06:00', 3600),
        missing('P1-3', '06:40', 1200),
      ],
    });
    expect(wrong(document([other]), { width: 200 })).toBe(
      '! p1-50: P1-[1:3]: runs, and the miner does not list it (started: P1-[1:2] 11-24 06:00, P1-3 11-24 06:40)',
    );
  });

  it('tells the same of several hosts with the moment of each; of many the first and the last', () => {
    const of = (name: string, at: string, seconds: number) =>
      host(name, { roles: ['c2'], checks: [missing('C2-1', at, seconds)] });
    const two = [of('c2-1', '06:00', 3600), of('c2-2', '06:10', 3000)];
    expect(wrong(document(two), { width: 200 })).toContain('(started: c2-1 11-24 06:00, c2-2 11-24 06:10)');
    const many = [10, 20, 30, 40, 50].map((minute, index) =>
      of(`c2-${index + 1}`, `06:${minute}`, (60 - minute) * 60),
    );
    expect(wrong(document(many), { width: 200 })).toContain(
      '! c2-[1:5]: C2-1: runs, and the miner does not list it (started between 11-24 06:10 and 11-24 06:50; --full tells each)',
    );
    expect(wrong(document(many), { width: 300, full: true })).toContain('c2-4 11-24 06:40');
  });

  it('puts what is off before what nobody can tell, and says the latter otherwise', () => {
    const unknown = check('gpu', 'NVIDIA driver', {
      result: 'unknown',
      message: 'it is not known whether 4 GPUs answer',
      why: 'nvidia-smi gave no answer within 5 s',
    });
    const gone = host('p1-51', {
      state: 'unseen',
      groups: [],
      clock: null,
      checks: [check('look', 'look', { result: 'off', message: 'no answer', why: 'timed out' })],
    });
    const shown = text(document([host('p1-50', { checks: [unknown] }), gone]));
    expect(shown).toBe(
      [
        'f0494733: 2 hosts, of 2 checks 1 is off and 1 is unknown',
        '',
        '! p1-51: no answer',
        '    why:  timed out',
        '? p1-50: it is not known whether 4 GPUs answer',
        '    why:  nvidia-smi gave no answer within 5 s',
        '',
        'p1  1 host: p1-50',
        '  ? GPUs        0 of 1 as they should be',
      ].join('\n'),
    );
  });

  it('tells hosts that cannot be reached for one reason once, in the words of the first', () => {
    const away = (number: number, why = 'the machine is off') => {
      const address = `10.0.0.${number}`;
      const message = `${address} did not answer within ${number / 10} s`;
      return host(`p1-${number}`, {
        ...{ address, state: 'unseen', groups: [], clock: null },
        checks: [check('look', 'look', { result: 'off', message, why })],
      });
    };
    const some = Array.from({ length: 24 }, (_, index) => away(50 + index));
    expect(text(document([...some, away(90, 'another reason')]))).toBe(
      [
        'f0494733: 25 hosts, of 25 checks 25 are off',
        '',
        '! p1-[50:73], as p1-50 says it: 10.0.0.50 did not answer within 5 s',
        '    why:  the machine is off',
        '! p1-90: 10.0.0.90 did not answer within 9 s',
        '    why:  another reason',
      ].join('\n'),
    );
  });

  it('says once that the miner does not tell, whatever runs on each host', () => {
    const untold = (name: string) =>
      check('registration', `${name} is registered`, {
        process: name,
        result: 'unknown',
        message: 'it is not known whether it is registered',
        why: 'API not running',
      });
    const groups = [{ role: 'c2', group: 'C2', wanted: 1, running: 1, registered: null } as const];
    const given = document([
      host('p1-50', {
        checks: ['P1-1', 'P1-2'].map(untold),
        groups: [{ role: 'p1', group: 'P1', wanted: 2, running: 2, registered: null }],
      }),
      host('c2-1', { roles: ['c2'], groups, checks: [untold('C2-1')] }),
    ]);
    expect(wrong(given)).toBe(
      [
        '? p1-50, c2-1: it is not known which of its workers are registered',
        '    why:  API not running',
      ].join('\n'),
    );
    expect(text(given)).toContain('  ? registered  0 of 2 known to be registered');
  });

  it('tells restarts that are owed and who is changing a host, as no faults', () => {
    const lockedBy = { who: 'alice@ops1', run: 'r-1', since: '2026-11-24T06:59:00Z' };
    const given = document([
      host('p1-50', { restart: ['P1-1', 'P1-2'] }),
      host('p1-51', { restart: ['P1-1', 'P1-2'], lockedBy }),
    ]);
    expect(text(given).split('\n').slice(0, 4)).toEqual([
      'f0494733: 2 hosts, all 22 checks are right',
      '',
      '% p1-[50:51]: P1-[1:2]: a restart is owed; fcops status says why',
      '. p1-51: changed right now by alice@ops1',
    ]);
    const strangers = [
      { id: 'a', host: 'old-1', address: '10.0.0.9:11000' },
      { id: 'b', host: 'old-1', address: '10.0.0.9:12000' },
      { id: 'c', host: '', address: null },
    ];
    expect(wrong(document([host('p1-50')], strangers), { width: 200 })).toBe(
      '* the miner lists 3 workers of hosts that the inventory does not know: old-1, c',
    );
  });

  it('tells of files that were lost together the first; all of them with --full', () => {
    const lost = ['a', 'b', 'c'].map((name) =>
      check('data', `template data /${name}`, { result: 'off', message: `/${name} is not there` }),
    );
    const given = document([host('p1-50', { checks: lost })]);
    expect(wrong(given)).toBe('! p1-50: /a is not there, and 2 more of its data');
    expect(wrong(given, { full: true })?.split('\n')).toHaveLength(3);
  });

  it('tells nodes that lack alike as one', () => {
    const short = [0, 1, 2].map((node) =>
      check('hugepages', `huge pages on node ${node}`, {
        result: 'off',
        message: `node ${node} has 0 huge pages of 1 GiB, wanted are 252`,
      }),
    );
    expect(wrong(document([host('p1-50', { checks: short })]))).toBe(
      '! p1-50: node [0:2] has 0 huge pages of 1 GiB, wanted are 252',
    );
  });

  it('does not obey what a host says of itself', () => {
    const bad = check('data', 'x', { result: 'off', message: 'a\u001b[2Jb\u202ec' });
    expect(text(document([host('p1-50', { checks: [bad] })]))).not.toMatch(/[\u202e]|\[2J/);
  });
});

describe('a verification as JUnit XML', () => {
  it('has a suite a host and a case a check: what is off fails, what is unknown is an error', () => {
    const given = document([
      host('p1-50', {
        checks: [
          check('look', 'look'),
          ...processChecks('P1-3', { ...since('06:31', 1740), ...start('p1-50') }),
          check('clock', 'clock', { result: 'unknown', message: 'not "measured"', why: '<x> & y' }),
        ],
      }),
      host('p1-51', { state: 'pending', checks: [], groups: [], clock: null }),
    ]);
    expect(verifyJunit(given)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fcops verify f0494733" tests="4" failures="1" errors="1">
  <testsuite name="p1-50" tests="3" failures="1" errors="1" skipped="0" timestamp="2026-11-24T07:00:00">
    <testcase classname="p1-50" name="look"/>
    <testcase classname="p1-50" name="P1-3 runs">
      <failure type="process" message="does not run">does not run
log last written: 2026-11-24T06:31:00Z, by its host's clock
next: see the end of /opt/w-3p1/log.txt on the host; to start it: fcops start p1 --limit p1-50</failure>
    </testcase>
    <testcase classname="p1-50" name="clock">
      <error type="clock" message="not &quot;measured&quot;">not "measured"
why: &lt;x&gt; &amp; y</error>
    </testcase>
  </testsuite>
  <testsuite name="p1-51" tests="1" failures="0" errors="0" skipped="1" timestamp="2026-11-24T07:00:00">
    <testcase classname="p1-51" name="look">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});
