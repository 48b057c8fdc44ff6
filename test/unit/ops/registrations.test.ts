import { describe, expect, it } from 'vitest';
import type { SealingJob } from '../../../src/lotus/jobs.ts';
import { readJobs } from '../../../src/lotus/jobs.ts';
import type { SealingWorker } from '../../../src/lotus/workers.ts';
import { readWorkers } from '../../../src/lotus/workers.ts';
import type { MinerSays } from '../../../src/ops/miner-says.ts';
import type { WorkerHost } from '../../../src/ops/registrations.ts';
import { registrationsOf } from '../../../src/ops/registrations.ts';
import { answer, WORKERS } from '../lotus/samples.ts';

const APX = '3b0a6c9e-5a51-4d3e-9f2e-0c6d2b7f1a11';
const P1 = '6b1f2c90-7c1e-4f6f-8a55-2f8f7a2d9e10';

const LOST = '9d2e4f11-33a0-4b1e-8a55-2f8f7a2d9e11';

const fork = (id: string, host: string, url: string, marks = ''): string =>
  `Worker ${id}, host ${host}${marks}, group:10.0.0.3, url:http://${url}/rpc/v0\n\tTask type:\n`;
const jobs = (...rows: readonly string[]): string =>
  `ID        Sector  Worker    Hostname    Task  State        Time\n${rows.map((row) => `${row}\n`).join('')}`;
const says = (workers: string, tasks = jobs()): MinerSays => ({
  workers: readWorkers(answer(workers)),
  jobs: readJobs(answer(tasks)),
});

const host = (more: Partial<WorkerHost> = {}): WorkerHost => ({
  name: 'node-p1-03',
  address: '10.0.0.3',
  listen: more.address ?? '10.0.0.3',
  processes: [
    { name: 'APx', port: 11_000 },
    { name: 'P1-1', port: 10_001 },
  ],
  ...more,
});

const isAt = (workers: readonly SealingWorker[], tasks: readonly SealingJob[] | null) => ({
  workers: workers.map(({ id }) => id),
  jobs: tasks?.map(({ sector }) => sector) ?? null,
});
const at = (given: MinerSays, hosts: readonly WorkerHost[], name: string, process: string) => {
  const registration = registrationsOf(given, hosts).of(name, process);
  return registration.type === 'registered'
    ? isAt(registration.workers, registration.jobs)
    : registration.type;
};

