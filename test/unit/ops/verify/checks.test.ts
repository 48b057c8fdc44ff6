import { describe, expect, it } from 'vitest';
import type { MountStatus, ProcessStatus } from '../../../../src/ops/status/host-status.ts';
import type { Check } from '../../../../src/ops/verify/check.ts';
import {
  clockCheck,
  gpuChecks,
  hugepagesChecks,
  mountChecks,
  requirementChecks,
} from '../../../../src/ops/verify/machine-checks.ts';
import { processChecks } from '../../../../src/ops/verify/process-checks.ts';
import { askMount } from '../../../../src/resources/mounts/look.ts';
import { askPath } from '../../../../src/resources/path/look.ts';
import type { PathState } from '../../../../src/resources/path/state.ts';
import type { Requirement } from '../../../../src/resources/process/process.ts';
import { observationOf, type Stated } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { instance, processStatus, SINCE, sealingWorker } from '../samples.ts';

const seen = (stated: Stated = {}) => observationOf(FACTS, stated);
const told = (checks: readonly Check[]) =>
  checks.map(({ result, name, message }) => `${result} ${name}: ${message}`);

const LOG = processStatus().log;
const file = (mtime: number): PathState => ({
  type: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  bytes: 5,
  mtime,
});
const HOST = { host: 'p1-50', lockedBy: null };
const about = { log: LOG };
const checksOf = (more: Partial<ProcessStatus>, stated: Stated = {}) =>
  processChecks(HOST, [{ status: processStatus(more), process: about }], seen(stated));

