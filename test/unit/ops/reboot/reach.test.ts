import { expect, it } from 'vitest';
import type { Problem } from '../../../../src/core/problem.ts';
import { FcopsError } from '../../../../src/core/problem.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { opened, reach } from '../../../../src/ops/reboot/reach.ts';
import type { RoleHosts } from '../../../../src/ops/role-work.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { noTemplates } from '../no-templates.ts';

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
    ...{ redact: (text: string) => text, given: new GivenSecrets(), renderer: noTemplates },
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
    ['2 min 30 s', '1 min 30 s', '30 s'].map((left) => `nobody answers; it is waited for ${left} more`),
  );
});

/** How a machine is met that has been up for so many seconds when it answers, after so many seconds without a word. */
const met = async (
  {
    up,
    away = 0,
    wait = 1800,
  }: { readonly up: number; readonly away?: number; readonly wait?: number | null },
  failure: Problem = { kind: 'connect', what: 'nobody answers' },
) => {
  const { now, after } = virtualClock();
  const pass = (seconds: number) => new Promise<void>((resolve) => void after(seconds * 1000, resolve));
  const never = () => Promise.reject(new Error('nobody asks for it here'));
  const session: Parameters<typeof opened>[1] = {
    open: async () => {
      if (away > 0) throw new FcopsError(failure);
    },
    comeBack: async () => {
      await pass(away);
      return { state: 'back', boot: 'a' };
    },
    ask: async ({ name, parse }) => {
      if (name !== 'how long it has been up') return never();
      const answer = parse(`${up.toFixed(2)} 99.00\n`);
      return answer.ok ? answer.value : never();
    },
  };
  const deps = { now, after, emit: () => {}, signal: new AbortController().signal };
  return opened({ name: 'p1-50' }, session, wait, deps);
};

it('a machine that was waited for has just been started where it says so itself', async () => {
  expect(await met({ up: 240, away: 300 })).toEqual({ ago: 240, isNew: true });
  // It was at its boot by then, and answered nobody.
  expect(await met({ up: 540, away: 60 })).toEqual({ ago: 540, isNew: true });
  expect(await met({ up: 90 })).toEqual({ ago: 90, isNew: true });
});

it('one whose network alone was gone for a while has been up, and is no machine that was started', async () => {
  expect(await met({ up: 3 * 86_400, away: 300 })).toEqual({ ago: 3 * 86_400, isNew: false });
  expect(await met({ up: 3600 })).toEqual({ ago: 3600, isNew: false });
});

it('is asked nothing where nobody waits, and is not waited for where waiting mends nothing', async () => {
  expect(await met({ up: 90, wait: null })).toBeNull();
  const unknown: Problem = { kind: 'unknown-host-key', what: 'its host key is not known' };
  await expect(met({ up: 90, away: 300 }, unknown)).rejects.toThrow(unknown.what);
});
