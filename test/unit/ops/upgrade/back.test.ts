import { expect, it } from 'vitest';
import { gatesOf } from '../../../../src/engine/widths.ts';
import type { HostSession } from '../../../../src/ops/deploy-host.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { Pacer } from '../../../../src/ops/pace/pacer.ts';
import type { RoleHosts, RoleWork } from '../../../../src/ops/role-work.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import { goBack } from '../../../../src/ops/upgrade/back.ts';
import type { UpgradeContext } from '../../../../src/ops/upgrade/context.ts';
import type { Versions } from '../../../../src/ops/upgrade/versions.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';

const cluster = clusterOf(clusterFile());
const [host] = cluster.hosts;
if (!host) throw new Error('the sample cluster has no host');

const hosts: RoleHosts = {
  ...{ role: 'p1', cluster, hosts: cluster.hosts, reveal: () => '', digest: () => '' },
  ...{ redact: (text) => text, given: new GivenSecrets() },
};

/** What changes these resources, by kind and title. */
const workOf = (...changing: readonly (readonly [string, string])[]): RoleWork => {
  const resources = changing.map(
    ([kind, title]): Resource => ({
      ...{ kind, id: `${kind}:${title}`, title, asks: [] },
      diff: () => ({ state: 'change', change: { action: 'run', details: [], steps: [] } }),
    }),
  );
  return {
    ...{ ...hosts, showReplaced: false, processesOf: () => [] },
    tasksOf: () => [{ name: 't', tags: [], resources }],
  };
};

const never = () => Promise.reject(new Error('nobody asks for it here'));
const untold = () => {
  throw new Error('there is no miner');
};
const BEFORE: Versions = new Map([['p1', '1.11.1-3079a405a']]);
const NEW: Versions = new Map([['p1', '1.11.2-4f2b5ad3e']]);

/** A host that goes back: what is applied to it, and what it is said to have. */
const goingBack = async (more: Partial<UpgradeContext>) => {
  const applied: string[] = [];
  const settled: Versions[] = [];
  const session: HostSession = {
    ...{ open: never, warm: never, ask: never, rejoin: never, reboot: never, comeBack: never },
    ...{ hold: async () => {}, close: async () => {} },
    look: async () => ({ seen: observationOf(FACTS), lockedBy: null }),
    apply: async ({ changes }) => {
      applied.push(...changes.map(({ kind, title }) => `${kind} ${title}`));
      return { state: 'failed', succeeded: 0, problems: [] };
    },
  };
  const one = new DeployHost(host, session);
  const deps = {
    ...{ now: () => 0, after: () => () => {}, emit: () => {}, signal: new AbortController().signal },
  };
  const context: UpgradeContext = {
    ...deps,
    ...{ run: 'r-1', holder: { who: 'me', run: 'r-1', since: '' }, work: async () => workOf(), start: true },
    ...{ before: async () => [], gates: gatesOf({ look: 1, apply: 1, download: 1 }) },
    pacer: new Pacer({ ...deps, perMinute: 12, atOnce: 50 }),
    miner: new Miner({ ...hosts, cluster: { ...cluster, hosts: [] } }, untold, { ...deps, connect: never }),
    mode: { loseTasks: false, drain: 'all' },
    guard: { waits: false, atFirst: never, atLast: never, wait: never },
    ...{ drainTimeout: null, startWork: async () => workOf(), workOn: never, workerHosts: async () => [] },
    ...{ paused: new Map(), gone: new Map(), pause: never, standing: new Map() },
    moved: new Set([host]),
    upgrade: { version: '1.11.2-4f2b5ad3e', keys: ['p1'], sha256: {} },
    had: new Map([[host, BEFORE]]),
    workAt: async () => workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']),
    startAt: async () => workOf(),
    settled: async (_, versions) => void settled.push(versions),
    ...more,
  };
  const failed = one.result('failed', [{ kind: 'check', what: 'nothing was stopped' }]);
  const { state, problems } = await goBack(one, failed, context);
  return { state, applied, settled, said: problems.map(({ what }) => what) };
};

it('a host whose links lead to the version before keeps what runs, though that runs by another one', async () => {
  const workAt = async () => workOf(['stop', 'P1-1']);
  expect(await goingBack({ workAt })).toEqual({
    ...{ state: 'failed', applied: [], settled: [BEFORE], said: ['nothing was stopped'] },
  });
  const startAt = async () => workOf(['process', 'P1-2']);
  expect((await goingBack({ workAt, startAt })).applied).toEqual(['process P1-2']);
});

it('a host whose links were moved ends what runs by the version that failed', async () => {
  expect((await goingBack({})).applied).toEqual(['stop P1-1', 'link /opt/lotus-worker']);
});

it('a host that the run has found on the version stays there: what runs may be at tasks for days', async () => {
  const { applied, settled, said } = await goingBack({ moved: new Set(), standing: new Map([[host, NEW]]) });
  expect([applied, settled]).toEqual([[], []]);
  expect(said).toEqual([
    'nothing was stopped',
    'this run has found it on the version, and did not bring it there: it is left as it is',
  ]);
});
