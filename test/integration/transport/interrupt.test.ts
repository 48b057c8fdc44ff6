import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRANSPORTS } from '../../../src/transport/connect.ts';
import { childrenOf } from '../../support/processes.ts';
import { BOTH, eachTransport } from './helpers.ts';
import { type Sshd, startSshd } from './sshd.ts';

/** Beside the packages that it imports. */
const directory = join(import.meta.dirname, '../../../node_modules/.cache', `controller-${process.pid}`);
const program = join(directory, 'controller.mjs');
let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
  mkdirSync(directory, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, 'interrupted-controller.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: program,
  });
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await sshd.stop();
});

/** Starts a controller in a process group of its own, as a shell does, and waits until its script has begun. */
const begun = async (transport: string, script: string, survives = '') => {
  const child: ChildProcess = spawn(
    process.execPath,
    [program, transport, JSON.stringify(sshd.target()), `echo begun; ${script}`, survives],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  const hasBegun = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('begun')) resolve();
    });
  });
  const ended = once(child, 'close');
  await hasBegun;
  return { child, ended, printed: () => printed };
};

eachTransport(TRANSPORTS, 'a controller that works by %s', (transport) => {
  it('keeps its hosts on Ctrl-C, which a terminal sends to its whole process group', async () => {
    const { child, ended, printed } = await begun(transport, 'sleep 0.5; echo done', 'survives');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await ended;
    expect(printed()).toBe('begun\ndone\n{"status":0,"lost":false}\n');
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a controller that %s ends', (signal) => {
  eachTransport(BOTH, 'by %s', (transport) => {
    it('leaves no connection behind', async () => {
      const { child, ended } = await begun(transport, 'sleep 30');
      expect(sshd.open()).toBeGreaterThan(0);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await expect.poll(() => sshd.open(), { timeout: 5_000 }).toBe(0);
    });
  });

  it('leaves no shell on this machine behind', async () => {
    const file = join(sshd.directory, `shell_${signal}`);
    const { child, ended } = await begun('local', `for n in {1..300}; do sleep 0.1; echo >${file}; done`);
    const [shell = 0] = childrenOf(child.pid ?? 0);
    child.kill(signal);
    await ended;
    await expect.poll(() => isThere(shell), { timeout: 5_000 }).toBe(false);
  });
});

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
