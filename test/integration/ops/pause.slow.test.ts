/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pauseQuery } from '../../../src/ops/stop/pause.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { sessionWith } from '../engine/support.ts';

/** What lotus-miner is told, and what is made of how it answers. */

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  await hosts.host.sh('mkdir -p /opt/raid0 && echo "export PATH=/opt/here:$PATH" >/opt/raid0/profile');
}, 90_000);
afterAll(() => hosts?.stop());

/** What comes of pausing two workers for some tasks, and what lotus-miner was told for that. */
const paused = async (program: string, kind?: string) => {
  await hosts.host.sh(
    `mkdir -p /opt/here && rm -f /opt/told && printf '#!/bin/bash\\n%s\\n' '${program}' >/opt/here/lotus-miner && chmod +x /opt/here/lotus-miner`,
  );
  const { session } = sessionWith(hosts, hosts.host);
  try {
    const came = await session.ask(pauseQuery('worker-pause', ['a-1', 'b-2'], kind));
    return { came, told: await hosts.host.sh('cat /opt/told 2>/dev/null || true') };
  } finally {
    await session.close();
  }
};
const HELP = 'if [[ $* == *--help* ]]; then echo "OPTIONS: --tt value"; exit 0; fi';
const TELL = 'echo "$*" >>/opt/told';

it('workers are paused for all tasks, or for those of one kind, where it has kinds', async () => {
  expect(await paused(`${HELP}; ${TELL}`)).toEqual({
    came: { type: 'told', did: ['a-1', 'b-2'], failed: [] },
    told: 'worker-pause --tt all --uuid a-1\nworker-pause --tt all --uuid b-2',
  });
  expect((await paused(`${HELP}; ${TELL}`, 'fin')).told).toContain('worker-pause --tt fin --uuid a-1');
  const old = 'if [[ $* == *--help* ]]; then echo "OPTIONS: --uuid value"; exit 0; fi';
  expect((await paused(`${old}; ${TELL}`)).told).toBe('worker-pause --uuid a-1\nworker-pause --uuid b-2');
});

it('it has no such command only where it says so: one that is slow is asked again another time', async () => {
  const none = await paused('echo "No help topic for worker-pause" >&2; exit 3');
  expect(none.came).toEqual({ type: 'none', why: 'No help topic for worker-pause' });
  const slow = await paused('exec sleep 60');
  expect(slow.came).toEqual({
    type: 'told',
    did: [],
    failed: ['a-1', 'b-2'].map((id) => ({ id, why: 'it gave no answer within 20 s' })),
  });
});
