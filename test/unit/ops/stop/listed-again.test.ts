import { describe, expect, it } from 'vitest';
import type { MinerSays } from '../../../../src/ops/miner-says.ts';
import { BACK, comingBack, listedAgain } from '../../../../src/ops/stop/listed-again.ts';
import { Miner } from '../../../../src/ops/stop/miner.ts';
import { sealingWorker } from '../samples.ts';
import { host, hosts } from '../upgrade/support.ts';

/** Who comes back to a miner that was started anew, before the hosts after it are looked at. */

const { name, address, listen } = host;
const PORTS = [10_001, 10_002];
const processes = PORTS.map((port) => ({ name: `P1-${port - 10_000}`, port }));
const SILENT = { type: 'not reachable', why: 'it gave no answer' } as const;

const untold = () => {
  throw new Error('nobody asks for it here');
};

/** A miner that lists workers by their ports, from when on in seconds; null: it does not answer. */
const course = (...said: readonly (readonly [at: number, ports: readonly number[] | null])[]) => {
  let now = 0;
  class SaidMiner extends Miner {
    override async says(): Promise<MinerSays> {
      const ports = said.findLast(([at]) => at <= now / 1000)?.[1] ?? null;
      if (ports === null) return { workers: SILENT, jobs: SILENT };
      const value = ports.map((port) =>
        sealingWorker({ id: `id${port}`, host: name, url: { host: address, port } }),
      );
      return { workers: { type: 'understood', value }, jobs: { type: 'understood', value: [] } };
    }
  }
  const { signal } = new AbortController();
  const told: string[] = [];
  const deps = { now: () => now, after: () => () => {}, signal, connect: untold };
  const emit = (event: { readonly type: string }) => told.push(event.type);
  const miner = new SaidMiner({ ...hosts, cluster: { ...hosts.cluster, hosts: [] } }, untold, {
    ...deps,
    emit,
  });
  return {
    ...{ ...deps, emit, miner, told },
    workerHosts: async () => [{ name, address, listen, processes }],
    pause: async (ms: number) => {
      now += ms;
    },
  };
};

describe('workers of a miner', () => {
  it('that goes on as before are waited for by nobody, listed or not', async () => {
    const context = course([0, []]);
    await listedAgain(context)(host);
    expect([context.now(), context.told, await comingBack(host, context)]).toEqual([0, [], new Set()]);
  });

  it('that was started anew have the time to be there again', async () => {
    const context = course([0, null], [5, [10_001]], [20, PORTS]);
    context.miner.isEnded();
    await listedAgain(context)(host);
    expect([context.now(), context.told]).toEqual([21_000, ['waits']]);
  });

  it('and no more than that, once for all hosts; who is at a task comes back with its end', async () => {
    const context = course([0, [10_001]]);
    context.miner.isEnded();
    const again = listedAgain(context);
    await again(host);
    await again(host);
    expect(context.now()).toBe(BACK);
    expect(await comingBack(host, context)).toEqual(new Set(['P1-1', 'P1-2']));
  });

  it('that does not answer come back as far as nobody can tell', async () => {
    const context = course([0, null]);
    context.miner.isEnded();
    expect(await comingBack(host, context)).toEqual(new Set());
  });
});
