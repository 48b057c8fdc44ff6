import { describe, expect, it } from 'vitest';
import type { SealingWorker } from '../../../../src/lotus/workers.ts';
import type { MountStatus, ProcessStatus, SeenHost } from '../../../../src/ops/status/host-status.ts';
import { troublesOf } from '../../../../src/ops/status/trouble.ts';
import { instance, processStatus, sealingWorker } from '../samples.ts';

const process = (name: string, more: Partial<ProcessStatus> = {}): ProcessStatus =>
  processStatus({
    name,
    log: `/opt/lotusworker/${name}/log.txt`,
    registration: { type: 'registered', workers: [], jobs: [] },
    ...more,
  });
const worker = (disabled: boolean, paused: SealingWorker['paused'] = 'unknown') => ({
  type: 'registered' as const,
  jobs: [],
  workers: [sealingWorker({ disabled, paused })],
});
const mount = (freeBytes: number, fstype = 'xfs'): MountStatus => ({
  ...{ target: '/opt/raid0', what: 'own disks', state: 'mounted', source: '/dev/md0', fstype },
  bytes: 100,
  freeBytes,
});
const host = (more: Partial<SeenHost> = {}): SeenHost => ({
  state: 'seen',
  host: 'p1-50',
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: ['p1'],
  processes: [],
  mounts: [mount(50)],
  hugepages: null,
  gpus: { present: [], seen: { type: 'driver not loaded' } },
  backups: null,
  lockedBy: null,
  ...more,
});
const stopped = { running: [], listening: false } as const;
const good = { registration: worker(false) };
const of = (more: Partial<SeenHost>) =>
  troublesOf(host(more)).map(({ severity, kind, processes }) => [severity, kind, ...processes].join(' '));
const ofProcess = (more: Partial<ProcessStatus>) =>
  of({ processes: [process('P1-1', { ...good, ...more }), process('P1-2', good)] });

