/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { workersDocumentSchema } from '../../../src/cli/views/workers-document.ts';
import { APX_PID, type ApxWorkers, startApxWorkers } from '../../support/lotus/apx-workers.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner and two workers with a network of SSH (the hosts' addresses) and one of lotus: one test after the other. */

const LISTEN = { 'miner-1': '127.77.0.1', 'apx-5': '127.77.0.5', 'apx-6': '127.77.0.6' } as const;
let lotus: ApxWorkers;
let miner: SimulatedHost;
let first: SimulatedHost;
let second: SimulatedHost;

const fcops = (...words: string[]) => lotus.fcops(...words);
/** What is not right, host by host. */
const wrong = async () => {
  const { stdout } = await fcops('verify', '--output', 'json');
  return verifyDocumentSchema
    .parse(JSON.parse(stdout))
    .hosts.flatMap(({ host, checks }) =>
      checks.flatMap(({ name, result }) => (result === 'ok' ? [] : [`${host}: ${result}: ${name}`])),
    );
};
const allWell = () => expect.poll(wrong, { timeout: 30_000 }).toEqual([]);
/** Where the workers of the miner are registered. */
const urls = async () => {
  const said = await miner.sh(`source /opt/raid0/profile; lotus-miner sealing workers | grep -v disabled`);
  return [...said.matchAll(/url:http:\/\/([\d.]+):11000/g)].map(([, url]) => url).toSorted();
};
const listening = (host: 'apx-6', listen: string) => lotus.write({}, { [host]: { listen } });
const plan = async (host: string, ...more: string[]) => {
  const { stdout } = await fcops('plan', 'apx', '--limit', host, '--output', 'json', ...more);
  const [found] = planDocumentSchema.parse(JSON.parse(stdout)).hosts;
  if (!found) throw new Error(`nothing is planned of ${host}`);
  return found;
};
const pidOf = (host: SimulatedHost) => host.sh(`${APX_PID} | head -n 1`);

beforeAll(async () => {
  lotus = await startApxWorkers({
    'miner-1': { listen: LISTEN['miner-1'] },
    'apx-5': { listen: LISTEN['apx-5'] },
    // apx-6 gets its own only later.
  });
  ({ miner, first, second } = lotus);
}, 180_000);
afterAll(() => lotus?.stop());

describe('hosts that listen on a network of their own', { timeout: 120_000 }, () => {
  it('are logged in to by one address, and known to the miner by the other', async () => {
    await expect.poll(urls, { timeout: 20_000 }).toEqual([LISTEN['apx-5'], second.address].toSorted());
    await allWell();
    expect(await miner.sh(`cat /opt/raid0/lotusminer/api`)).toContain(`/ip4/${LISTEN['miner-1']}/tcp/2345`);
    expect(await first.sh('cat /opt/lotusworker/profile')).toContain(
      `:/ip4/${LISTEN['miner-1']}/tcp/2345/http`,
    );
    const { stdout } = await fcops('workers', '--output', 'json');
    const { hosts: at, strangers } = workersDocumentSchema.parse(JSON.parse(stdout));
    expect(strangers).toEqual([]);
    expect(at.find(({ host }) => host === 'apx-5')).toMatchObject({
      ...{ address: first.address, listen: LISTEN['apx-5'], registered: 1, beside: [] },
    });
    expect(at.find(({ host }) => host === 'apx-6')).not.toHaveProperty('listen');
    const status = await fcops('status', '--limit', LISTEN['apx-5'], '--full');
    expect(status.stdout).toContain(`${first.address}, listens on ${LISTEN['apx-5']}`);
  });

  it('get a change of it as one of their scripts, with a restart owed, and are found at the old one until then', async () => {
    await listening('apx-6', LISTEN['apx-6']);
    const { items } = await plan('apx-6');
    const titles = items.map(({ state, title }) => `${state}: ${title}`);
    expect(titles).toContain('change: file /opt/lotusworker/worker-apx/start_apx.sh');
    expect(titles).toContain('change: hostname f0494733-apx-127-77-0-6');
    expect(items.filter(({ state }) => state === 'restart')).toHaveLength(1);
    expect((await fcops('deploy', 'apx', '--limit', 'apx-6', '--yes')).exitCode).toBe(0);
    expect(await urls()).toContain(second.address);
    expect(await wrong()).toEqual([]);
    const { exitCode, stdout, stderr } = await fcops(
      'restart',
      'apx',
      '--limit',
      'apx-6',
      '--drain',
      '--yes',
    );
    expect([exitCode, stderr, stdout.includes('FAILED')]).toEqual([0, expect.any(String), false]);
    await expect.poll(urls, { timeout: 20_000 }).toEqual([LISTEN['apx-5'], LISTEN['apx-6']]);
    await allWell();
  });

  it('are not stopped for an address that the machine does not have, which is told', async () => {
    await listening('apx-6', '10.99.0.6');
    const about = /^apx-6 has no address 10\.99\.0\.6: nothing starts that is to listen there; it has /;
    const { items } = await plan('apx-6');
    expect(items.filter(({ state }) => state === 'violated')).toMatchObject([
      { title: 'address 10.99.0.6', message: expect.stringMatching(about) },
    ]);
    const preflight = await fcops('preflight', 'apx-6');
    expect([preflight.exitCode, preflight.stdout.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining(
        '! apx-6: apx-6 has no address 10.99.0.6: nothing starts that is to listen there',
      ),
    ]);
    const pid = await pidOf(second);
    const { exitCode, stdout } = await fcops('restart', 'apx', '--limit', 'apx-6', '--lose-tasks', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain('nothing was stopped, as it could not be started again');
    expect(await pidOf(second)).toBe(pid);
    expect(await wrong()).toEqual(['apx-6: off: address 10.99.0.6']);
    await listening('apx-6', LISTEN['apx-6']);
    await allWell();
  });
});