describe('a process', () => {
  it('runs, listens and is registered', () => {
    expect(told(checksOf({}))).toEqual([
      'ok P1-3 runs: runs',
      'ok P1-3 listens on 10003: listens',
      'ok P1-3 is registered: registered',
    ]);
    expect(told(checksOf({ registration: null }))).toHaveLength(2);
  });

  it('that has ended is told with the last sign of it, and what follows from that is not', () => {
    const paths = { [LOG]: file(SINCE + 60) };
    const [check, ...more] = checksOf(
      { running: [], listening: false, registration: { type: 'missing' } },
      { paths },
    );
    expect(more).toEqual([]);
    expect(check).toMatchObject({
      kind: 'process',
      result: 'off',
      message: 'does not run',
      since: { at: SINCE + 60, by: 'log' },
    });
    expect(JSON.stringify(check?.next)).toContain('worker-3p1/log.txt');
  });

  it('without a log was never started; where nobody can see the log no moment is made up', () => {
    const ended = { running: [], listening: false };
    const [never] = checksOf(ended, { paths: { [LOG]: { type: 'absent' } } });
    expect(never?.message).toBe(
      'does not run, and has no log: it was never started here, or its log was removed',
    );
    expect(never?.since).toBeUndefined();
    expect(checksOf(ended)[0]?.since).toBeUndefined();
    expect(checksOf({ ...ended, listening: true })[0]?.message).toBe(
      'does not run, and another process listens on its port 10003',
    );
  });

  it('that the miner does not list is missing since its start', () => {
    const [, , check] = checksOf({ registration: { type: 'missing' } });
    expect(check).toMatchObject({
      kind: 'registration',
      result: 'off',
      since: { at: SINCE, by: 'start' },
    });
  });

  it.each([
    [{ running: null }, 'unknown P1-3 runs: it cannot be told whether it runs'],
    [{ running: [instance, { ...instance, pid: 8 }] }, 'off P1-3 runs: runs 2 times, as processes 7 and 8'],
    [{ listening: false }, 'off P1-3 listens on 10003: runs, and nobody listens on its port'],
    [
      { listening: null },
      'unknown P1-3 listens on 10003: it cannot be told whether anybody listens on its port',
    ],
    [
      { registration: { type: 'unknown', why: 'API not running' } },
      'unknown P1-3 is registered: it is not known whether it is registered',
    ],
    [
      { registration: { type: 'registered', workers: [sealingWorker({ disabled: true })], jobs: [] } },
      'off P1-3 is registered: the miner lists it as disabled: it has lost it, or was told to give it nothing',
    ],
  ] satisfies [Partial<ProcessStatus>, string][])('%j', (more, check) => {
    expect(told(checksOf(more))).toContain(check);
  });

  describe('of a unit', () => {
    const unit = { name: 'fcops-p1@3.service', file: '/etc/systemd/system/fcops-p1@.service' };
    const of = (state: string, ...output: readonly string[]) => {
      const guards = { 'when units of fcops have ended': { status: 0, output: output.join('\n') } };
      const log = 'journalctl -u fcops-p1@3.service';
      const supervisor = { wanted: 'systemd', running: null, unit: unit.name, state } as const;
      const status = processStatus({ running: [], listening: false, log, supervisor });
      const [check] = processChecks(
        HOST,
        [{ status, process: { ...about, unit } }],
        seen({ guards, paths: { [LOG]: file(SINCE) } }),
      );
      return check;
    };
    const other = ['Id=fcops-p2.service', 'SubState=dead', 'InactiveEnterTimestamp=', ''];
    const forgotten = ['Id=fcops-p1@3.service', 'SubState=dead', 'InactiveEnterTimestamp=', ''];

    it('ends when systemd says, whatever a log of another day says', () => {
      const ended = 'InactiveEnterTimestamp=Sun 2026-11-29 20:31:05 UTC';
      const check = of('inactive', ...other, 'Id=fcops-p1@3.service', 'SubState=failed', ended);
      expect(check).toMatchObject({
        message: 'does not run',
        since: { at: Date.parse('2026-11-29T20:31:05Z') / 1000, by: 'unit' },
      });
      expect(JSON.stringify(check?.next)).toContain('journalctl -u fcops-p1@3.service');
    });

    it('ends when its journal was last written where systemd has forgotten it', () => {
      const said = ['', 'Id=fcops-p1@3.service', 'LastSaid=1764446400999999'];
      const since = { at: 1_764_446_400, by: 'log' };
      expect(of('inactive', ...other, ...forgotten, ...said)?.since).toEqual(since);
      expect(of('inactive', ...other, ...forgotten)?.since).toBeUndefined();
      expect(of('inactive', 'Failed to connect to bus')?.since).toBeUndefined();
    });

    it('that does not stay is told with what systemd has in mind', () => {
      expect(of('activating')?.message).toBe('does not run: systemd is about to start it again');
      expect(of('failed')?.message).toBe('does not run: systemd has given up on it');
    });
  });

  it('that is paused at the miner is off: it gets no tasks', () => {
    const workers = [{ ...sealingWorker({ disabled: false }), paused: ['PC1'] }];
    const [, , check] = checksOf({ registration: { type: 'registered', workers, jobs: [] } });
    expect(check).toMatchObject({ result: 'off', message: 'paused at the miner: it gets no new PC1' });
  });

  it('that listens at another address of its machine listens', () => {
    const rows = [
      ['listens', '10003', '0100007F'],
      ['ports', 'seen'],
    ];
    expect(told(checksOf({ listening: null }, { rows }))[1]).toBe(
      "ok P1-3 listens on 10003: listens, at another address than the inventory's",
    );
  });
});

describe('workers of a miner that tells hosts and no ports', () => {
  const of = (onHost: number, running: number) =>
    told(
      processChecks(
        HOST,
        ['P1-1', 'P1-2'].map((name, index) => ({
          process: about,
          status: processStatus({
            name,
            ...(index >= running && { running: [], listening: false }),
            registration: { type: 'unknown', why: 'this version tells hosts', onHost },
          }),
        })),
        seen({ paths: { [LOG]: file(SINCE) } }),
      ),
    ).filter((line) => !/ (runs|listens on \d+): (runs|listens)$/.test(line));

  it('are registered where it lists as many as run', () => {
    expect(of(2, 2)).toEqual([
      'ok P1-1 is registered: registered, as all workers of its host',
      'ok P1-2 is registered: registered, as all workers of its host',
    ]);
    expect(of(1, 1)).toEqual([
      'ok P1-1 is registered: registered, as all workers of its host',
      'off P1-2 runs: does not run',
    ]);
  });

  it('are not, and nobody tells which, where it lists fewer', () => {
    expect(of(1, 2)).toEqual([
      'off workers are registered: the miner lists 1 of its 2 workers that run, and this version of it does not tell which',
    ]);
  });
});

