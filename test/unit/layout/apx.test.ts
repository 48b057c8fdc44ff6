import { describe, expect, it } from 'vitest';
import { edit } from '../../../src/core/next.ts';
import { solveApx } from '../../../src/layout/apx.ts';
import { compareTopology } from '../../../src/layout/compare.ts';
import { factsFor, problemsOf, shipped } from './shipped.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');

describe('the layout of a machine that runs APx alone', () => {
  it("has the handbook's port and limits (2.2.6.3)", () => {
    expect(solveApx(amd7532, '64GiB')).toMatchObject({ kind: 'apx', port: 11000, maxSealing: 30 });
    expect(solveApx(amd7532, '32GiB')).toMatchObject({ maxSealing: 52 });
  });

  it('takes what the profile says of APx alone over what it says of P1', () => {
    const apx = { maxSealing: { '64GiB': 60 } };
    expect(solveApx({ ...amd7532, apx }, '64GiB').maxSealing).toBe(60);
    expect(solveApx({ ...intel4216, apx }, '64GiB').maxSealing).toBe(60);
    expect(problemsOf(() => solveApx({ ...amd7532, apx }, '32GiB'))[0]).toMatchObject({
      what: 'profile amd-7532 does not say how many 32GiB sectors APx takes on',
      why: 'apx.maxSealing has no 32GiB',
    });
  });

  it('is refused where the profile says neither', () => {
    expect(problemsOf(() => solveApx(intel4216, '64GiB'))).toEqual([
      {
        kind: 'layout',
        what: 'profile intel-4216 does not say how many 64GiB sectors APx takes on',
        why: 'it has neither an apx nor a p1 section',
        next: [edit('add apx with maxSealing for this sector size to the profile')],
      },
    ]);
  });
});

describe('a machine of APx alone', () => {
  const layout = solveApx(amd7532, '64GiB');
  const good = factsFor(amd7532);

  it('may have other GPUs, NUMA nodes, hyper-threading and cores: none of them is its concern', () => {
    const cpu = { ...good.cpu, threadsPerCore: 2, count: 128 };
    const other = { ...good, cpu, gpus: [], numaNodes: good.numaNodes.slice(0, 1), l3Groups: [] };
    expect(compareTopology(amd7532, other, layout)).toEqual([]);
  });

  it('is told of another CPU and of missing memory', () => {
    const other = { ...good, cpu: { ...good.cpu, model: 'Intel' }, memoryKib: 1024 ** 3 };
    expect(compareTopology(amd7532, other, layout)).toMatchObject([
      { what: 'CPU model: the machine has "Intel", profile amd-7532 says "EPYC 7532"' },
      { what: 'memory: the machine has 1024.0 GiB, profile amd-7532 says 2048 GiB' },
    ]);
  });
});
