import { describe, expect, it, vi } from 'vitest';
import { describeSource, knownSums } from '../../../../src/ops/artifacts/known-sums.ts';
import type { Published } from '../../../../src/ops/artifacts/published-sums.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const cluster = {
  file: 'inventories/f0494733.yaml',
  artifacts: { url: 'http://a.example.com/x', sha256: { 'lotus-1.tar.gz': A } },
};
const saying = (published: Published) => vi.fn(async () => published);
const nobody = saying({ type: 'unknown', why: 'p1-1: not reachable' });

describe('knownSums', () => {
  it('takes those of the inventory, and asks nobody', async () => {
    const ask = saying({ type: 'none' });
    expect(await knownSums(cluster, ['lotus-1.tar.gz'], { ask })).toEqual({
      ok: true,
      value: new Map([['lotus-1.tar.gz', { sha256: A, from: 'inventory' }]]),
    });
    expect(ask).not.toHaveBeenCalled();
  });

  it('takes what the server publishes for the others, asked once', async () => {
    const ask = saying({
      type: 'sums',
      sums: new Map([
        ['lotus-2.tar.gz', B],
        ['lotus-3.tar.gz', 'several'],
        ['lotus-1.tar.gz', B],
      ]),
    });
    const archives = ['lotus-1.tar.gz', 'lotus-2.tar.gz', 'lotus-2.tar.gz'];
    const known = await knownSums(cluster, archives, { ask });
    expect(known.ok && Object.fromEntries(known.value)).toEqual({
      'lotus-1.tar.gz': { sha256: A, from: 'inventory' },
      'lotus-2.tar.gz': { sha256: B, from: 'server' },
    });
    expect(ask).toHaveBeenCalledTimes(1);
    expect(await knownSums(cluster, ['lotus-3.tar.gz', 'lotus-4.tar.gz'], { ask })).toMatchObject({
      ok: false,
      error: [
        { why: expect.stringContaining('has two sums of it that differ') },
        { why: expect.stringContaining('http://a.example.com/x/SHA256SUMS does not name it') },
      ],
    });
  });

  it('takes a given one, unless the inventory has another', async () => {
    const given = await knownSums(cluster, ['lotus-2.tar.gz'], { given: B.toUpperCase(), ask: nobody });
    expect(given).toEqual({
      ok: true,
      value: new Map([['lotus-2.tar.gz', { sha256: B, from: 'command line' }]]),
    });
    const refused = [
      [['lotus-1.tar.gz'], B, '--sha256 is another sum of lotus-1.tar.gz than artifacts.sha256 has'],
      [['lotus-1.tar.gz', 'lotus-2.tar.gz'], B, /^--sha256 is of one archive, and this takes 2/],
      [['lotus-2.tar.gz'], 'abc', '--sha256 is no sha256: it has 64 hexadecimal digits'],
    ] as const;
    for (const [archives, sum, what] of refused)
      expect(await knownSums(cluster, archives, { given: sum, ask: nobody })).toMatchObject({
        ok: false,
        error: [{ kind: 'usage', what: expect.stringMatching(what) }],
      });
  });

  it('names the command that works one out, where none is known', async () => {
    const known = await knownSums(cluster, ['lotus-2.tar.gz'], { ask: saying({ type: 'none' }) });
    expect(known.ok ? [] : known.error[0]?.next?.[0]).toMatchObject({
      type: 'fcops',
      words: ['artifacts', 'hash', 'lotus-2.tar.gz', '--write'],
    });
  });

  it('says why none is known', async () => {
    const whyOf = async (ask: () => Promise<Published>) => {
      const known = await knownSums(cluster, ['lotus-2.tar.gz'], { ask });
      return known.ok ? null : known.error[0]?.why;
    };
    expect(await whyOf(nobody)).toMatch(/SHA256SUMS was not read: p1-1: not reachable$/);
    expect(await whyOf(saying({ type: 'none' }))).toMatch(
      /and there is no http:\/\/a.example.com\/x\/SHA256SUMS$/,
    );
  });
});

it('where a sum is from can be told', () => {
  const from = (['command line', 'inventory', 'server'] as const).map((one) =>
    describeSource({ sha256: A, from: one }, cluster),
  );
  expect(from).toEqual([
    '--sha256',
    'artifacts.sha256 of the inventory',
    'http://a.example.com/x/SHA256SUMS',
  ]);
});
