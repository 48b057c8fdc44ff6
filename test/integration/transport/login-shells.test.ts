import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../support/needs.ts';
import { BOTH, eachTransport, runOn } from './helpers.ts';
import { type Sshd, startSshd } from './sshd.ts';

const servers: Sshd[] = [];
afterAll(() => Promise.all(servers.map((sshd) => sshd.stop())));

/** A server whose sessions run the command by `shell -c`, as for a user with that login shell. */
const withShell = async (shell: string): Promise<Sshd> => {
  const sshd = await startSshd({ shell });
  servers.push(sshd);
  return sshd;
};

/** A login shell of the test's own making. */
const shellScript = (sshd: Sshd, name: string, ...lines: readonly string[]): string => {
  const file = join(sshd.directory, name);
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
};

const SCRIPT = `x="it's \\$HOME"; echo "$x!" "$LC_ALL"; cat`;

describe('whatever the login shell', () => {
  let plain: Sshd;
  beforeAll(async () => {
    plain = await startSshd();
    servers.push(plain);
  });

  eachTransport(BOTH, 'by %s', (transport) => {
    const inBash = async (shell: string) => {
      const sshd = await withShell(shell);
      const { stdout, exit } = await runOn(sshd.target(), SCRIPT, {
        payload: Buffer.from('payload'),
        transport,
      });
      expect(exit).toEqual({ status: 0, signal: null, lost: false, stderr: '' });
      expect(stdout.toString()).toBe("it's $HOME! C\npayload");
    };
    it.each(['/bin/dash', '/bin/bash', '/bin/sh'])('%s, a script runs in bash', inBash);
    it('/bin/csh, a script runs in bash', { tags: needs('tcsh') }, () => inBash('/bin/csh'));
  });

  it('its chatter on standard output is not taken for that of the script', async () => {
    const shell = shellScript(
      plain,
      'noisy',
      'echo Welcome; printf motd',
      'echo warning >&2',
      'exec /bin/sh "$@"',
    );
    const { stdout, exit } = await runOn((await withShell(shell)).target(), SCRIPT);
    expect(stdout.toString()).toBe("it's $HOME! C\n");
    expect(exit).toMatchObject({ status: 0, stderr: 'warning\n' });
    expect(exit.problem).toBeUndefined();
  });

  it('one that refuses is quoted', async () => {
    const shell = shellScript(plain, 'nologin', 'echo This account is currently not available.', 'exit 1');
    const { stdout, exit } = await runOn((await withShell(shell)).target(), 'echo never');
    expect(stdout.toString()).toBe('');
    expect(exit.status).toBe(1);
    expect(exit.problem?.why).toContain('This account is currently not available.');
  });

  it('one that ends happily without running anything is no success', async () => {
    const shell = shellScript(plain, 'happy', 'exit 0');
    const { exit } = await runOn((await withShell(shell)).target(), 'echo never');
    expect(exit.problem?.what).toContain('ended with status 0 before running');
    expect(exit.status).not.toBe(0);
  });
});
