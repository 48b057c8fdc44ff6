import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import type { StatusDocument, StatusTrouble } from '../../../../src/cli/views/status-document.ts';
import { statusDocumentSchema } from '../../../../src/cli/views/status-document.ts';
import { statusLines } from '../../../../src/cli/views/status-text.ts';
import { document, host, process, stopped } from './status-sample.ts';

const text = (given: StatusDocument, { full = false, width = 80 } = {}): string => {
  statusDocumentSchema.parse(given);
  const moment = (stamp: string) => stamp.slice(5, 16).replace('T', ' ');
  return statusLines(given, { paint: painter(false), width, full, moment }).join('\n');
};
const dead = (limit: string): StatusTrouble => ({
  severity: 'bad',
  kind: 'process-dead',
  processes: ['P1-3'],
  message: 'not running, though the other 2 processes of the host are',
  next: `to start what does not run: fcops deploy p1 --start --limit ${limit}`,
});
const owed = (name: string): StatusTrouble => ({
  severity: 'warn',
  kind: 'restart-owed',
  processes: [name],
  message: `restart owed: /opt/worker-${name.slice(3)}p1/start_${name.slice(3)}p1.sh is newer than it`,
});
const withDead = (name: string) =>
  host(name, {
    processes: [process('P1-1'), process('P1-2'), process('P1-3', stopped)],
    troubles: [dead(name)],
  });