describe('the worker of a process', () => {
  const listed = says(
    fork(APX, 'node-p1-03', '10.0.0.3:11000') + fork(P1, 'node-p1-03', '10.0.0.3:10001'),
    jobs('8c3d91aa  1017    6b1f2c90  node-p1-03  PC1   running      4h12m33.8s'),
  );

  it('is the one at its address and port, with its tasks', () => {
    expect(at(listed, [host()], 'node-p1-03', 'P1-1')).toEqual({ workers: [P1], jobs: [1017] });
    expect(at(listed, [host()], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [] });
  });

  it('is missing where the miner lists others alone', () => {
    const others = says(fork(APX, 'node-p1-03', '10.0.0.3:11000'));
    expect(at(others, [host()], 'node-p1-03', 'P1-1')).toBe('missing');
    expect(at(says(''), [host()], 'node-p1-03', 'P1-1')).toBe('missing');
  });

  it('is unknown, never missing, where the miner could not be asked or understood', () => {
    const asked = { type: 'not reachable', why: 'it does not run' } as const;
    const given = { workers: asked, jobs: asked };
    expect(registrationsOf(given, [host()]).of('node-p1-03', 'APx')).toEqual({
      type: 'unknown',
      why: 'it does not run',
    });
    expect(registrationsOf(given, [host()]).jobsBeside('node-p1-03')).toBeNull();
  });

  it('is registered with tasks unknown where only the workers are told', () => {
    const given: MinerSays = { ...listed, jobs: { type: 'not understood', why: 'x' } };
    expect(at(given, [host()], 'node-p1-03', 'P1-1')).toEqual({ workers: [P1], jobs: null });
  });

  it('is looked for where the host is to listen, and then where SSH reaches it', () => {
    const apart = host({ address: '192.168.7.3', listen: '10.0.0.3' });
    expect(at(listed, [apart], 'node-p1-03', 'P1-1')).toEqual({ workers: [P1], jobs: [1017] });
    // Its machine has another name by now, and the worker was not started anew since it was told to listen elsewhere.
    const before = says(fork(APX, 'f0494733-p1-192-168-7-3', '192.168.7.3:11000'));
    expect(at(before, [apart], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [] });
    const both = says(fork(P1, 'x', '192.168.7.3:11000') + fork(APX, 'y', '10.0.0.3:11000'));
    expect(at(both, [apart], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [] });
  });

  it('is the one that the miner has not lost, wherever the host was to listen before', () => {
    const apart = host({ address: '192.168.7.3', listen: '10.0.0.9' });
    const lost = (id: string, url: string) => fork(id, 'before', url, ' (disabled)');
    const moved = says(
      lost(P1, '192.168.7.3:11000') +
        lost(LOST, '10.0.0.9:11000') +
        fork(APX, 'node-p1-03', '10.0.0.3:11000'),
    );
    expect(at(moved, [apart], 'node-p1-03', 'APx')).toEqual({ workers: [P1, LOST, APX], jobs: [] });
  });

  it('is not looked for at an address that SSH reaches several hosts by, nor at one that another listens on', () => {
    const [one, two] = ['10.0.0.3', '10.0.0.4'].map((listen, index) =>
      host({ name: `node-p1-0${index + 3}`, address: '203.0.113.7', listen }),
    );
    const behind = says(fork(APX, 'somebody', '203.0.113.7:11000'));
    if (!one || !two) throw new Error('there are two');
    expect(at(behind, [one, two], 'node-p1-03', 'APx')).toBe('missing');
    expect(at(listed, [two, one], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [] });
    expect(at(listed, [two, one], 'node-p1-04', 'APx')).toBe('missing');
    const odd = host({ name: 'odd', address: '10.0.0.3', listen: '10.0.0.9' });
    expect(at(listed, [odd, one], 'odd', 'APx')).toBe('missing');
  });

  it('may listen on another address of its machine, though not on that of another host', () => {
    const other = host({ name: 'node-p1-04', address: '10.0.0.4' });
    const elsewhere = says(fork(APX, 'node-p1-03', '192.168.7.3:11000'));
    expect(at(elsewhere, [host(), other], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [] });
    const cloned = says(fork(APX, 'node-p1-03', '10.0.0.4:11000'));
    expect(at(cloned, [host(), other], 'node-p1-03', 'APx')).toBe('missing');
    expect(at(cloned, [host(), other], 'node-p1-04', 'APx')).toEqual({ workers: [APX], jobs: [] });
  });

  it('is the one of its host where the program tells no ports and the host has one alone', () => {
    const alone = host({ name: 'node-c2-01', processes: [{ name: 'C2-1', port: 20_010 }] });
    expect(at(says(WORKERS), [alone], 'node-c2-01', 'C2-1')).toMatchObject({
      workers: ['c7f7b1b2-7c1e-4f6f-8a55-2f8f7a2d9e10'],
    });
    const renamed = { ...alone, name: 'c2', hostname: 'node-c2-01' };
    expect(at(says(WORKERS), [renamed], 'c2', 'C2-1')).toMatchObject({ workers: [expect.any(String)] });
  });

  it('is unknown where it tells no ports and the host has several', () => {
    expect(registrationsOf(says(WORKERS), [host()]).of('node-p1-03', 'APx')).toEqual({
      type: 'unknown',
      onHost: 1,
      why: 'this version of lotus-miner tells hosts, not ports: 1 of the 2 workers of this host are registered',
    });
    expect(at(says(''), [host()], 'node-p1-03', 'APx')).toBe('missing');
  });

  it('is not asked about where no process is called so', () => {
    expect(at(listed, [host()], 'node-p1-03', 'P1-9')).toBe('unknown');
    expect(at(listed, [host()], 'nobody', 'APx')).toBe('unknown');
  });
});

describe('tasks that are at no process for sure', () => {
  it('are outstanding calls, and those of a worker that is not listed', () => {
    const given = says(
      fork(APX, 'node-p1-03', '10.0.0.3:11000'),
      jobs(
        '13aa09cd  990     00000000  node-p1-03  PC2   ret-wait     31h0m2.4s',
        '8c3d91aa  1017    6b1f2c90  node-p1-03  PC1   running      4h12m33.8s',
        'f2207be1  998     d41c77e5  node-c2-01  C2    running      6m1.2s',
        '00000000  1041    3b0a6c9e  node-p1-03  FIN   assigned(0)  12m4s',
      ),
    );
    const beside = registrationsOf(given, [host()]).jobsBeside('node-p1-03');
    expect(beside?.map(({ sector }) => sector)).toEqual([990, 1017]);
    expect(at(given, [host()], 'node-p1-03', 'APx')).toEqual({ workers: [APX], jobs: [1041] });
  });
});