describe('what is wrong with a host', () => {
  it('is nothing where all runs and is registered', () => {
    expect(ofProcess({})).toEqual([]);
  });

  it('is a dead process beside others, or a host of which none runs, as after a reboot', () => {
    expect(ofProcess(stopped)).toEqual(['bad process-dead P1-1']);
    expect(of({ processes: [process('P1-1', stopped), process('P1-2', stopped)] })).toEqual([
      'bad process-idle P1-1 P1-2',
    ]);
  });

  it('is not started again while another run has the host: that may be starting it', () => {
    const all = { processes: [process('P1-1', stopped), process('P1-2', good)] };
    const next = (more: Partial<SeenHost>) => troublesOf(host({ ...all, ...more }))[0]?.next;
    expect(next({})).toContainEqual(expect.objectContaining({ words: ['start', 'p1', '--limit', 'p1-50'] }));
    const lockedBy = { who: 'alice@ops1', run: 'r-1', since: '' };
    for (const processes of [all.processes, [process('P1-1', stopped)]])
      expect(next({ lockedBy, processes })).toEqual([
        {
          type: 'look',
          text: 'run r-1 of alice@ops1 is changing this host, and may be starting it: wait for it to end, then look again',
        },
      ]);
  });

  it('of a dead process has what systemd has in mind for it', () => {
    const dead = (name: string, state: string) =>
      process(name, {
        ...stopped,
        supervisor: { wanted: 'systemd', running: null, unit: `fcops-${name}`, state },
      });
    const why = (...states: readonly string[]) => {
      const processes = states.map((state, index) => dead(`P1-${index + 1}`, state));
      return troublesOf(host({ processes: [...processes, process('P2', good)] })).map((one) => one.why);
    };
    expect(why('inactive')).toEqual([undefined]);
    expect(why('activating', 'failed', 'activating')).toEqual([
      'systemd is about to start P1-1, P1-3 again; systemd has given up on P1-2',
    ]);
  });

  it.each([
    [{ running: null }, ['warn process-unknown P1-1']],
    [{ running: [instance, { ...instance, pid: 8 }] }, ['bad process-twice P1-1']],
    [{ registration: { type: 'missing' } }, ['bad not-registered P1-1']],
    [{ registration: { type: 'unknown', why: 'x' } }, []],
    [{ registration: null }, []],
    [{ registration: worker(true) }, ['bad lost-by-miner P1-1']],
    [{ listening: false }, ['warn port P1-1']],
    [{ listening: null }, []],
    [{ ...stopped, listening: true }, ['bad process-dead P1-1', 'warn port P1-1']],
    [{ restart: ['/opt/profile is newer than it'] }, ['warn restart-owed P1-1']],
    [
      { program: { path: '/opt/w', running: '1', isLinked: true, linked: '1', wanted: '2' } },
      ['warn version P1-1'],
    ],
    [{ program: { path: '/opt/w', running: null, isLinked: null, linked: null, wanted: '2' } }, []],
  ] satisfies readonly (readonly [Partial<ProcessStatus>, readonly string[]])[])(
    '%j is %j',
    (more, expected) => {
      expect(ofProcess(more)).toEqual(expected);
    },
  );

  it('is a worker that gets no new tasks, with what lets it have them again; not where nobody tells', () => {
    const of = (paused: 'unknown' | readonly string[]) =>
      troublesOf(host({ processes: [process('P1-1', { registration: worker(false, paused) })] }));
    expect(of(['all'])).toEqual([
      expect.objectContaining({ severity: 'warn', kind: 'paused', processes: ['P1-1'] }),
    ]);
    expect(of(['all'])[0]?.next?.[0]).toMatchObject({
      text: expect.stringContaining('lotus-miner worker-resume --uuid a'),
    });
    expect([of([]), of('unknown')]).toEqual([[], []]);
  });

  it('is no worker that was paused before it was started anew: the miner has lost that one', () => {
    const [before, now] = [worker(true, ['all']), worker(false, [])];
    const registration = { ...now, workers: [...before.workers, ...now.workers] };
    expect(ofProcess({ ...good, registration })).toEqual([]);
  });

  it('is the stamp of another miner', () => {
    const ofAnother = { message: 'the host belongs to f02', next: [] };
    expect(of({ ofAnother, processes: [process('P1-1', good)] })).toEqual(['bad stamp']);
  });

  it('comes with the worst first', () => {
    const processes = [
      process('P1-1', { ...good, restart: ['x'] }),
      process('P1-2', { ...good, registration: { type: 'missing' } }),
    ];
    expect(of({ processes })).toEqual(['bad not-registered P1-2', 'warn restart-owed P1-1']);
  });

  it('is a mount that is not there or does not answer, and little room', () => {
    const about = { target: '/ceph', what: 'storage ceph' };
    expect(of({ mounts: [{ ...about, state: 'not mounted' }] })).toEqual(['bad mount']);
    expect(of({ mounts: [{ ...about, state: 'unknown', why: 'did not answer within 5 s' }] })).toEqual([
      'bad mount',
    ]);
    expect(of({ mounts: [mount(4)] })).toEqual(['warn room']);
    expect(of({ mounts: [mount(0, 'hugetlbfs')] })).toEqual([]);
  });

  it('are huge pages that are missing', () => {
    const nodes = [{ node: 0, total: 100, free: 0 }];
    expect(of({ hugepages: { nodes, wanted: 100 } })).toEqual([]);
    expect(of({ hugepages: { nodes, wanted: 128 } })).toEqual(['bad hugepages']);
  });

  it('are GPUs without a driver, or that the driver has lost', () => {
    const present = ['0000:21:00.0'];
    expect(of({ gpus: { present, seen: { type: 'driver not loaded' } } })).toEqual(['bad gpu']);
    expect(of({ gpus: { present, seen: { type: 'unknown', why: 'x' } } })).toEqual(['warn gpu']);
    expect(of({ gpus: { present, seen: { type: 'told', gpus: [] } } })).toEqual(['bad gpu']);
    expect(of({ gpus: { present: [], seen: { type: 'driver not loaded' } } })).toEqual([]);
  });

  it('is that it could not be looked at', () => {
    const { address, listen, roles } = host();
    const about = { host: 'p1-50', address, listen, roles };
    const problems = [{ kind: 'connect', what: 'no answer', why: 'timed out' }] as const;
    expect(troublesOf({ state: 'unseen', ...about, problems })).toMatchObject([
      { severity: 'bad', kind: 'unseen', message: 'no answer', why: 'timed out' },
    ]);
    expect(troublesOf({ state: 'pending', ...about })).toEqual([]);
  });
});
