import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/ops/doctor/finding.ts';
import { checksDiagnosis } from '../../../../src/ops/doctor/from-checks.ts';
import type { ProcessStatus, SeenHost } from '../../../../src/ops/status/host-status.ts';
import type { Check } from '../../../../src/ops/verify/check.ts';
import type { VerifiedHost } from '../../../../src/ops/verify/verify.ts';
import { processStatus, SINCE, sealingWorker } from '../samples.ts';
import { commandsOf, told } from './support.ts';

const check = (kind: Check['kind'], name: string, more: Partial<Check> = {}): Check => ({
  ...{ kind, name, process: null, result: 'off', message: `${name} is wrong` },
  ...more,
});
const host = (checks: readonly Check[], more: Partial<VerifiedHost> = {}): VerifiedHost => ({
  host: 'p1-50',
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: ['p1'],
  state: 'seen',
  groups: [],
  clock: null,
  checks,
  restartOwed: [],
  lockedBy: null,
  ...more,
});
const seen = (processes: readonly ProcessStatus[]): SeenHost => ({
  state: 'seen',
  host: 'p1-50',
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: ['p1'],
  processes,
  mounts: [],
  hugepages: null,
  backups: null,
  gpus: { present: [], seen: { type: 'driver not loaded' } },
  lockedBy: null,
});
const of = (
  verified: VerifiedHost,
  processes: readonly ProcessStatus[] = [],
  lastWords: (process: string) => readonly string[] = () => [],
) => checksDiagnosis({ host: verified, seen: seen(processes), size: '64GiB', now: SINCE + 7200, lastWords });
const first = (findings: readonly Finding[]): Finding => {
  const [one] = findings;
  if (!one) throw new Error('nothing was found');
  return one;
};

describe('what a verification has found', () => {
  it('is nothing where all is right', () => {
    expect(of(host([check('clock', 'clock', { result: 'ok' })]))).toEqual({ findings: [], unknowns: [] });
  });

  it('is told once for processes of a group, with since when, what they said last, their price and their start', () => {
    const dead = (k: number) =>
      check('process', `P1-${k} runs`, {
        process: `P1-${k}`,
        message: 'does not run',
        since: { at: SINCE, by: 'log' },
      });
    const status = (k: number) => processStatus({ name: `P1-${k}`, running: [] });
    const { findings } = of(host([dead(3), dead(4)]), [status(3), status(4)], (name) => [`panic of ${name}`]);
    expect(told(findings)).toEqual(['critical process p1-50: does not run']);
    expect(first(findings)).toMatchObject({
      processes: ['P1-3', 'P1-4'],
      evidence: [
        'P1-3: its log was last written 2 h 0 min ago',
        'P1-3: its log ends: panic of P1-3',
        'P1-4: its log was last written 2 h 0 min ago',
        'P1-4: its log ends: panic of P1-4',
      ],
      cost: '2 P1 tasks × 5 h 30 min to 6 h stand still: up to 8 sectors (512 GiB) a day are not sealed',
    });
    expect(commandsOf(findings)).toEqual([
      'logs p1 --limit p1-50 --process P1-3,P1-4',
      'start p1 --limit p1-50 --process P1-3,P1-4',
    ]);
  });

  it('puts a price on each group, and no command that ends what runs', () => {
    const costs = [
      ['P2', 'p1', 'up to 72 sectors (4.5 TiB) a day do not get past PC2'],
      ['C2', 'c2', 'up to 120 sectors (7.5 TiB) a day do not get past C2'],
      ['APx', 'apx', 'no sector begins on the host'],
      ['lotus-miner', 'miner', 'no proof is sent'],
    ] as const;
    for (const [group, role, cost] of costs) {
      const one = check('registration', `${group} is registered`, {
        process: group,
        message: 'the miner does not list it',
      });
      const { findings } = of(host([one], { roles: [role] }), [
        processStatus({ name: group, group, role, registration: { type: 'missing' } }),
      ]);
      expect(first(findings).cost).toContain(cost);
      expect(first(findings).severity).toBe('critical');
      expect(commandsOf(findings).join()).not.toMatch(/restart|stop/);
    }
  });

  it('is a warning where a worker is only paused', () => {
    const paused = processStatus({
      registration: { type: 'registered', workers: [sealingWorker({ paused: ['all'] })], jobs: [] },
    });
    const one = check('registration', 'P1-3 is registered', {
      process: 'P1-3',
      message: 'paused at the miner',
    });
    expect(told(of(host([one]), [paused]).findings)).toEqual([
      'warn registration p1-50: paused at the miner',
    ]);
  });

  it('is one finding for pages, and one for files, that are lost together', () => {
    const pages = [0, 1].map((node) => check('hugepages', `huge pages on node ${node}`));
    const data = ['a', 'b', 'c'].map((name) => check('data', `template data ${name}`));
    const { findings } = of(host([...pages, ...data]));
    expect(told(findings)).toEqual([
      'critical hugepages p1-50: huge pages are missing on 2 NUMA nodes',
      'critical data p1-50: template data a is wrong, and 2 more of its data',
    ]);
    expect(first(findings).evidence).toHaveLength(2);
  });

  it('is critical of the clock of a miner alone', () => {
    const clock = [check('clock', 'clock')];
    expect(first(of(host(clock)).findings).severity).toBe('warn');
    expect(first(of(host(clock, { roles: ['miner'] })).findings).severity).toBe('critical');
  });

  it('notes restarts that are owed, with why; that of a miner has no command', () => {
    const owed = processStatus({ restart: ['it runs another program'] });
    const { findings } = of(host([], { restartOwed: ['P1-3'] }), [owed]);
    expect(first(findings)).toMatchObject({ severity: 'note', evidence: ['it runs another program'] });
    expect(commandsOf(findings).at(-1)).toBe('restart p1 --limit p1-50 --process P1-3 --drain');
    const miner = of(host([], { roles: ['miner'], restartOwed: ['lotus'] })).findings;
    expect(commandsOf(miner)).toEqual(['status --limit p1-50']);
  });
});

it('a backup of the miner that is missing is a warning about its metadata', () => {
  const { findings } = of(host([check('backup', 'backups of lotus-miner')], { roles: ['miner'] }));
  expect(told(findings)).toEqual(['warn metadata p1-50: backups of lotus-miner is wrong']);
  expect(first(findings).cost).toContain('since the newest backup');
});

describe('what a verification could not tell', () => {
  it('is unknown, each reason once', () => {
    const untold = [1, 2].map((k) =>
      check('registration', `P1-${k} is registered`, {
        process: `P1-${k}`,
        result: 'unknown',
        message: 'it is not known whether it is registered',
        why: 'API not running',
      }),
    );
    expect(of(host(untold))).toMatchObject({
      findings: [],
      unknowns: [
        {
          host: 'p1-50',
          message: 'it is not known which of its workers are registered',
          why: 'API not running',
        },
      ],
    });
  });

  it('is a host as a whole that was not seen', () => {
    const unseen = host([check('look', 'look', { message: 'no answer', why: 'timed out' })], {
      state: 'unseen',
    });
    expect(of(unseen)).toMatchObject({
      findings: [],
      unknowns: [{ message: 'nothing is known of it: no answer', why: 'timed out' }],
    });
    expect(of(host([], { state: 'pending' })).unknowns).toHaveLength(1);
  });
});
