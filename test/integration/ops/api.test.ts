/** @module-tag needs-namespaces */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/engine/plan.ts';
import type {
  ChangeDeps,
  Deployed,
  DeployRequest,
  PlannedHost,
  RunEvent,
  Sources,
} from '../../../src/ops/api.ts';
import {
  connector,
  DEFAULT_WIDTHS,
  deploy,
  gatherFacts,
  hostPlanSchema,
  isRight,
  planDiff,
  planHosts,
  processIdentity,
  roleHosts,
  Session,
  systemDeps,
  targetOf,
  verifier,
  verifyUntilRight,
} from '../../../src/ops/api.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { c2Machine } from '../../support/machines.ts';
import { makeRepository } from '../../support/repository.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** The operations as a program uses them: no terminal, no words, results as values. */

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let sources: Sources;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [c2Machine('c2-10'), c2Machine('c2-11')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
  });
  const packageRoot = join(import.meta.dirname, '../../..');
  sources = { inventory: cluster.inventory, packageRoot, env: cluster.env, home: '/nonexistent' };
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
});

const REQUEST: DeployRequest = {
  role: 'c2',
  tags: [],
  start: false,
  batches: [],
  maxFail: { hosts: 0 },
  transport: 'ssh2',
};
const local = { home: '/nonexistent', env: {} };

const depsWith = async (more: Partial<ChangeDeps> = {}): Promise<ChangeDeps & { readonly runs: string }> => {
  const runs = await mkdtemp(join(hosts.directory, 'runs-'));
  const process_ = processIdentity(process.pid);
  if (process_ === null) throw new Error('no /proc');
  return {
    runs,
    connect: await connector('ssh2', systemDeps({ ...local, isRoot: true })),
    now: () => performance.now(),
    date: () => new Date(),
    hide: () => {},
    random: Math.random,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    emit: () => {},
    signal: new AbortController().signal,
    widths: DEFAULT_WIDTHS,
    defect: (error, host) => ({ kind: 'defect', what: String(error), where: { host } }),
    who: 'program@ops1',
    version: '0.0.0',
    journal: {
      directory: runs,
      redact: (text) => text,
      complain: (error) => {
        throw error;
      },
    },
    process: process_,
    ...more,
  };
};

const deployWith = async (
  deps: ChangeDeps,
  confirm: (planned: readonly PlannedHost[]) => Promise<boolean>,
  request: Partial<DeployRequest> = {},
): Promise<Deployed> =>
  deploy(
    sources,
    roleHosts(sources, { ...REQUEST, ...request }),
    { ...REQUEST, ...request },
    { targetOf: targetOf(local), confirm },
    deps,
  );

const stateOf = (deployed: Deployed) =>
  deployed.state === 'ended'
    ? deployed.hosts.map(({ result }) => [result.host, result.state])
    : deployed.state;

