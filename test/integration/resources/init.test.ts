/** @module-tag needs-namespaces */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bashOf, STEP_SHELL } from '../../../src/resources/kinds.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** The step of an init beside a process that is slow, gone, or has been given its cache by somebody else meanwhile. */

let hosts: SimulatedHosts;
let host: SimulatedHost;
const worker = readFileSync(new URL('../../support/fake-lotus-worker.sh', import.meta.url), 'utf8');

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  host = hosts.host;
  await host.sh(`mkdir -p /opt/w && cat >/opt/w/worker <<'END'\n${worker}END\nchmod +x /opt/w/worker`);
});
afterAll(() => hosts?.stop());

const INIT = 'LOTUS_WORKER_PATH=/opt/w/apx /opt/w/worker storage attach --init --seal /opt/w/cache';
const step = bashOf(
  {
    step: 'init-process',
    name: 'APx',
    repository: '/opt/w/apx',
    cache: '/opt/w/cache',
    run: INIT,
    deadline: 300,
  },
  () => '',
);
/** What the step came to, with what it said; three seconds in place of two minutes. */
const init = (before = '') =>
  host.sh(
    `(set -euo pipefail; FCOPS_RUN=/tmp\n${STEP_SHELL.replace('SECONDS + 120', 'SECONDS + 3')}\n${before}\n${step}\n) 2>&1 && echo done || echo failed`,
  );
const start = (port = 11000) =>
  host.sh(`
    MINER_API_INFO=x nohup /opt/w/worker --worker-repo /opt/w/apx run --listen ${host.address}:${port} >/opt/w/apx/log.txt 2>&1 </dev/null &
    for _ in {1..50}; do [[ ! -e /opt/w/apx/api ]] || break; sleep 0.1; done`);
const attempts = () => host.sh('grep -c . /opt/w/apx/attach.count 2>/dev/null || true');

beforeEach(async () => {
  await host.sh(`
    for pid in $(grep -lzsxF -e --worker-repo /proc/[0-9]*/cmdline | cut -d / -f 3); do kill "$pid" 2>/dev/null; done
    sleep 0.3; rm -rf /opt/w/apx /opt/w/cache; mkdir /opt/w/apx`);
});

describe('the step of an init', () => {
  it('gives a process that answers its cache, and does nothing the second time', async () => {
    await start();
    expect(await init()).toMatch(/^(the API of APx does not answer yet\n)?done$/);
    expect(await host.sh('ls /opt/w/cache')).toBe('cache\nsealed\nsectorstore.json\nunsealed');
    expect(await init()).toBe('APx has its cache by now\ndone');
    expect(await attempts()).toBe('1');
  });

  it('waits for an answer, also where the file with the address is left from a process before', async () => {
    await start();
    // Nobody listens there until two seconds have passed.
    await host.sh(`printf '/ip4/${host.address}/tcp/11999' >/opt/w/apx/api`);
    const late = `(sleep 2; printf '/ip4/${host.address}/tcp/11000' >/opt/w/apx/api) &`;
    expect(await init(late)).toBe('the API of APx does not answer yet\ndone');
    expect(await attempts()).toBe('1');
  });

  it('does nothing to a process that does not answer, and shows the end of its log', async () => {
    await start();
    await host.sh('rm /opt/w/apx/api; echo "Connecting to miner API..." >>/opt/w/apx/log.txt');
    expect(await init()).toMatch(
      /Connecting to miner API\.\.\.\nAPx runs, and its API does not answer: .*\nfailed$/s,
    );
    expect([await attempts(), await host.sh('ls /opt/w')]).toEqual(['', 'apx\nworker']);
  });

  it('does nothing where the process has ended', async () => {
    expect(await init()).toMatch(/APx does not run\nfailed$/);
    expect(await attempts()).toBe('');
  });

  it('does nothing where half of it has come since the plan was made', async () => {
    await start();
    await host.sh('mkdir /opt/w/cache; touch /opt/w/cache/sectorstore.json');
    expect(await init()).toMatch(
      /has changed since the plan was made; nothing was done. Run again.\nfailed$/,
    );
    expect(await attempts()).toBe('');
  });
});
