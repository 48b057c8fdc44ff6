import { describe, expect, it } from 'vitest';
import { fcopsCommand } from '../../../src/core/next.ts';
import { factsFile, knownFacts } from '../../../src/inventory/saved-facts.ts';
import { savedFacts as saved } from './saved-facts.ts';
import { clusterFile, clusterOf } from './support.ts';

const host = { name: 'p1-50', address: '192.168.10.50', roles: ['p1'], profile: 'amd-7532' };
const stated = { gpus: [{ address: '0000:41:00.0', busId: 65, numaNode: 3 }] };
const file = factsFile('inventories/f0494733.yaml', 'p1-50');

describe('facts', () => {
  it('are kept beside the inventory', () => {
    expect(file).toBe('inventories/f0494733.facts/p1-50.json');
  });

  it('are known when saved', () => {
    const [p1] = clusterOf(clusterFile({ hosts: [host] }), { [file]: JSON.stringify(saved, null, 2) }).hosts;
    expect(p1 && knownFacts(p1)).toEqual(saved);
  });

  it('stated by hand win over saved and observed ones, and observed over saved', () => {
    const hosts = [{ ...host, facts: stated }];
    const [p1] = clusterOf(clusterFile({ hosts }), { [file]: JSON.stringify(saved) }).hosts;
    const observed = { ...saved, memoryKib: 1, gpus: [] };
    expect(p1 && knownFacts(p1)).toEqual({ ...saved, ...stated });
    expect(p1 && knownFacts(p1, observed)).toEqual({ ...observed, ...stated });
  });

  it('that are broken leave the cluster readable, for the command that saves them anew', () => {
    const [p1] = clusterOf(clusterFile({ hosts: [{ ...host, facts: stated }] }), { [file]: '{}' }).hosts;
    expect(p1 && knownFacts(p1)).toEqual(stated);
    expect(p1?.savedFactsProblem).toMatchObject({
      where: { file },
      next: [fcopsCommand(['facts', 'p1-50', '--save'])],
    });
  });

  it('are only the stated ones where nothing was saved or observed', () => {
    const [p1] = clusterOf(clusterFile({ hosts: [{ ...host, facts: stated }] })).hosts;
    expect(p1 && knownFacts(p1)).toEqual(stated);
  });
});
