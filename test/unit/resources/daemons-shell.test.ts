import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const shell = fileURLToPath(new URL('../../../src/resources/process/daemons.sh', import.meta.url));

it('a process that ends while daemons are looked for breaks off no look', () => {
  // It was listed, and has no words any more.
  const script = `set -u; source ${shell}; grep() { echo "$0.none/cmdline"; echo /dev/null; }
workers=(); fcops_find_daemons lotus daemon repo LOTUS_PATH .lotus /opt/lotus; echo "\${#workers[@]} and on"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['0 and on\n', '']);
});
