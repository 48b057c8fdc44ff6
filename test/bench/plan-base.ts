/**
 * How long a comparison with a revision takes, and what of that goes beyond reading and solving: a cluster of a thousand
 * hosts of which everything changes. `node --import ./test/typescript.mjs test/bench/plan-base.ts [HOSTS]`
 */

import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { PLAIN_WORDS } from '../../src/cli/text/words.ts';
import { planDiffDocument } from '../../src/cli/views/plan-diff-document.ts';
import { planDiffMarkdown } from '../../src/cli/views/plan-diff-markdown.ts';
import { planDiffText } from '../../src/cli/views/plan-diff-text.ts';
import { inventoryText, madeUpCluster, madeUpDiff } from '../support/plan-comment.ts';
import { makeRepository } from '../support/repository.ts';

const fcops = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
const hosts = Number(process.argv[2] ?? 1000);
const OTHER = { more: 'variables: { ntpServer: ntp.example.com, environment: { RUST_LOG: debug } }\n' };

const lap = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
  const begun = performance.now();
  const value = await work();
  console.log(`  ${name.padEnd(52)} ${((performance.now() - begun) / 1000).toFixed(2).padStart(6)} s`);
  return value;
};

console.log(`\n${hosts} hosts, each changed, within one process`);
await madeUpDiff(madeUpCluster(1), madeUpCluster(1, OTHER));
const before = await lap('read what was', () => madeUpCluster(hosts));
const after = await lap('read what is', () => madeUpCluster(hosts, OTHER));
const found = await lap('solve and compare', () => madeUpDiff(before, after));
const document = await lap('document', () => planDiffDocument(found, PLAIN_WORDS));
await lap('text', () => planDiffText(document, { colour: false, width: 100, full: false }));
await lap('Markdown', () => planDiffMarkdown(document));

const repository = await makeRepository();
try {
  repository.write('inventories/f0494733.yaml', inventoryText(hosts));
  await repository.commit('before');
  repository.write('inventories/f0494733.yaml', inventoryText(hosts, OTHER));
  console.log('\nThe whole command (npm run build first); under 2 s, under 200 MB');
  await lap('fcops plan all --base main', () =>
    execa(process.execPath, [fcops, 'plan', 'all', '--base', 'main'], { cwd: repository.directory }),
  );
  const { stderr } = await execa(
    '/usr/bin/time',
    ['-f', '%M', process.execPath, fcops, 'plan', 'all', '--base', 'main'],
    {
      cwd: repository.directory,
    },
  );
  console.log(`  ${'memory'.padEnd(52)} ${(Number(stderr) / 1024).toFixed(0).padStart(6)} MiB`);
} finally {
  rmSync(repository.directory, { recursive: true, force: true });
}
