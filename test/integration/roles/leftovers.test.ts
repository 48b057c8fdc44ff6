/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftovers } from '../../../src/roles/leftovers.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { plan } from '../resources/support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'debian', os: 'debian' }] });
});
afterAll(() => hosts.stop());

const resource = (tasks: number) =>
  leftovers('P1 tasks', tasks, [
    { before: '/opt/lotusworker/worker-', after: 'p1' },
    { before: '/opt/hugepages/layer_labels/', after: 'p1' },
  ]);

describe('what a larger layout has left', () => {
  it('is told by its paths and by what still works on it, and how to look at it', async () => {
    await hosts.host.sh(
      `mkdir -p /opt/lotusworker/worker-{1..14}p1 /opt/lotusworker/worker-{apx,p2} /opt/hugepages/layer_labels/{2,13}p1`,
    );
    const pid = await hosts.host.sh(
      `bash -c 'sleep 1000; :' lotus-worker --worker-repo /opt/lotusworker/worker-14p1 run >/dev/null 2>&1 & echo $!`,
    );
    const { items } = await plan(hosts.host, [resource(12)]);
    expect(items).toMatchObject([
      {
        state: 'violated',
        violation: {
          severity: 'warn',
          message: `left over from more P1 tasks than the 12 of this layout: /opt/hugepages/layer_labels/13p1, /opt/lotusworker/worker-13p1, /opt/lotusworker/worker-14p1 (in use by ${pid}); fcops removes none of it`,
          next: [
            {
              type: 'shell',
              on: 'host',
              command:
                'ls -la /opt/hugepages/layer_labels/13p1 /opt/lotusworker/worker-13p1 /opt/lotusworker/worker-14p1',
            },
          ],
        },
      },
    ]);
    await hosts.host.sh(`kill ${pid}`);
    expect((await plan(hosts.host, [resource(14)])).items).toEqual([]);
  });
});
