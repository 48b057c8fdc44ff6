/**
 * @module-tag needs-namespaces
 *
 * The processes that our scripts start have the arguments and the environment of those that the handbook's own
 * scripts start. Both are run; every difference has to be one of the handbook's mistakes, named below.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { apx } from '../../../src/roles/apx.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { contextOf, filesOf } from '../../unit/roles/support.ts';
import { runInSandbox, type Started } from './sandbox.ts';

/** What the inventory says, and what `hostname -I` says first: the handbook takes any address. */
const ADDRESS = '192.168.10.50';
const OTHER = '172.17.0.1';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/handbook/${name}`, import.meta.url), 'utf8');

/** The values that stand in the handbook. */
const cluster = {
  api: {
    from: 'inventory' as const,
    address: '/ip4/xxx.xxx.xxx.xxx/tcp/2345/http',
    token: new Secret('token', () => 'xxxxxxxxxx.xxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx'),
  },
};

/** A process of the handbook, mended. */
type Mistake = (started: Started) => Started;

const inArgv =
  (mend: (word: string) => string): Mistake =>
  ({ argv, environment }) => ({ argv: argv.map(mend), environment });

/** `hostname -I | awk '{print $1}'` takes any address of the host. */
const anyAddress = inArgv((word) => word.replace(OTHER, ADDRESS));
/** The group of the cache directory is the last part of the same address. */
const anyGroup = ({ argv, environment }: Started): Started => ({
  argv: argv.map((word, index) => (argv[index - 1] === '--group' && word === '1' ? '50' : word)),
  environment,
});
/** init_apx.sh uses `cachepath`, which nothing sets. */
const unsetCachePath = inArgv((word) => (word === '/workercache' ? '/opt/raid0/workercache' : word));
/** The profile is written to /opt/lotusworker/profile and read from /opt/profile. */
const profileElsewhere: Mistake = ({ argv, environment }) => ({
  argv,
  environment: {
    MINER_API_INFO: `${cluster.api.token.reveal()}:${cluster.api.address}`,
    ...environment,
  },
});
/** The feeding siblings stand twice in the list of CPUs. */
const withoutDoubles = (list: string) => [...new Set(list.split(','))].join(',');
const doubleCpus: Mistake = ({ argv, environment }) => ({
  argv,
  environment: { ...environment, BELLMAN_CPU_SET: withoutDoubles(environment.BELLMAN_CPU_SET ?? '') },
});

const mended = (workers: ReadonlyMap<string, Started>, mistakes: readonly Mistake[]) =>
  inOrder([...workers.values()].map((started) => mistakes.reduce((now, mend) => mend(now), started)));

const inOrder = (all: readonly Started[]) =>
  all.toSorted((a, b) => a.argv.join(' ').localeCompare(b.argv.join(' ')));

describe('the scripts of a P1 machine', () => {
  const start = ['start_apx.sh', 'worker-apx/init_apx.sh', 'start_p2.sh', 'start_p1.sh'].map(
    (name) => `bash /opt/lotusworker/${name}`,
  );
  const common = { worker: '/opt/lotusworker/lotus-worker', addresses: `${OTHER} ${ADDRESS}` };
  const handbook = runInSandbox({
    ...common,
    files: new Map([['/opt/write.sh', fixture('write-p1-scripts.sh')]]),
    commands: ['bash /opt/write.sh', ...start],
  });
  const ours = runInSandbox({
    ...common,
    files: filesOf(p1.tasks(contextOf(shipped('amd-7532'), { address: ADDRESS }, cluster)), undefined, () =>
      cluster.api.token.reveal(),
    ),
    commands: start,
  });

  it('start 14 × P1, P2 and APx, and give APx its cache directory', () => {
    expect(handbook.workers.size).toBe(17);
    expect(inOrder([...ours.workers.values()])).toEqual(
      mended(handbook.workers, [anyAddress, anyGroup, unsetCachePath]),
    );
    expect(ours.status).toBe(0);
  });

  it('leave 30 s between the P1 tasks', () => {
    expect(ours.sleeps.filter((seconds) => seconds === '30')).toHaveLength(14);
    expect(handbook.sleeps.filter((seconds) => seconds === '30')).toHaveLength(14);
  });
});

describe('the scripts of a machine of APx alone', () => {
  const common = { worker: '/opt/lotusworker/lotus-worker', addresses: `${OTHER} ${ADDRESS}` };
  const start = ['start_apx.sh', 'worker-apx/init_apx.sh'].map((name) => `bash /opt/lotusworker/${name}`);
  it('start APx and give it its cache directory as those of a P1 machine do', () => {
    const handbook = runInSandbox({
      ...common,
      files: new Map([['/opt/write.sh', fixture('write-p1-scripts.sh')]]),
      commands: ['bash /opt/write.sh', ...start],
    });
    const ours = runInSandbox({
      ...common,
      files: filesOf(
        apx.tasks(contextOf(shipped('amd-7532'), { address: ADDRESS, roles: ['apx'] }, cluster)),
        undefined,
        () => cluster.api.token.reveal(),
      ),
      commands: start,
    });
    expect(ours.workers.size).toBe(2);
    expect(inOrder([...ours.workers.values()])).toEqual(
      mended(handbook.workers, [anyAddress, anyGroup, unsetCachePath]),
    );
  });
});

describe('the scripts of a C2 machine', () => {
  const intel = shipped('intel-4216');
  const common = {
    worker: '/opt/lotus-worker',
    addresses: `${OTHER} ${ADDRESS}`,
    lspci: [
      '03:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED Graphics Family (rev 41)',
      ...[33, 34, 35, 36].map(
        (bus) => `${bus.toString(16)}:00.0 VGA compatible controller: NVIDIA Corporation GA104 (rev a1)`,
      ),
    ].join('\n'),
  };
  const start = ['bash /opt/start_c2.sh'];
  const handbook = runInSandbox({
    ...common,
    files: new Map([['/opt/write.sh', fixture('write-c2-scripts.sh')]]),
    commands: ['bash /opt/write.sh', ...start],
  });
  const ours = runInSandbox({
    ...common,
    files: filesOf(
      c2.tasks(contextOf(intel, { address: ADDRESS, roles: ['c2'] }, cluster)),
      factsFor(intel),
      () => cluster.api.token.reveal(),
    ),
    commands: [...start, '/bin/sleep 0.5', ...start, 'ls /opt/worker-*c2/logbak | grep -c ^log_'],
  });

  it('start four workers', () => {
    expect(handbook.workers.size).toBe(4);
    expect(inOrder([...ours.workers.values()])).toEqual(
      mended(handbook.workers, [anyAddress, profileElsewhere, doubleCpus]),
    );
  });

  it('keep each to its CPUs', () => {
    expect(handbook.tasksets.size).toBe(4);
    const without = new Map([...handbook.tasksets].map(([path, cpus]) => [path, withoutDoubles(cpus)]));
    expect(ours.tasksets).toEqual(without);
  });

  it('keep the log of the run before', () => {
    expect(ours.stdout.trim()).toBe('4');
  });
});