describe('huge pages', () => {
  const pages = (...totals: number[]) => ({
    hugepages: { 1048576: totals.map((total, node) => ({ node, total, free: 0 })) },
  });
  const of = (stated: Stated) => told(hugepagesChecks('p1-50', [252, 28], seen(stated)));

  it('are right node by node; more than are wanted are no fault', () => {
    expect(of(pages(252, 30))).toEqual([
      'ok huge pages on node 0: node 0 has 252 huge pages of 1 GiB',
      'ok huge pages on node 1: node 1 has 30 huge pages of 1 GiB',
    ]);
    expect(hugepagesChecks('c2-1', null, seen())).toEqual([]);
  });

  it('are told where a node has too few, or there is none', () => {
    expect(of(pages(252, 27))[1]).toBe(
      'off huge pages on node 1: node 1 has 27 huge pages of 1 GiB, wanted are 28',
    );
    expect(of(pages(252))[1]).toBe('off huge pages on node 1: there is no NUMA node 1');
    expect(of({ hugepages: { 1048576: [] } })[0]).toContain('the kernel has no huge pages of 1 GiB');
  });

  it('are unknown where nobody could look', () => {
    expect(of({})[0]).toMatch(/^unknown huge pages on node 0: the host gave no answer/);
  });
});

describe('GPUs', () => {
  const gpu = (address: string) => ({
    address,
    name: 'RTX',
    busy: 1,
    memoryUsed: 1,
    memoryTotal: 1,
    temperature: 1,
  });
  const [a, b] = ['0000:21:00.0', '0000:22:00.0'] as const;

  it('answer each by itself, and are as many as wanted', () => {
    const gpus = { present: [a, b], seen: { type: 'told', gpus: [gpu(a), gpu(b)] } } as const;
    expect(told(gpuChecks(2, gpus))).toEqual([
      'ok number of GPUs: 2 GPUs',
      'ok NVIDIA driver: loaded',
      `ok GPU ${a}: answers`,
      `ok GPU ${b}: answers`,
    ]);
    expect(told(gpuChecks(4, gpus))[0]).toBe(
      'off number of GPUs: the machine shows 2 NVIDIA GPUs, wanted are 4',
    );
  });

  it('are off where one is not listed or the driver is not loaded', () => {
    const lost = { present: [a, b], seen: { type: 'told', gpus: [gpu(a)] } } as const;
    expect(told(gpuChecks(null, lost))).toContain(
      `off GPU ${b}: the NVIDIA driver does not list the GPU at ${b}`,
    );
    const bare = { present: [a], seen: { type: 'driver not loaded' } } as const;
    expect(told(gpuChecks(1, bare))).toEqual([
      'ok number of GPUs: 1 GPU',
      'off NVIDIA driver: the NVIDIA driver is not loaded',
    ]);
  });

  it('are one unknown where nvidia-smi hangs, and none where there are none', () => {
    const why = 'nvidia-smi gave no answer within 5 s';
    const late = gpuChecks(null, { present: [a, b], seen: { type: 'unknown', why } });
    expect(late).toMatchObject([{ result: 'unknown', why }]);
    expect(gpuChecks(0, { present: [], seen: { type: 'driver not loaded' } })).toEqual([]);
  });
});

const RAID: MountStatus = {
  ...{ target: '/opt/raid0', what: 'own disks', state: 'mounted', source: '/dev/md0', fstype: 'xfs' },
  bytes: 100,
  freeBytes: 50,
};
const mountState = (trouble?: string) => ({
  ...{ source: 'nas:/x', fstype: 'nfs4', options: [], bytes: 1, freeBytes: 1, users: [] },
  ...(trouble !== undefined && { trouble }),
});