describe('a status as text', () => {
  it('shows hosts that are alike once', () => {
    const hosts = Array.from({ length: 24 }, (_, index) => host(`p1-${50 + index}`));
    expect(text(document(hosts))).toBe(
      [
        'f0494733: 24 hosts, 72 of 72 processes run, no trouble',
        '',
        'p1  1.11.1-3079a405a',
        '  24 hosts: all 3 processes run: p1-[50:73]',
      ].join('\n'),
    );
  });

  it('tells what is at work in the order of the stages, whatever the order of the processes', () => {
    const job = (task: string) =>
      ({ id: 'a', sector: 1, task, state: 'running', since: null, seconds: 60 }) as const;
    const at = (name: string, task: string) =>
      process(name, {
        miner: {
          state: 'registered',
          workers: [{ id: 'a', disabled: false, tasks: {} }],
          jobs: [job(task)],
        },
      });
    const processes = [at('P2', 'PC2'), at('P1-1', 'PC1'), at('P1-2', 'PC1')];
    const hosts = ['p1-50', 'p1-51'].map((name) => host(name, { processes }));
    expect(text(document(hosts)).split('\n').at(-1)).toBe(
      '  2 hosts: all 3 processes run, at work: PC1 × 4, PC2 × 2: p1-[50:51]',
    );
  });

  it('puts trouble first, the worst of it before all else, alike troubles of hosts and processes once', () => {
    const restarts = { troubles: ['P1-1', 'P1-2'].map(owed) };
    const given = document([host('p1-49', restarts), withDead('p1-50'), withDead('p1-51')]);
    expect(text(given)).toBe(
      [
        'f0494733: 3 hosts, 7 of 9 processes run, 4 troubles',
        '',
        '! p1-[50:51]: P1-3: not running, though the other 2 processes of the host are',
        "    next: to start what does not run: fcops deploy p1 --start --limit 'p1-[50:51]'",
        '% p1-49: P1-[1:2]: restart owed: /opt/worker-[1:2]p1/start_[1:2]p1.sh is newer',
        '  than it',
        '',
        'p1  1.11.1-3079a405a',
        '  1 host: all 3 processes run: p1-49',
        '  2 hosts: 2 of 3 processes run: p1-[50:51]',
      ].join('\n'),
    );
  });

  it('says what cannot be looked at beside all else', () => {
    const gone = host('p1-51', {
      state: 'unseen',
      processes: [],
      mounts: [],
      hugepages: null,
      troubles: [{ severity: 'bad', kind: 'unseen', processes: [], message: 'no answer', why: 'timed out' }],
    });
    const shown = text(document([host('p1-50'), gone]));
    expect(shown).toContain('f0494733: 2 hosts, 1 could not be looked at, 3 of 3 processes run, 1 trouble');
    expect(shown).toContain('! p1-51: no answer\n    why:  timed out');
    expect(shown).toContain('1 host: all 3 processes run: p1-50');
  });

  it('tells hosts that cannot be reached for one reason once, in the words of the first', () => {
    const away = (number: number, why = 'the machine is off') => {
      const address = `10.0.0.${number}`;
      return host(`p1-${number}`, {
        ...{ address, state: 'unseen', processes: [], mounts: [], hugepages: null },
        troubles: [
          {
            ...{ severity: 'bad', kind: 'unseen', processes: [], why },
            message: `${address} did not answer within ${number / 10} s`,
            next: `check that the machine is on: ping ${address}`,
            commands: [`ping ${address}`],
          },
        ],
      });
    };
    const some = Array.from({ length: 24 }, (_, index) => away(50 + index));
    const given = document([...some, away(90, 'another reason')]);
    expect(text(given, { width: 200 })).toBe(
      [
        'f0494733: 25 hosts, 25 could not be looked at, 25 troubles',
        '',
        '! p1-[50:73], as p1-50 says it: 10.0.0.50 did not answer within 5 s',
        '    why:  the machine is off',
        '    next: check that the machine is on: ping 10.0.0.50; likewise for the others, as --output json says',
        '! p1-90: 10.0.0.90 did not answer within 9 s',
        '    why:  another reason',
        '    next: check that the machine is on: ping 10.0.0.90',
      ].join('\n'),
    );
  });

  it('says once where the miner cannot be asked', () => {
    const unknown = { state: 'unknown', why: 'API not running' } as const;
    const processes = [process('P1-1', { miner: unknown })];
    const says = { host: 'miner-1', workers: unknown, jobs: unknown };
    const shown = text(document([host('p1-50', { processes }), host('p1-51', { processes })], { says }));
    expect(shown.match(/API not running/g)).toHaveLength(1);
    expect(shown).toContain('? it is not known which workers are registered: miner-1: API not running');
    expect(shown).not.toContain('not registered');
    expect(text(document([host('p1-50', { processes })], { says }))).toMatch(/128 GiB {2}\?$/m);
  });

  it('shows a host that is alone process by process, in 80 columns', () => {
    const jobs = [
      { id: 'a', sector: 1017, task: 'PC1', state: 'running', since: null, seconds: 15_153 } as const,
    ];
    const workers = [{ id: 'a', disabled: false, tasks: {} }];
    const processes = [
      process('APx', {
        port: 11_000,
        instances: [{ pid: 7, since: '2026-11-24T06:10:00Z', cpus: '0-63', hugeKib: 0 }],
      }),
      process('P1-1', { miner: { state: 'registered', workers, jobs } }),
      process('P1-2', { ...stopped, miner: { state: 'missing' } }),
    ];
    const shown = text(document([host('p1-50', { processes })]));
    expect(shown.split('\n').slice(3)).toEqual([
      '  p1-50  10.0.0.50',
      '    process      pid  since         port  CPUs      pages  miner',
      '    APx            7  11-24 06:10  11000  0-63             registered',
      '    P1-1       21734  11-24 06:10  10001  4-5,31  128 GiB  PC1 1017 4 h 12 min',
      '    P1-2     stopped               10001',
      '    pages   1792 of 1 GiB, 28 free; 1792 wanted',
      '    mounts  /opt/raid0 11 TiB free of 13 TiB',
    ]);
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('does not obey what a host says of itself', () => {
    const trouble = { ...dead('p1-50'), message: 'a\u001b[2Jb\u202ec' };
    expect(text(document([host('p1-50', { troubles: [trouble] })]))).not.toMatch(/[\u202e]|\[2J/);
  });
});
