/** @module-tag needs-namespaces */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/content.ts';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { restartsOf } from '../../../src/engine/plan.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { processResource } from '../../../src/resources/process/resource.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, failureOf, plan } from './support.ts';

/** Real processes: a program of ours under the name of the worker, started by a script as the roles' are. */

let hosts: SimulatedHosts;
let host: SimulatedHost;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  host = hosts.host;
});
afterAll(() => hosts?.stop());

const NAMES = ['a', 'b'] as const;
const worker = (name: string): Process => ({
  name,
  group: 'P1',
  repository: `/opt/w/${name}`,
  known: { by: 'argument' },
  log: `/opt/w/${name}/log.txt`,
  port: 0,
  program: '/opt/w/worker',
  reads: { profile: '/opt/w/profile', script: `/opt/w/${name}/start.sh` },
  environment: [
    { name: 'TMPDIR', value: contentOf('/opt/raid0') },
    { name: 'MINER_API_INFO', value: contentOf({ secret: 'the token', as: 'plain' }) },
  ],
  environmentFrom: [],
  environmentIsWhole: true,
  cpus: [0],
  requires: [],
  start: { run: `bash /opt/w/${name}/start.sh`, pause: 0 },
  stop: { deadline: 5 },
});

/** A program that is no script, and starts others. */
const PROGRAM = `-c 'sleep 600; true' worker --worker-repo`;
const startScript = (name: string, program = '/opt/w/worker') =>
  `. /opt/w/profile\nexport TMPDIR MINER_API_INFO\nnohup taskset -c 0 ${program} ${PROGRAM} /opt/w/${name} run >/opt/w/${name}/log.txt 2>&1 </dev/null &\n`;

beforeEach(async () => {
  await host.sh(`
    for pid in $(grep -lzsxF -e --worker-repo /proc/[0-9]*/cmdline | cut -d / -f 3); do kill -KILL "$pid" 2>/dev/null; done
    rm -rf /opt/w; mkdir -p /opt/w/versions/1
    cp /bin/bash /opt/w/versions/1/worker; ln -s versions/1/worker /opt/w/worker
    printf 'TMPDIR=/opt/raid0\\nMINER_API_INFO="the token"\\n' >/opt/w/profile
    touch -d '1 hour ago' /opt/w/profile
    ${NAMES.map((name) => `mkdir /opt/w/${name}; cat >/opt/w/${name}/start.sh <<'END'\n${startScript(name)}END\ntouch -d '1 hour ago' /opt/w/${name}/start.sh`).join('\n')}
  `);
});

const all = NAMES.map(worker);
const resources = (start: boolean) =>
  all.map((process) =>
    processResource(process, { start, siblings: all, startCommand: ['deploy', 'p1', '--start'] }),
  );
const planned = (start = false): Promise<HostPlan> => plan(host, resources(start));
const reasons = async (): Promise<Record<string, readonly string[]>> =>
  Object.fromEntries(restartsOf(await planned()).map(({ process, reasons }) => [process, reasons]));
const start = async (): Promise<void> => {
  await apply(host, await planned(true));
};
/** Bash that gives the number of a process, whose child has become another program. */
const pidOf = (name: string) => `grep -lzsx '/opt/w/[${name}]' /proc/[0-9]*/cmdline | cut -d / -f 3`;
/** Times of files have to be told from those of processes. */
const later = () => host.sh('sleep 2.2');