describe('a mount', () => {
  const storage = {
    ...{ name: 'nas', target: '/ceph', fstypes: ['nfs', 'nfs4'], source: 'nas:/export' },
    isSource: (source: string) => source === 'nas:/export',
  };
  const at = { target: '/ceph', what: 'storage nas' };
  const of = (mount: MountStatus, stated: Stated = {}) => mountChecks([mount], [storage], seen(stated));

  it('is right where something is mounted, from where the inventory says', () => {
    expect(told(of(RAID))).toEqual(['ok mount /opt/raid0: mounted']);
    const mounted = { ...at, state: 'mounted', fstype: 'nfs4', bytes: 1, freeBytes: 1 } as const;
    expect(told(of({ ...mounted, source: 'nas:/export' }))[0]).toBe('ok mount /ceph: mounted');
    expect(of({ ...mounted, source: 'nas:/other' })).toMatchObject([{ result: 'off' }]);
  });

  it('is off where nothing is mounted, and where it does not answer', () => {
    expect(told(of({ ...at, state: 'not mounted' }))[0]).toBe(
      'off mount /ceph: nothing is mounted at /ceph (storage nas)',
    );
    const why = 'did not answer within 5 s';
    const [dead] = of({ ...at, state: 'unknown', why }, { mounts: { '/ceph': mountState(why) } });
    expect(dead).toMatchObject({ result: 'off', message: '/ceph (storage nas) did not answer within 5 s' });
    expect(JSON.stringify(dead?.next)).toContain('umount -l /ceph');
  });

  it('is unknown where nobody could look', () => {
    expect(of({ ...at, state: 'unknown', why: 'x' })).toMatchObject([{ result: 'unknown', why: 'x' }]);
  });
});

describe('what processes stand on', () => {
  const requirement = (name: string, more: Partial<Requirement> = {}): Requirement => ({
    name,
    asks: [askPath('/opt/raid0/data')],
    severity: 'warn',
    check: () => null,
    ...more,
  });
  const of = (requirements: readonly Requirement[], mounts: readonly MountStatus[] = [RAID]) =>
    told(requirementChecks(requirements, mountChecks(mounts, [], seen()), seen()));

  it('is there, is not, or nobody knows; what several processes share is told once', () => {
    const shared = requirement('data a');
    expect(
      of([
        shared,
        shared,
        requirement('data b', { check: () => ({ message: 'b is not there' }) }),
        requirement('data c', { check: () => ({ unknown: 'permission denied' }) }),
        requirement('NVIDIA driver', { check: () => ({ message: 'told elsewhere' }) }),
      ]),
    ).toEqual(['ok data a: there', 'off data b: b is not there', 'unknown data c: data c is not known']);
  });

  it('cannot be told below a mount that is gone, and the mount is told once', () => {
    const gone: MountStatus = { target: '/opt/raid0', what: 'own disks', state: 'not mounted' };
    const absent = { check: () => ({ message: 'not there' }) };
    const room = requirement('room at /opt/raid0', { ...absent, asks: [askMount('/opt/raid0')] });
    expect(of([room, requirement('data a', absent)], [gone])).toEqual([
      'unknown data a: data a is not known',
    ]);
    expect(of([room])).toEqual(['off room at /opt/raid0: not there']);
  });
});

describe('a clock', () => {
  const clock = (offset: number, uncertainty = 20) =>
    clockCheck({ offset, uncertainty, synchronized: { type: 'no', by: 'kernel' } });

  it('is right within a second, off beyond it, and unknown where the way there hides it', () => {
    expect(clock(-900)).toMatchObject({ result: 'ok' });
    expect(clock(5000)).toMatchObject({ result: 'off', message: 'its clock is 5.0 s ahead (± 20 ms)' });
    expect(clock(900, 400)).toMatchObject({ result: 'unknown' });
    expect(clockCheck({ why: 'no answer' })).toMatchObject({ result: 'unknown', why: 'no answer' });
  });

  it('says who says what of it; the kernel says of one that ntpdate sets that nothing keeps it', () => {
    const chrony = clockCheck({ offset: 5, uncertainty: 9, synchronized: { type: 'no', by: 'chrony' } });
    expect(chrony).toMatchObject({
      result: 'ok',
      message: 'its clock is right (± 9 ms), and chronyd says that it is not in step with its source',
    });
    expect(clock(5).message).toBe('its clock is right (± 20 ms)');
  });
});
