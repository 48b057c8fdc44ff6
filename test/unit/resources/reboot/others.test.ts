import { expect, it } from 'vitest';
import { othersIn } from '../../../../src/resources/reboot/others.ts';

const OWN = { repositories: new Set(['/opt/worker-1c2']), pids: new Set(['7']) };

it('what is at work besides its own is told, each with its process', () => {
  const output = 'worker\t5\t/opt/worker-1c2\nworker\t6\t/opt/worker-9c2\nminer\t7\tlotus-miner\nover\n';
  expect(othersIn(output, OWN)).toEqual(['the worker of /opt/worker-9c2, process 6']);
});

it.each([
  ['broke off', 'worker\t5\t/opt/worker-1c2\n'],
  ['is empty', ''],
  ['has an error of the shell in it', 'bash: fork: Cannot allocate memory\nover\n'],
])('nothing is known from an answer that %s', (_, output) => {
  expect(othersIn(output, OWN)).toBeNull();
});
