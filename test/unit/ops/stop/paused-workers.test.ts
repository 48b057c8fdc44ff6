import { describe, expect, it } from 'vitest';
import { sayNext } from '../../../../src/core/next.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import type { Paused } from '../../../../src/ops/stop/pause.ts';
import { pauseListed, resumeWorkers, stayPaused } from '../../../../src/ops/stop/paused-workers.ts';
import { sealingWorker } from '../samples.ts';
import { contextOf, host, hosts, sessionOf } from '../upgrade/support.ts';
import { portOf } from './worker-process.ts';

const NAMES = ['P1-1', 'P1-2', 'P1-3'];
const { name, address, listen } = host;
const OWN = {
  ...{ name, address, listen },
  processes: NAMES.map((process) => ({ name: process, port: portOf(process) })),
};

/** A miner on which somebody has paused workers for some kinds of tasks; what it is told afterwards. */
const pausing = (kinds: Readonly<Record<string, readonly string[]>>, fails: readonly string[] = []) => {
  const told: string[] = [];
  let isNone = false;
  let all = kinds;
  class ToldMiner extends Miner {
    override readonly host = host;
    override async pause(command: string, ids: readonly string[], kind = 'all'): Promise<Paused> {
      if (isNone && command === 'worker-pause') return { type: 'none', why: 'no such command' };
      if (ids.length > 0) told.push(`${command} ${kind} ${ids.join()}`);
      const failed = ids.filter((id) => fails.includes(`${id} ${kind}`));
      return {
        type: 'told',
        did: ids.filter((id) => !failed.includes(id)),
        failed: failed.map((id) => ({ id, why: 'it failed' })),
      };
    }
  }
  const untold = () => {
    throw new Error('nobody asks for it here');
  };
  const deps = { now: () => 0, after: () => () => {}, emit: () => {}, connect: untold };
  const { signal } = new AbortController();
  const says = (): MinerSays => ({
    workers: {
      type: 'understood',
      value: NAMES.map((id) =>
        sealingWorker({ id, host: name, url: { host: address, port: portOf(id) }, paused: all[id] ?? [] }),
      ),
    },
    jobs: { type: 'understood', value: [] },
  });
  const context = contextOf({
    miner: new ToldMiner({ ...hosts, cluster: { ...hosts.cluster, hosts: [] } }, untold, { ...deps, signal }),
    workerHosts: async () => [OWN],
  });
  const one = new DeployHost(host, sessionOf({}));
  return {
    told,
    pause: () => pauseListed(one, { names: NAMES, says: says(), isSame: true }, context),
    /** From now on these are paused, and no other can be. */
    none: (paused: readonly string[]) => {
      isNone = true;
      all = Object.fromEntries(paused.map((id) => [id, ['all']]));
    },
    resume: () => resumeWorkers(one, context),
    stay: () => stayPaused(one, context),
  };
};

it('workers that are paused get tasks again where another of them cannot be', async () => {
  const { told, pause, resume, none } = pausing({});
  await pause();
  told.splice(0);
  none(['P1-1', 'P1-2']);
  const result = await pause();
  expect(result?.problems.map(({ what }) => what)).toEqual([
    'nothing was stopped: this lotus-miner cannot keep workers from new tasks (worker-pause)',
  ]);
  expect(told).toEqual(['worker-resume all P1-1,P1-2']);
  expect(await resume()).toEqual([]);
});

describe('a worker that somebody has paused', () => {
  it('for some kinds of tasks is paused for all of them, and for those alone when it goes no further', async () => {
    const { told, pause, resume } = pausing({ 'P1-1': ['ap', 'fin'], 'P1-2': ['all'] });
    expect(await pause()).toBeNull();
    expect(told.splice(0)).toEqual(['worker-pause all P1-1,P1-3']);
    // It is told once, whatever the miner calls that.
    expect(await pause()).toBeNull();
    expect(told.splice(0)).toEqual(['worker-pause all P1-3']);
    expect(await resume()).toEqual([]);
    expect(told).toEqual(['worker-resume all P1-1,P1-3', 'worker-pause ap P1-1', 'worker-pause fin P1-1']);
  });

  it('for some kinds of tasks is told with them where it stays paused for all', async () => {
    const { pause, stay } = pausing({ 'P1-1': ['ap', 'fin'] });
    await pause();
    const next = stay().map((one) => sayNext(one.next ?? []));
    expect(next).toEqual([
      expect.stringMatching(
        /worker-resume --uuid P1-3 .*; then, as somebody had paused it before: lotus-miner worker-pause --tt ap --uuid P1-1; lotus-miner worker-pause --tt fin --uuid P1-1; or run the same again/,
      ),
    ]);
  });

  it('is told where it gets those tasks again', async () => {
    const { pause, resume } = pausing({ 'P1-1': ['fin'] }, ['P1-1 fin']);
    await pause();
    expect((await resume()).map(({ what }) => what)).toEqual([
      'somebody had paused P1-1 for fin at the miner, and it gets these tasks again',
    ]);
  });
});