describe('processes of a host', () => {
  it('are started where they do not run, and then are as they shall be', async () => {
    expect((await planned()).items.map(({ state }) => state)).toEqual(['idle']);
    expect((await planned(true)).items.map(({ title, state }) => [title, state])).toEqual([
      ['a', 'change'],
      ['b', 'change'],
    ]);
    await start();
    expect((await planned(true)).items).toEqual([]);
    expect(await host.sh(`tr '\\0' '\\n' </proc/$(${pidOf('a')})/environ | grep -c FCOPS || true`)).toBe('0');
  });

  it('owe a restart for another program, put in its place or linked', async () => {
    await start();
    await host.sh('cp /bin/bash /opt/w/new && mv /opt/w/new /opt/w/versions/1/worker');
    const replaced = 'it runs another program than /opt/w/worker is now';
    expect(await reasons()).toEqual({ a: [replaced], b: [replaced] });
    await host.sh(
      'mkdir /opt/w/versions/2 && cp /bin/bash /opt/w/versions/2/worker && ln -sfn versions/2/worker /opt/w/worker',
    );
    expect(await reasons()).toEqual({ a: [replaced], b: [replaced] });
  });

  it('owe a restart for a program that is a script, when that was changed', async () => {
    await host.sh(
      `printf '#!/bin/bash\\nexec -a worker /bin/bash "$@"\\n' >/opt/w/versions/1/worker; touch -d '1 hour ago' /opt/w/versions/1/worker`,
    );
    await later();
    await start();
    expect(await reasons()).toEqual({});
    await later();
    await host.sh('echo "# new" >>/opt/w/versions/1/worker');
    expect(Object.keys(await reasons())).toEqual(['a', 'b']);
  });

  it('owe a restart for a newer start script, another value, another token, other CPUs: each for its own', async () => {
    await start();
    await later();
    await host.sh('touch /opt/w/a/start.sh');
    expect(await reasons()).toEqual({ a: ['/opt/w/a/start.sh is newer than it'] });
    const restarted = all.map(
      (process): Process => ({
        ...process,
        environment: [
          { name: 'TMPDIR', value: contentOf('/tmp') },
          { name: 'MINER_API_INFO', value: contentOf({ secret: 'another token', as: 'plain' }) },
        ],
        cpus: [0, 1],
      }),
    );
    const context = { start: false, siblings: restarted, startCommand: [] };
    const [first] = restarted;
    if (!first) throw new Error('no process');
    const owed = restartsOf(await plan(host, [processResource(first, context)]));
    expect(owed[0]?.reasons).toEqual([
      '/opt/w/a/start.sh is newer than it',
      'it has other values than its files of TMPDIR, MINER_API_INFO',
      'it runs on CPUs 0, not on 0-1',
    ]);
  });

  it('are started alone where one is dead: the other keeps its number', async () => {
    await start();
    const pid = () => host.sh(pidOf('a'));
    const before = await pid();
    await host.sh(`kill -KILL $(${pidOf('b')})`);
    expect((await planned()).items).toMatchObject([
      {
        state: 'violated',
        violation: { message: 'b does not run, though the other process of this host does' },
      },
    ]);
    expect((await planned(true)).items.map(({ title, state }) => [title, state])).toEqual([['b', 'change']]);
    await start();
    expect([await pid(), (await planned(true)).items]).toEqual([before, []]);
  });

  it('are not those of others: another repository, an argument that only looks like it, one that has ended', async () => {
    await host.sh(`
      /opt/w/versions/1/worker ${PROGRAM} /opt/w/a-other run >/dev/null 2>&1 </dev/null &
      /opt/w/versions/1/worker -c 'sleep 600; true' worker '--worker-repo /opt/w/a run' >/dev/null 2>&1 </dev/null &
      sh -c '/bin/true --worker-repo /opt/w/a run & exec sleep 600' >/dev/null 2>&1 </dev/null &
      sleep 0.5`);
    expect((await planned(true)).items.map(({ title, state }) => [title, state])).toEqual([
      ['a', 'change'],
      ['b', 'change'],
    ]);
  });

  it('that end at once are no success: the last lines of their log say why', async () => {
    await host.sh(
      `sed -i 's|-c .sleep 600; true.|-c "echo ERROR: listen tcp: address already in use"|' /opt/w/a/start.sh`,
    );
    const said = await failureOf(start());
    expect(said).toContain('ERROR: listen tcp: address already in use');
    expect(said).toContain('a does not run');
  });
});
