import { expect, it } from 'vitest';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { rememberWorkers } from '../../../../src/ops/stop/registered.ts';
import { contextOf, host, sessionOf, workOf } from '../upgrade/support.ts';

it('a worker that has gone stays gone when a host is stopped again and the miner does not answer', async () => {
  const { name, address } = host;
  const gone = new Map([[host, new Set(['a'])]]);
  const context = contextOf({ gone, workerHosts: async () => [{ name, address, processes: [] }] });
  const one = new DeployHost(host, sessionOf({}));
  const { plan } = await one.look(workOf(['stop', 'P1-1']));
  await rememberWorkers(one, plan, context);
  expect(context.gone.get(host)).toEqual(new Set(['a']));
});
