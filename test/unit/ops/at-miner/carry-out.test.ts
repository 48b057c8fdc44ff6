import { describe, expect, it } from 'vitest';
import { digestBy } from '../../../../src/core/content.ts';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { AskedCluster } from '../../../../src/ops/at-miner/asked.ts';
import { carryOut } from '../../../../src/ops/at-miner/carry-out.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { sectorChanges } from '../../../../src/ops/sectors/batch.ts';
import type { Connection, Exit, Running } from '../../../../src/transport/connection.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { noTemplates } from '../no-templates.ts';

const cluster = clusterOf(clusterFile());
const [host] = cluster.hosts;
if (!host) throw new Error('the sample cluster has no host');
const target = {
  ...{ name: host.name, address: host.address, port: 22, user: 'root', privateKeys: [] },
  ...{ knownHosts: '', connectTimeout: 1, proxyJump: [] },
};
const reveal = () => '';
const asked: AskedCluster = {
  hosts: {
    ...{ role: 'all', cluster, hosts: cluster.hosts, reveal, digest: digestBy(reveal) },
    redact: (text) => text.replaceAll('hunter2hunter2', '***'),
    given: new GivenSecrets(),
    renderer: noTemplates,
  },
  ...{ cluster, minerHost: host, chosen: null, workerHosts: [] },
};
const known = {
  ...{ age: 3600, says: null, onChain: false, preCommit: null, commit: null, deals: 0, untold: null },
  ...{ to: 'Removed', lastEvent: 4, spent: null, done: [], refusal: null },
};
const chosen = [8, 9, 10].map((number) => ({ ...known, number, state: 'SealPreCommit1Failed' }));

const step = (number: number, status: number, ...lines: string[]) =>
  [
    `begin\t${number}\t1`,
    ...lines.map((line) => `out\t${number}\t${line}`),
    `end\t${number}\t2\t${status}`,
    '',
  ].join('\n');

/** What the host says over one connection after the other; the last of them is lost or not. */
const carried = async (journals: readonly string[], { lost = false } = {}) => {
  const left = [...journals];
  const exec = (): Running => {
    const text = left.shift() ?? '';
    const isLost = lost || left.length > 0;
    const exit: Exit = { status: isLost ? null : 0, signal: null, lost: isLost, stderr: '' };
    return {
      stdout: (async function* () {
        yield Buffer.from(text);
      })(),
      exit: Promise.resolve(exit),
    };
  };
  const connection: Connection = { exec, close: async () => {} };
  return carryOut(
    asked,
    sectorChanges({ action: 'discard', chosen }),
    () => target,
    {
      connect: async () => {
        if (left.length === 0) throw new FcopsError({ kind: 'connect', what: 'no way in' });
        return connection;
      },
      now: () => 0,
      date: () => new Date('2026-11-30T00:15:00.000Z'),
      random: () => 0.5,
      after: (_, callback) => {
        const timer = setTimeout(callback, 0);
        return () => clearTimeout(timer);
      },
      signal: new AbortController().signal,
      who: 'alice@ops1',
    },
    () => {},
  );
};

describe('what lotus-miner is told, one thing after the other', () => {
  it('was asked where the step says so, and only then', async () => {
    const { came, problems } = await carried([
      `${step(1, 0, 'asked')}${step(2, 0)}${step(3, 1, 'because:', 'not done', 'why hunter2hunter2')}over\t3\n`,
    ]);
    expect(came).toEqual([
      { type: 'asked', why: null },
      { type: 'unknown', why: 'it printed nothing' },
      { type: 'refused', why: 'not done: why ***' },
    ]);
    expect(problems).toEqual([]);
  });

  it('is not known where its answer was lost, or the step was ended', async () => {
    const { came } = await carried([
      `${step(1, 1, 'not known', 'because:', 'whether it took it is not known')}begin\t2\t1\nlate\t2\t120\nend\t2\t2\t124\nbegin\t3\t1\n`,
    ]);
    expect(came.map(({ type }) => type)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('was not begun where the host is held by another, and may be done where it is heard of no more', async () => {
    const locked = await carried(['locked\t0\talice@ops1\tr-1\t2026-11-30T00:00:00Z\n']);
    expect(locked.came.map(({ type }) => type)).toEqual(['not begun', 'not begun', 'not begun']);
    expect(locked.problems).toMatchObject([{ kind: 'locked' }]);
    const lost = await carried([step(1, 0, 'asked')], { lost: true });
    expect(lost.came.map(({ type }) => type)).toEqual(['asked', 'unknown', 'unknown']);
    expect(lost.problems).toMatchObject([{ kind: 'lost' }]);
    const stopped = await carried([`${step(1, 0, 'asked')}stopped\t2\n`]);
    expect(stopped).toMatchObject({
      ...{ isStopped: true },
      came: [{ type: 'asked' }, { type: 'not begun' }, { type: 'not begun' }],
    });
    const failedFirst = await carried([`${step(1, 1, 'because:', 'no')}stopped\t2\n`]);
    expect(failedFirst).toMatchObject({
      isStopped: true,
      came: [{ type: 'refused' }, {}, { type: 'not begun' }],
    });
  });
});