describe('the API', () => {
  it('gives facts', async () => {
    const { hosts: chosen } = roleHosts(sources, REQUEST);
    const facts = await gatherFacts(chosen.map(targetOf(local)), await depsWith());
    expect(facts.map((one) => [one.host, one.state === 'seen' && one.facts.cpu.model])).toEqual([
      ['c2-10', expect.stringContaining('4216')],
      ['c2-11', expect.stringContaining('4216')],
    ]);
  });

  it('verifies: what is right, what is off, and what nobody can tell', async () => {
    const deps = await depsWith();
    const all = await verifier(sources, roleHosts(sources, REQUEST), ['c2'], targetOf(local), deps);
    try {
      const once = { wait: 0, interval: 1, width: 10 };
      const verified = await verifyUntilRight(all, once, deps, () => {});
      if (verified === null) throw new Error('it was not interrupted');
      expect(isRight(verified)).toBe(false);
      expect(verified.hosts.map(({ host, state }) => [host, state])).toEqual([
        ['c2-10', 'seen'],
        ['c2-11', 'seen'],
      ]);
      const checks = verified.hosts.flatMap((host) => host.checks);
      const off = checks.flatMap(({ name, result }) => (result === 'off' ? [name] : []));
      expect(off.filter((name) => name === 'C2-1 runs')).toHaveLength(2);
      const clock = verified.hosts[0]?.clock;
      expect(Math.abs(clock?.offset ?? Number.NaN)).toBeLessThanOrEqual(clock?.uncertainty ?? 0);
    } finally {
      await all.close();
    }
  });

  it('verifies for a run that holds the host as if nobody did, and for others not', async () => {
    const deps = await depsWith();
    const chosen = roleHosts(sources, { ...REQUEST, limit: 'c2-10' });
    const [host] = chosen.hosts;
    if (!host) throw new Error('no host');
    const run = 'r-20260102T030405Z-held1';
    const session = new Session(targetOf(local)(host), {
      ...deps,
      reveal: chosen.reveal,
      digest: chosen.digest,
    });
    const nextFor = async (besides: { readonly run?: string }): Promise<string> => {
      const all = await verifier(sources, chosen, ['c2'], targetOf(local), deps, besides);
      try {
        const { hosts: verified } = await all.verify(1);
        return JSON.stringify(verified[0]?.checks.find(({ name }) => name === 'C2-1 runs')?.next);
      } finally {
        await all.close();
      }
    };
    try {
      await session.hold({ who: deps.who, run, since: '2026-01-02T03:04:05Z' });
      expect(await nextFor({})).toContain(`run ${run} of program@ops1 is changing this host`);
      expect(await nextFor({ run })).toContain('to start what does not run');
    } finally {
      await session.close();
    }
  });

  it('plans, and a plan that was written to JSON and read back does the same', async () => {
    const deps = await depsWith();
    const chosen = roleHosts(sources, { ...REQUEST, limit: 'c2-10' });
    const plan = () => planHosts(sources, chosen, REQUEST, targetOf(local), deps);
    const [planned] = await plan();
    if (planned?.state !== 'planned') throw new Error(JSON.stringify(planned));
    const json = JSON.stringify(planned.plan);
    expect(json).toContain('env F0494733_TOKEN');
    expect(json).not.toContain(TOKEN);
    const read = hostPlanSchema.parse(JSON.parse(json));

    const [host] = chosen.hosts;
    if (!host) throw new Error('no host');
    const session = new Session(targetOf(local)(host), {
      ...deps,
      reveal: chosen.reveal,
      digest: chosen.digest,
    });
    const run = 'r-20260102T030405Z-json1';
    const holder = { who: deps.who, run, since: '2026-01-02T03:04:05Z' };
    const applied = await session.apply({ run, holder, host: host.name, changes: changesOf(read) });
    await session.close();
    expect(applied).toMatchObject({ state: 'done', succeeded: changesOf(read).length });
    const [left] = await plan();
    expect(left?.state === 'planned' && left.plan.items.filter(({ state }) => state === 'change')).toEqual(
      [],
    );
    expect(await readFile(`${hosts.host.root}/opt/profile`, 'utf8')).toContain(TOKEN);
  });

  it('compares what hosts are to be with a revision, and asks none', async () => {
    const repository = await makeRepository();
    try {
      const text = await readFile(cluster.file, 'utf8');
      repository.write('inventories/f0494733.yaml', text);
      await repository.commit('as it was');
      repository.write('inventories/f0494733.yaml', `${text}variables: { ntpServer: ntp.example.com }\n`);
      const inventory = join(repository.directory, 'inventories');
      const request = { role: 'c2', tags: ['time'], base: 'main' };
      const { groups, revision } = await planDiff(
        { ...sources, inventory, env: { PATH: process.env.PATH } },
        request,
      );
      expect(revision.name).toBe('main');
      expect(
        groups.map((group) => [
          group.hosts.map(({ name }) => name),
          group.state === 'compared' && group.diff.items.map(({ resource }) => resource),
        ]),
      ).toEqual([[['c2-10', 'c2-11'], ['cron:root:/usr/sbin/ntpdate ']]]);
    } finally {
      rmSync(repository.directory, { recursive: true });
    }
  });

  it('changes nothing where that is not agreed to, and keeps that as a run', async () => {
    const deps = await depsWith();
    const shown: string[] = [];
    const deployed = await deployWith(deps, async (planned) => {
      shown.push(...planned.map((one) => (one.state === 'planned' ? one.plan.host : one.result.host)));
      return false;
    });
    expect(deployed).toMatchObject({ state: 'declined' });
    expect(shown).toEqual(['c2-10', 'c2-11']);
    const [run = ''] = await readdir(deps.runs);
    expect(JSON.parse(await readFile(join(deps.runs, run, 'result.json'), 'utf8'))).toMatchObject({
      state: 'declined',
    });
    expect(await readdir(join(deps.runs, run))).not.toContain('plan.jsonl');
  });

  it('lets go of its hosts and says so in the journal where the question itself goes wrong', async () => {
    const deps = await depsWith();
    let closed = 0;
    const counting: ChangeDeps = {
      ...deps,
      connect: async (...given) => {
        const connection = await deps.connect(...given);
        return {
          exec: (script, payload) => connection.exec(script, payload),
          close: () => {
            closed += 1;
            return connection.close();
          },
        };
      },
    };
    const asked = deployWith(counting, () => Promise.reject(new Error('no terminal')));
    await expect(asked).rejects.toThrow('no terminal');
    expect(closed).toBe(2);
    const [run = ''] = await readdir(deps.runs);
    expect(JSON.parse(await readFile(join(deps.runs, run, 'result.json'), 'utf8'))).toMatchObject({
      state: 'failed',
    });
  });

  it('is interrupted by any signal, which is no defect of a host', async () => {
    const stop = new AbortController();
    const defects: unknown[] = [];
    const deps = await depsWith({
      signal: stop.signal,
      emit: (event) => {
        if (event.type === 'phase' && event.phase === 'connect') stop.abort();
      },
      defect: (error, host) => {
        defects.push(error);
        return { kind: 'defect', what: String(error), where: { host } };
      },
    });
    const planned = await planHosts(sources, roleHosts(sources, REQUEST), REQUEST, targetOf(local), deps);
    expect(planned).toMatchObject([
      { state: 'ended', result: { host: 'c2-10', state: 'stopped' } },
      { state: 'ended', result: { host: 'c2-11', state: 'stopped' } },
    ]);
    expect(defects).toEqual([]);
  });

  it('deploys: a host as it shall be is left alone, and what was agreed to is what is done', async () => {
    const events: RunEvent[] = [];
    const deps = await depsWith({ emit: (event) => void events.push(event) });
    let agreed = 0;
    const deployed = await deployWith(deps, async (planned) => {
      agreed = planned.flatMap((one) => (one.state === 'planned' ? changesOf(one.plan) : [])).length;
      return true;
    });
    expect(stateOf(deployed)).toEqual([
      ['c2-10', 'same'],
      ['c2-11', 'changed'],
    ]);
    const begun = events.filter(({ type }) => type === 'step-begin');
    expect([begun.length, begun.every((event) => 'host' in event && event.host === 'c2-11')]).toEqual([
      agreed,
      true,
    ]);
    expect(events.at(-1)?.type).toBe('run-end');
    expect(JSON.stringify(events)).not.toContain(TOKEN);
  });

  it('ends a host that cannot be reached, or that makes fcops stumble, as its own result', async () => {
    const [, second] = hosts.hosts;
    await second?.ssh.unplug();
    const deps = await depsWith();
    const broken: ChangeDeps = {
      ...deps,
      connect: async (target, ...more) => {
        if (target.name === 'c2-10') throw new TypeError('a mistake of our own');
        return deps.connect({ ...target, connectTimeout: 1 }, ...more);
      },
    };
    const deployed = await deployWith(broken, async () => true);
    await second?.ssh.plug();
    expect(stateOf(deployed)).toEqual([
      ['c2-10', 'failed'],
      ['c2-11', 'unreachable'],
    ]);
    expect(deployed.state === 'ended' && deployed.hosts[0]?.result.problems[0]).toMatchObject({
      kind: 'defect',
      what: 'TypeError: a mistake of our own',
      where: { host: 'c2-10' },
    });
  });
});
