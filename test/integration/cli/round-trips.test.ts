/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 * @module-tag needs-sshd
 * @module-tag needs-ssh-agent
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { startDelayingProxy } from '../../support/delaying-proxy.ts';
import { fcops } from '../../support/fcops.ts';
import { startHostsBehindSshd } from '../../support/hosts-behind-sshd.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import type { ReachableHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startAgent } from '../transport/agent.ts';

/** How often a run waits for a host that is far away: counted, over OpenSSH's own server. */

let hosts: SimulatedHosts<ReachableHost>;
let artifacts: ArtifactServer;
let near: WrittenCluster;

beforeAll(async () => {
  hosts = await startHostsBehindSshd({ hosts: [p1Machine('p1-50')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  await copyPieceInfo(hosts.host);
  near = await clusterAt(hosts.host.port, hosts.knownHosts, 'near');
  const { exitCode, stdout, stderr } = await deploy(near, '--yes');
  expect([exitCode, stderr], stdout).toEqual([0, '']);
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

const clusterAt = (
  port: number,
  knownHosts: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<WrittenCluster> =>
  writeCluster({
    ...hosts,
    directory: join(hosts.directory, name),
    knownHosts,
    artifacts,
    more,
    hosts: [{ host: { ...hosts.host, port }, roles: ['p1'], profile: 'amd-7532' }],
  });

const deploy = ({ inventory, env }: WrittenCluster, ...more: string[]) =>
  fcops(['deploy', 'p1', '--inventory', inventory, ...more], { env });

/**
 * Deploys over a link with a round trip of 50 ms; gives what was said, and how many of them it waited for. `agent`: the
 * key is in the agent at that socket, and in no file.
 */
const deployFarAway = async (more: readonly string[] = [], agent?: string) => {
  const { address, port } = hosts.host;
  const proxy = await startDelayingProxy({ address, port, roundTrip: 50, settle: 100 });
  try {
    const knownHosts = join(hosts.directory, `known_hosts-${proxy.port}`);
    const keys = await readFile(hosts.knownHosts, 'utf8');
    await writeFile(knownHosts, keys.replaceAll(`]:${port} `, `]:${proxy.port} `));
    const withAgent = agent !== undefined && { ssh: { user: 'root', knownHosts } };
    const far = await clusterAt(proxy.port, knownHosts, `far-${proxy.port}`, { ...withAgent });
    const env = { ...far.env, ...(agent !== undefined && { SSH_AUTH_SOCK: agent }) };
    const ended = await deploy({ ...far, env }, ...more);
    return { ...ended, roundTrips: proxy.roundTrips() };
  } finally {
    await proxy.stop();
  }
};

/**
 * The least of some counts: where this machine is slow, what fcops had in hand already counts as its answer to what
 * has come in meanwhile.
 */
const least = async (most: number, once: () => ReturnType<typeof deployFarAway>) => {
  let best = await once();
  for (let tries = 1; tries < 5 && best.roundTrips > most; tries++) {
    const next = await once();
    if (next.roundTrips < best.roundTrips) best = next;
  }
  return best;
};

describe('over a link with a long round trip', () => {
  it('a run that finds nothing to do waits for eight of them at the most', async () => {
    const { exitCode, stdout, roundTrips } = await least(8, () => deployFarAway());
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 unchanged/m)]);
    expect(roundTrips).toBeLessThanOrEqual(8);
  });

  it('the same where the key is in an agent', async () => {
    const agent = await startAgent();
    try {
      agent.add(hosts.privateKey);
      const { exitCode, stdout, roundTrips } = await least(8, () => deployFarAway([], agent.socket));
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 unchanged/m)]);
      expect(roundTrips).toBeLessThanOrEqual(8);
    } finally {
      await agent.stop();
    }
  });

  it('a run that makes a change waits for fourteen at the most', async () => {
    const { exitCode, stdout, roundTrips } = await least(14, async () => {
      await hosts.host.sh('rm /opt/lotusworker/worker-3p1/start_3p1.sh');
      return deployFarAway(['--yes']);
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^1 host: 1 changed/m)]);
    expect(roundTrips).toBeLessThanOrEqual(14);
  });
});
