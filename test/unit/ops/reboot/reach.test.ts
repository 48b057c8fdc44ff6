import { expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { reach } from '../../../../src/ops/reboot/reach.ts';
import type { RoleHosts } from '../../../../src/ops/role-work.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';

/** A clock that goes on to the next thing that waits, as soon as nothing else is to be done. */
const virtualClock = () => {
  let now = 0;
  const waiting: { readonly at: number; readonly callback: () => void }[] = [];
  const step = () => {
    waiting.sort((a, b) => a.at - b.at);
    const next = waiting.shift();
    if (!next) return;
    now = next.at;
    next.callback();
  };
  return {
    now: () => now,
    after: (ms: number, callback: () => void) => {
      const one = { at: now + ms, callback };
      waiting.push(one);
      setImmediate(step);
      return () => void (waiting.includes(one) && waiting.splice(waiting.indexOf(one), 1));
    },
  };
};

it('a machine that is waited for is told of every minute, with the time that is left', async () => {
  const cluster = clusterOf(clusterFile());
  const [host] = cluster.hosts;
  if (!host) throw new Error('the sample cluster has no host');
  const said: string[] = [];
  const { now, after } = virtualClock();
  const hosts: RoleHosts = {
    ...{ role: 'p1', cluster, hosts: [host], reveal: () => '', digest: () => '' },
    ...{ redact: (text: string) => text, given: new GivenSecrets() },
  };
  const away = new FcopsError({ kind: 'connect', what: 'nobody answers' });
  const reaching = reach(
    hosts,
    host,
    150,
    () => ({
      ...{ name: host.name, address: host.address, port: 22, user: 'root', privateKeys: [] },
      ...{ knownHosts: '', connectTimeout: 1, proxyJump: [] },
    }),
    {
      ...{ now, after, date: () => new Date(0), random: () => 0, signal: new AbortController().signal },
      ...{ hide: () => {}, widths: { look: 1, apply: 1, download: 1 } },
      connect: () => Promise.reject(away),
      emit: (event) => {
        if (event.type === 'waits') said.push(event.text);
      },
      defect: () => {
        throw new Error('nothing of it is a mistake of fcops');
      },
    },
  );
  await expect(reaching).rejects.toThrow('nobody answers');
  expect(said).toEqual(
    ['2 min 30 s', '1 min 30 s', '30 s'].map((left) => `it does not answer, and is waited for ${left} more`),
  );
});
