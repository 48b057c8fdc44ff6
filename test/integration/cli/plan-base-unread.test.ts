import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planDiffDocumentSchema } from '../../../src/cli/views/plan-diff-document.ts';
import { fcops } from '../../support/fcops.ts';
import { inventoryText } from '../../support/plan-comment.ts';
import type { Repository } from '../../support/repository.ts';
import { makeRepository } from '../../support/repository.ts';

const A = 'inventories/f0494733.yaml';
const B = 'inventories/f01021773.yaml';
/** Right as they are now; that of A is wrong in the revision. */
const ofA = inventoryText(2);
const ofB = inventoryText(1)
  .replaceAll('f0494733', 'f01021773')
  .replaceAll('10.0.', '10.8.')
  .replaceAll('10.1.', '10.9.')
  .replace('name: p1-1,', 'name: p1-70,');

let repository: Repository;
const plan = (...words: readonly string[]) =>
  fcops(['plan', ...words, ...(words.includes('--base') ? [] : ['--base', 'main'])], {
    cwd: repository.directory,
    env: { PATH: process.env.PATH ?? '' },
  });
const planned = async (...words: readonly string[]) => {
  const { stdout, stderr, exitCode } = await plan(...words, '--output', 'json', '--detailed-exitcode');
  expect(stderr).toBe('');
  return { exitCode, ...planDiffDocumentSchema.parse(JSON.parse(stdout)) };
};

beforeAll(async () => {
  repository = await makeRepository();
  repository.write(A, ofA.replaceAll('profile: amd-7532', 'profile: amd-9999'));
  repository.write(B, ofB);
  await repository.commit('wrong');
});
afterEach(async () => {
  await repository.git('reset', '--quiet', '--hard', 'main');
  await repository.git('clean', '--quiet', '--force');
});
afterAll(() => rmSync(repository.directory, { recursive: true, force: true }));

describe('fcops plan --base, of a cluster that the revision is wrong about', () => {
  it('is one more that changes where the cluster is gone: nobody knows its hosts', async () => {
    repository.remove(A);
    const { stdout, exitCode } = await plan('all', '--miner', 'f0494733', '--detailed-exitcode');
    expect(stdout).toMatch(/\? f0494733 {2}what changes is not known: in main there is a mistake\n/);
    expect(stdout).toContain('\nPlan: 1 cluster of which it is not known what changes\n');
    expect(exitCode).toBe(2);
    const { counts, verdict } = await planned('all', '--miner', 'all');
    expect(counts).toMatchObject({ hosts: 3, same: 3, unread: 0, unreadClusters: 1 });
    expect(verdict).toBe('changes');
  });

  it('is told once where it has two files there', async () => {
    await repository.git('checkout', '--quiet', '-b', 'two');
    repository.write(A.replace('.yaml', '.yml'), ofA);
    await repository.commit('two files');
    repository.remove(A);
    repository.remove(A.replace('.yaml', '.yml'));
    const { groups, counts } = await planned('all', '--miner', 'f0494733', '--base', 'two');
    expect(groups).toMatchObject([
      { state: 'unread', problems: [{ what: expect.stringContaining('has two files') }, {}] },
    ]);
    expect(counts.unreadClusters).toBe(1);
    await repository.git('checkout', '--quiet', '--force', 'main');
  });

  it('is left out where it has hosts and none of them is meant', async () => {
    repository.write(A, ofA);
    for (const words of [
      ['p1', '--limit', 'p1-70'],
      ['all', '--limit', '10.8.0.11'],
    ]) {
      const { counts, groups, exitCode } = await planned(...words, '--miner', 'all');
      expect(counts).toMatchObject({ hosts: 1, same: 1, unreadClusters: 0 });
      expect(groups).toEqual([]);
      expect(exitCode).toBe(0);
    }
    const some = await planned('p1', '--miner', 'all', '--limit', 'p1-2');
    expect(some.groups).toMatchObject([{ miner: 'f0494733', hosts: [{ host: 'p1-2' }], state: 'unread' }]);
    expect(some.exitCode).toBe(2);
  });

  it('is told where it is gone, whatever is meant: its hosts may be', async () => {
    repository.remove(A);
    const { counts } = await planned('p1', '--miner', 'all', '--limit', 'p1-70');
    expect(counts).toMatchObject({ hosts: 1, same: 1, unreadClusters: 1 });
  });

  it('says of hosts that cannot be worked out now either no more than that', async () => {
    repository.write(A, ofA);
    repository.write('templates/p1/worker-p2/start_p2.sh.hbs', '{{nonsense}}');
    const { counts, groups } = await planned('p1', '--miner', 'f0494733', '--templates', 'templates');
    expect(groups).toMatchObject([{ state: 'failed' }]);
    expect(counts).toMatchObject({ failed: 2, unread: 0, unreadClusters: 0 });
  });

  it('is told of hosts too that it had by its text and that are of another cluster now', async () => {
    const host = (name: string, address: string) =>
      `  - { name: ${name}, address: ${address}, roles: [p1], profile: amd-7532 }\n`;
    repository.write(A, ofA.replace(host('p1-2', '10.0.0.12'), ''));
    // The address of the last one only begins as others of that text do.
    repository.write(B, `${ofB}${host('p1-2', '10.0.0.12')}${host('p1-72', '10.0.0.1')}`);
    const { groups, counts } = await planned('p1', '--miner', 'all');
    const file = 'main:inventories/f0494733.yaml';
    expect(groups).toMatchObject([
      { miner: 'f01021773', state: 'unread', hosts: [{ host: 'p1-2' }], problems: [{ where: { file } }] },
      { miner: 'f01021773', state: 'new', hosts: [{ host: 'p1-72' }] },
      { miner: 'f0494733', state: 'unread', hosts: [{ host: 'p1-1' }], problems: [{ where: { file } }] },
    ]);
    expect(counts).toMatchObject({ unread: 2, new: 1, same: 1, unreadClusters: 0 });
  });
});
