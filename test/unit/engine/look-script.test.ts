import { describe, expect, it } from 'vitest';
import { lookScript } from '../../../src/engine/look-script.ts';
import { miner } from '../../../src/roles/miner.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { processTask, requirementTask } from '../../../src/roles/processes.ts';
import { shipped } from '../layout/shipped.ts';
import { contextOf, minerContext } from '../roles/support.ts';

it('the look at a miner fits one packet of SSH, too', () => {
  const context = minerContext(shipped('amd-7532'));
  const processes = miner.processes(context);
  const tasks = [
    ...miner.tasks(context),
    requirementTask(processes),
    processTask('miner', context.host, processes, false),
  ];
  expect(Buffer.byteLength(lookScript(tasks, () => 'a'.repeat(64)))).toBeLessThan(31 * 1024);
});

describe('the look at a P1 machine', () => {
  const context = contextOf(shipped('amd-7532'));
  const tasks = [...p1.tasks(context), processTask('p1', context.host, p1.processes(context), false)];
  const script = lookScript(tasks, () => 'a'.repeat(64));

  it('fits one packet of SSH (32 KiB): what comes in a second one may cost a round trip', () => {
    expect(Buffer.byteLength(script)).toBeLessThan(31 * 1024);
  });

  it('has no comments of its functions', () => {
    expect(script).not.toContain('# fcops_packages_apt');
  });
});
