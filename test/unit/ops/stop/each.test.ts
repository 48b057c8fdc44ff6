import { expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import type { RoleHosts, RoleWork } from '../../../../src/ops/role-work.ts';
import { eachStage } from '../../../../src/ops/stop/each.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import type { Paused } from '../../../../src/ops/stop/pause.ts';
import type { Resource } from '../../../../src/resources/resource.ts';
import { SAME } from '../../../../src/resources/resource.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { noTemplates } from '../no-templates.ts';
import { sealingWorker } from '../samples.ts';
import { contextOf, host, sessionOf, workOf } from '../upgrade/support.ts';

const NAMES = ['P1-1', 'P1-2'];
const PORTS = [10_001, 10_002];

/** A miner that lists both workers, idle, and pauses whom it is told to. */
class IdleMiner extends Miner {
  override async says(): Promise<MinerSays> {
    const workers = PORTS.map((port) =>
      sealingWorker({ id: `id${port}`, host: host.name, url: { host: host.address, port } }),
    );
    return { workers: { type: 'understood', value: workers }, jobs: { type: 'understood', value: [] } };
  }
  override async pause(_: unknown, ids: readonly string[]): Promise<Paused> {
    return { type: 'told', did: ids, failed: [] };
  }
}
const cluster = clusterOf(clusterFile());
const never = () => Promise.reject(new Error('nobody asks for it here'));

/** What is said of a host whose workers are restarted as they fall idle, where something breaks on the way. */
const said = async ({
  applied = 'done',
  goneAfter = NAMES,
  look = () => {},
  hasMiner = true,
}: {
  readonly applied?: 'done' | 'failed';
  /** Those that have gone when they were told to end. */
  readonly goneAfter?: readonly string[];
  /** Before each look; it may throw. */
  readonly look?: (time: number) => void;
  /** Without it tasks are given up: nobody tells them. */
  readonly hasMiner?: boolean;
}) => {
  const gone = new Set<string>();
  const stopping = (...names: readonly string[]): RoleWork => {
    const resources = names.map(
      (name): Resource => ({
        ...{ kind: 'stop', id: `stop:${name}`, title: name, asks: [] },
        diff: () =>
          gone.has(name)
            ? SAME
            : {
                state: 'change',
                change: {
                  ...{ action: 'run', details: [] },
                  steps: [
                    {
                      ...{ step: 'stop-process', name, repository: `/${name}`, known: { by: 'argument' } },
                      ...{
                        pid: 7,
                        ticks: 1,
                        beside: [],
                        wait: 1,
                        killAfter: null,
                        leftovers: null,
                        deadline: 9,
                      },
                    },
                  ],
                },
              },
      }),
    );
    return { ...workOf(), tasksOf: () => [{ name: 'stop', tags: [], resources }] };
  };
  let looks = 0;
  const session = sessionOf({
    apply: async ({ changes }) => {
      for (const name of goneAfter) gone.add(name);
      const problems = applied === 'done' ? [] : [{ kind: 'step', what: 'a step failed' } as const];
      return { state: applied, succeeded: applied === 'done' ? changes.length : 0, problems };
    },
  });
  const seen = session.look;
  const one = new DeployHost(host, {
    ...session,
    look: async (tasks) => {
      looks += 1;
      look(looks);
      return seen(tasks);
    },
  });
  const hosts: RoleHosts = {
    ...{ role: 'p1', cluster: { ...cluster, hosts: [] }, hosts: [], reveal: () => '', digest: () => '' },
    ...{ redact: (text: string) => text, given: new GivenSecrets(), renderer: noTemplates },
  };
  const deps = { now: () => 0, after: () => () => {}, emit: () => {}, signal: new AbortController().signal };
  const processes = NAMES.map((name, index) => ({ name, port: PORTS[index] ?? 0 }));
  const workerHosts = async () => [
    { name: host.name, address: host.address, listen: host.listen, processes },
  ];
  const untold = () => {
    throw new Error('there is no miner');
  };
  const context = contextOf({
    miner: new (hasMiner ? IdleMiner : Miner)(hosts, untold, { ...deps, connect: never }),
    ...{ mode: { loseTasks: !hasMiner, drain: 'all', each: true }, workerHosts, pause: async () => {} },
    workOn: async (operation, names) => (operation === 'stop' ? stopping(...names) : workOf()),
  });
  await one.look(stopping(...NAMES));
  const result = await eachStage(context).work(one);
  return result?.problems.map(({ what }) => what);
};

const fails = (at: number) => (time: number) => {
  if (time === at) throw new FcopsError({ kind: 'unseen', what: 'the host could not be looked at' });
};

it('workers that have ended are named where the host cannot be looked at then', async () => {
  const ENDED = 'P1-1, P1-2 were ended, and are not started again';
  // The looks: the plan, before their end, after it, before their start.
  expect(await said({ look: fails(3) })).toEqual(
    expect.arrayContaining(['the host could not be looked at', ENDED]),
  );
  expect(await said({ look: fails(4) })).toEqual(
    expect.arrayContaining(['the host could not be looked at', ENDED]),
  );
  expect(await said({ look: fails(2) })).toEqual(['the host could not be looked at']);
});

it('and those that have where others have not', async () => {
  expect(await said({ applied: 'failed', goneAfter: ['P1-2'] })).toEqual(
    expect.arrayContaining(['a step failed', 'P1-2 was ended, and is not started again']),
  );
  const stays = await said({ applied: 'done', goneAfter: ['P1-2'] });
  expect(stays?.[0]).toMatch(/^stop:P1-1 is still not as required/);
  expect(stays).toContain('P1-2 was ended, and is not started again');
});

it('workers are started anew where there is no miner to pause them, as their tasks were given up', async () => {
  expect(await said({ hasMiner: false })).toEqual([]);
});
