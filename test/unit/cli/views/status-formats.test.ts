import { describe, expect, it } from 'vitest';
import type { StatusTrouble } from '../../../../src/cli/views/status-document.ts';
import { statusJunit } from '../../../../src/cli/views/status-junit.ts';
import { statusPrometheus } from '../../../../src/cli/views/status-prometheus.ts';
import { document, host, process, stopped } from './status-sample.ts';

const unseen = host('c2-1', {
  state: 'unseen',
  processes: [],
  mounts: [],
  hugepages: null,
  troubles: [{ severity: 'bad', kind: 'unseen', processes: [], message: 'no answer: <"&">', why: 'x' }],
});

describe('a status for Prometheus', () => {
  const lines = (...hosts: Parameters<typeof document>[0]) => statusPrometheus(document(hosts)).split('\n');

  it('has a sample for each process, and help and type once a metric', () => {
    const given = lines(host('p1-50', { processes: [process('P1-1'), process('P1-2', stopped)] }));
    expect(given).toContain(
      'fcops_process_running{miner="f0494733",host="p1-50",role="p1",process="P1-1"} 1',
    );
    expect(given).toContain(
      'fcops_process_running{miner="f0494733",host="p1-50",role="p1",process="P1-2"} 0',
    );
    expect(given.filter((line) => line === '# TYPE fcops_process_running gauge')).toHaveLength(1);
    expect(given).toContain(
      'fcops_process_start_time_seconds{miner="f0494733",host="p1-50",role="p1",process="P1-1"} 1795500600',
    );
    expect(given.at(-1)).toBe('');
    for (const line of given.filter((one) => one !== '' && !one.startsWith('#')))
      expect(line).toMatch(/^[a-z_]+\{([a-z_]+="[^"\n]*",?)*\} [\d.e+-]+$/);
  });

  it('has none for what is not known', () => {
    const miner = { state: 'unknown', why: 'it does not answer' } as const;
    const given = lines(
      host('p1-50', {
        processes: [
          process('P1-1', { miner, listening: null }),
          process('P1-2', { state: 'unknown', instances: [], miner }),
        ],
        mounts: [{ target: '/ceph', what: 'storage', state: 'unknown', why: 'did not answer within 5 s' }],
      }),
      unseen,
    ).join('\n');
    expect(given).not.toContain('fcops_worker_registered');
    expect(given).not.toContain(
      'fcops_process_listening{miner="f0494733",host="p1-50",role="p1",process="P1-1"',
    );
    expect(given).not.toContain(
      'fcops_process_running{miner="f0494733",host="p1-50",role="p1",process="P1-2"',
    );
    expect(given).toContain('fcops_mount_up{miner="f0494733",host="p1-50",mount="/ceph"} 0');
    expect(given).not.toContain('fcops_mount_free_bytes');
    expect(given).toContain('fcops_host_seen{miner="f0494733",host="c2-1"} 0');
  });

  it('escapes what labels cannot hold', () => {
    const mounts = [{ target: '/a\\b"c\nd', what: 'storage', state: 'not mounted' } as const];
    expect(lines(host('p1-50', { mounts }))).toContain(
      'fcops_mount_up{miner="f0494733",host="p1-50",mount="/a\\\\b\\"c\\nd"} 0',
    );
  });
});

describe('a status as JUnit XML', () => {
  it('says beside a process that nobody knows whether it is registered', () => {
    const miner = { state: 'unknown', why: 'no answer' } as const;
    const given = document([host('p1-50', { processes: [process('P1-1', { miner })] })]);
    expect(statusJunit(given)).toContain(`name="P1-1">
      <system-out>it is not known whether it is registered
why: no answer</system-out>`);
  });

  it('has a suite a host, and a case for each process; only what is bad fails', () => {
    const given = document([
      host('p1-50', {
        processes: [process('P1-1'), process('P1-2')],
        troubles: [
          {
            severity: 'bad',
            kind: 'not-registered',
            processes: ['P1-2'],
            message: 'not listed',
            next: 'see',
          },
          { severity: 'warn', kind: 'restart-owed', processes: ['P1-1'], message: 'restart owed' },
          { severity: 'warn', kind: 'room', processes: [], message: 'little room' },
        ],
      }),
      unseen,
    ]);
    expect(statusJunit(given)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fcops status f0494733" tests="5" failures="2" errors="0">
  <testsuite name="p1-50" tests="4" failures="1" errors="0" skipped="0" timestamp="2026-11-24T07:00:00">
    <testcase classname="p1-50" name="look"/>
    <testcase classname="p1-50" name="machine">
      <system-out>little room</system-out>
    </testcase>
    <testcase classname="p1-50" name="P1-1">
      <system-out>restart owed</system-out>
    </testcase>
    <testcase classname="p1-50" name="P1-2">
      <failure type="not-registered" message="not listed">not listed
next: see</failure>
    </testcase>
  </testsuite>
  <testsuite name="c2-1" tests="1" failures="1" errors="0" skipped="0" timestamp="2026-11-24T07:00:00">
    <testcase classname="c2-1" name="look">
      <failure type="unseen" message="no answer: &lt;&quot;&amp;&quot;&gt;">no answer: &lt;"&amp;"&gt;
why: x</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('holds no character that XML forbids', () => {
    const troubles: StatusTrouble[] = [
      { severity: 'bad', kind: 'gpu', processes: [], message: 'a\u0000b\u001bc' },
    ];
    expect(statusJunit(document([host('p1-50', { troubles })]))).toContain('a\\u0000b\\u001bc');
  });
});
