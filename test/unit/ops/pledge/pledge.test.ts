import { describe, expect, it } from 'vitest';
import { digestBy } from '../../../../src/core/content.ts';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { AskedCluster } from '../../../../src/ops/at-miner/asked.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { type PledgeEvent, pledgeChanges, pledgeSectors } from '../../../../src/ops/pledge/pledge.ts';
import type { Connection, Exit, Running, Target } from '../../../../src/transport/connection.ts';
import { clusterFile, clusterOf } from '../../inventory/support.ts';
import { noTemplates } from '../no-templates.ts';

const cluster = clusterOf(clusterFile());
const [host] = cluster.hosts;
if (!host) throw new Error('the sample cluster has no host');
const target: Target = {
  name: host.name,
  address: host.address,
  port: 22,
  user: 'root',
  privateKeys: [],
  knownHosts: '',
  connectTimeout: 1,
  proxyJump: [],
};
const reveal = () => '';
const asked: AskedCluster = {
  hosts: {
    role: 'all',
    cluster,
    hosts: cluster.hosts,
    reveal,
    digest: digestBy(reveal),
    redact: (text) => text.replaceAll('hunter2hunter2', '***'),
    given: new GivenSecrets(),
    renderer: noTemplates,
  },
  cluster,
  minerHost: host,
  chosen: null,
  workerHosts: [],
};

const made = (step: number, line = `pledged ${1040 + step}`) =>
  `begin\t${step}\t${step}\nout\t${step}\t${line}\nend\t${step}\t${step}.5\t0\n`;

/** What the host says over one connection after the other; the last of them is lost or not. */
const pledge = async (journals: readonly string[], { sectors = 3, lost = true, status = 0 } = {}) => {
  const left = [...journals];
  const scripts: string[] = [];
  const events: PledgeEvent[] = [];
  const exec = (script: string): Running => {
    scripts.push(script);
    const text = left.shift() ?? '';
    const isLost = lost || left.length > 0;
    const exit: Exit = { status: isLost ? null : status, signal: null, lost: isLost, stderr: '' };
    return {
      stdout: (async function* () {
        yield Buffer.from(text);
      })(),
      exit: Promise.resolve(exit),
    };
  };
  const connection: Connection = { exec, close: async () => {} };
  const result = await pledgeSectors(
    asked,
    sectors,
    () => target,
    {
      connect: async () => {
        if (left.length === 0) throw new FcopsError({ kind: 'connect', what: 'no way in' });
        return connection;
      },
      now: () => 0,
      date: () => new Date('2026-11-29T20:15:00.000Z'),
      random: () => 0.5,
      after: (_, callback) => {
        const timer = setTimeout(callback, 0);
        return () => clearTimeout(timer);
      },
      signal: new AbortController().signal,
      who: 'alice@ops1',
    },
    (event) => events.push(event),
  );
  return { result, events, scripts };
};

describe('a pledge', () => {
  it('is done where every sector has said so, with its numbers', async () => {
    const { result, events } = await pledge([`${made(1)}${made(2, 'pledged')}${made(3)}done\t0\n`], {
      lost: false,
    });
    expect(result).toEqual({
      state: 'done',
      asked: 3,
      made: 3,
      sectors: [1041, 1043],
      unknown: 0,
      problems: [],
    });
    expect(events).toContainEqual({ type: 'pledged', made: 2, asked: 3, sector: null });
  });

  it('is read on over another connection, and begun over none but the first', async () => {
    const { result, scripts } = await pledge([made(1), `${made(2)}${made(3)}done\t0\n`]);
    expect(result).toMatchObject({ state: 'done', made: 3, sectors: [1041, 1042, 1043] });
    expect(scripts.filter((script) => script.includes('FCOPS_SUM='))).toHaveLength(1);
    expect(scripts[1]).toContain('FCOPS_FROM=');
  });

  it('that nobody can follow any more goes on: the others are not known', async () => {
    const { result } = await pledge([made(1)]);
    expect(result).toMatchObject({ state: 'lost', made: 1, sectors: [1041], unknown: 2 });
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({
      what: `1 of 3 sectors was pledged when the connection to ${host.name} was lost; the other 2 are pledged there without it`,
      next: [{ words: ['pledge', '1', '--dry-run', '--miner', cluster.miner] }, { type: 'again' }],
    });
  });

  it('ends at the first that fails; secrets in what it says are masked', async () => {
    const failed = [
      'begin\t2\t2',
      'out\t2\tbecause:',
      'out\t2\tlotus-miner pledged no sector',
      'out\t2\ttoo many sectors sealing hunter2hunter2',
      'end\t2\t3\t1',
      'skipped\t3\t2',
      'over\t3',
    ];
    const { result } = await pledge([`${made(1)}${failed.join('\n')}\n`], { lost: false });
    expect(result).toMatchObject({ state: 'failed', made: 1, unknown: 0 });
    expect(result.problems).toMatchObject([
      {
        what: '1 of 3 sectors was pledged, then: lotus-miner pledged no sector',
        why: 'too many sectors sealing ***',
      },
    ]);
  });

  it('knows of one sector nothing where its runner was killed in the middle', async () => {
    const { result } = await pledge([`${made(1)}begin\t2\t2\n`], { lost: false });
    expect(result).toMatchObject({ state: 'failed', made: 1, unknown: 1 });
  });

  it('knows nothing of any where the host has never been heard of again', async () => {
    const { result } = await pledge(['', '', '', '', '', '', '', ''], { lost: false, status: 77 });
    expect(result).toMatchObject({ state: 'lost', made: 0, unknown: 3 });
    const silent = await pledge([''], { lost: false, status: 1 });
    expect(silent.result).toMatchObject({ state: 'failed', made: 0, unknown: 3 });
  });

  it('is one change a sector, each begun only where the one before was made', () => {
    const changes = pledgeChanges(3);
    expect(changes.map(({ resource, after }) => [resource, after])).toEqual([
      ['pledge:1', undefined],
      ['pledge:2', ['pledge:1']],
      ['pledge:3', ['pledge:2']],
    ]);
  });
});
