import { gatesOf } from '../../../../src/engine/widths.ts';
import type { HostSession } from '../../../../src/ops/deploy-host.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { Pacer } from '../../../../src/ops/pace/pacer.ts';
import type { RoleHosts, RoleWork } from '../../../../src/ops/role-work.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import type { UpgradeContext } from '../../../../src/ops/upgrade/context.ts';
import type { Versions } from '../../../../src/ops/upgrade/versions.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { noTemplates } from '../no-templates.ts';

/** What is made up of a host that is upgraded. */

const cluster = clusterOf(clusterFile());
const [first] = cluster.hosts;
if (!first) throw new Error('the sample cluster has no host');
export const host = first;

export const hosts: RoleHosts = {
  ...{ role: 'p1', cluster, hosts: cluster.hosts, reveal: () => '', digest: () => '' },
  ...{ redact: (text) => text, given: new GivenSecrets(), renderer: noTemplates },
};

/** What changes these resources, by kind and title. */
export const workOf = (...changing: readonly (readonly [string, string])[]): RoleWork => {
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
export const BEFORE: Versions = new Map([['p1', '1.11.1-3079a405a']]);
export const NEW: Versions = new Map([['p1', '1.11.2-4f2b5ad3e']]);

/** A session that looks at a host, and otherwise does what a test says. */
export const sessionOf = (more: Partial<HostSession>): HostSession => ({
  ...{ open: never, warm: never, ask: never, apply: never, rejoin: never, reboot: never, comeBack: never },
  ...{ hold: async () => {}, close: async () => {} },
  look: async () => ({ seen: observationOf(FACTS), lockedBy: null }),
  ...more,
});

export const contextOf = (more: Partial<UpgradeContext>): UpgradeContext => {
  const { signal = new AbortController().signal } = more;
  const deps = { now: () => 0, after: () => () => {}, emit: () => {}, signal };
  return {
    ...deps,
    ...{ run: 'r-1', holder: { who: 'me', run: 'r-1', since: '' }, work: async () => workOf(), start: true },
    ...{ before: async () => [], gates: gatesOf({ look: 1, apply: 1, download: 1 }) },
    pacer: new Pacer({ ...deps, perMinute: 12, atOnce: 50 }),
    miner: new Miner({ ...hosts, cluster: { ...cluster, hosts: [] } }, untold, { ...deps, connect: never }),
    mode: { loseTasks: false, drain: 'all' },
    guard: { waits: false, atFirst: never, atLast: never, wait: never },
    ...{ drainTimeout: null, startWork: async () => workOf(), workOn: never, workerHosts: async () => [] },
    ...{
      paused: new Map(),
      partly: new Map(),
      pausedBy: new Map(),
      gone: new Map(),
      pause: never,
      standing: new Map(),
    },
    ...{ moved: new Set([host]), started: new Map(), cluster: 'f0494733' },
    upgrade: {
      versions: [{ key: 'p1', version: '1.11.2-4f2b5ad3e', hosts: cluster.hosts.map(({ name }) => name) }],
      sha256: {},
    },
    had: new Map([[host, BEFORE]]),
    workAt: async () => workOf(['stop', 'P1-1'], ['link', '/opt/lotus-worker']),
    startAt: async () => workOf(),
    settled: async () => {},
    ...more,
  };
};
