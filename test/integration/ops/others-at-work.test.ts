/** @module-tag needs-namespaces */
import { expect, it } from 'vitest';
import { ok } from '../../../src/core/result.ts';
import { othersIn, workingShell } from '../../../src/resources/reboot/others.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { sessionWith } from '../engine/support.ts';

it('what is at work on a machine is told, whoever has started it; short commands are none of it', async () => {
  const hosts = await startSimulatedHosts({ hosts: 1 });
  const { session } = sessionWith(hosts, hosts.host);
  const query = { name: 'what is at work', script: workingShell, parse: (text: string) => ok(text) };
  const told = async () => {
    const text = await session.ask({ ...query, deadline: 30_000 });
    return othersIn(text, { repositories: new Set(['/opt/worker-1c2']), pids: new Set() });
  };
  try {
    expect(await told()).toEqual([]);
    await hosts.host.sh(
      "mkdir -p /opt/bin && printf '#!/bin/bash\\nsleep 60; true\\n' | tee /opt/bin/lotus-worker >/opt/bin/lotus-miner && chmod +x /opt/bin/*",
    );
    for (const words of [
      'lotus-worker --worker-repo /opt/worker-1c2 run --role C2',
      'lotus-worker --worker-repo /opt/worker-9c2 run --role C2',
      'lotus-worker --worker-repo /opt/worker-8c2 info',
      'lotus-miner --miner-repo /opt/other run --nosync',
      'lotus-miner sectors list',
    ])
      await hosts.host.sh(`(setsid /opt/bin/${words} >/dev/null 2>&1 </dev/null &)`);
    await expect
      .poll(told)
      .toEqual([
        expect.stringMatching(/^the worker of \/opt\/worker-9c2, process \d+$/),
        expect.stringMatching(/^a lotus-miner, process \d+$/),
      ]);
  } finally {
    await session.close();
    await hosts.stop();
  }
});
