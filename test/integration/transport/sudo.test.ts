/**
 * @module-tag needs-root
 * @module-tag needs-sshd
 * @module-tag needs-sudo
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { edit } from '../../../src/core/next.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/transport/connection.ts';
import { BOTH, eachTransport, runOn } from './helpers.ts';
import { type Sshd, startSshd } from './sshd.ts';

/** Users of this test run's own, taken away again at its end. */
const USER = `fcopst${process.pid}`;
/** Root by another name. */
const TOOR = `fcopsr${process.pid}`;
const PASSWORD = 'Correct-Horse-7';
const SUDOERS = `/etc/sudoers.d/${USER}`;

let sshd: Sshd;
beforeAll(async () => {
  execFileSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', USER]);
  execFileSync('chpasswd', { input: `${USER}:${PASSWORD}\n` });
  execFileSync('useradd', ['--no-create-home', '--home-dir', '/', '--non-unique', '--uid', '0', TOOR]);
  execFileSync('chpasswd', { input: `${TOOR}:${PASSWORD}\n` });
  sshd = await startSshd();
});
afterAll(async () => {
  rmSync(SUDOERS, { force: true });
  await sshd?.stop();
  for (const user of [USER, TOOR]) execFileSync('userdel', ['--force', user], { stdio: 'ignore' });
});

const sudoers = (...lines: readonly string[]) =>
  writeFileSync(SUDOERS, lines.map((line) => `${line}\n`).join(''), { mode: 0o440 });
const target = (change: Partial<Target> = {}) => sshd.target({ user: USER, ...change });
const withPassword = (password = PASSWORD) =>
  target({ sudoPassword: new Secret('env SUDO_PASSWORD', () => password) });
const SCRIPT = 'id -un; echo "$HOME $LC_ALL"; cat';
const AS_ROOT = 'root\n/root C\npayload';

eachTransport(BOTH, 'sudo by %s', (transport) => {
  const run = (to: Target) => runOn(to, SCRIPT, { payload: Buffer.from('payload'), transport });

  it('without a password', async () => {
    sudoers(`${USER} ALL=(ALL) NOPASSWD: ALL`);
    const { stdout, exit } = await run(target());
    expect(exit).toEqual({ status: 0, signal: null, lost: false, stderr: '' });
    expect(stdout.toString()).toBe(AS_ROOT);
  });

  it('with a password', async () => {
    sudoers(`${USER} ALL=(ALL) ALL`, `Defaults:${USER} lecture=never, timestamp_timeout=0`);
    const { stdout, exit } = await run(withPassword());
    expect(exit).toEqual({ status: 0, signal: null, lost: false, stderr: '' });
    expect(stdout.toString()).toBe(AS_ROOT);
  });

  it('with a password that sudo does not ask for: it is neither run, nor read, nor shown', async () => {
    sudoers(`${USER} ALL=(ALL) NOPASSWD: ALL`);
    const { stdout, exit } = await run(withPassword('touch /tmp/executed'));
    expect(exit).toEqual({ status: 0, signal: null, lost: false, stderr: '' });
    expect(stdout.toString()).toBe(AS_ROOT);
  });

  it('is not what root by another name needs', async () => {
    for (const more of [{}, { sudoPassword: new Secret('env SUDO_PASSWORD', () => PASSWORD) }]) {
      const to = target({ user: TOOR, ...more });
      const { stdout, exit } = await runOn(to, 'id -u; read -r name </proc/$PPID/comm; echo "$name"', {
        transport,
      });
      expect(exit).toMatchObject({ status: 0, stderr: '' });
      expect(stdout.toString()).toMatch(/^0\nsshd/);
    }
  });

  it('with a wrong password, which is tried once only', async () => {
    sudoers(`${USER} ALL=(ALL) ALL`, `Defaults:${USER} lecture=never, timestamp_timeout=0`);
    const { stdout, exit } = await run(withPassword('wrong-password'));
    expect(stdout.toString()).toBe('');
    expect(exit.status).not.toBe(0);
    expect(exit.lost).toBe(false);
    expect(exit.problem).toEqual({
      kind: 'connect',
      what: 'sudo refused the password',
      next: [edit('check ssh.sudoPassword in the inventory')],
    });
    expect(JSON.stringify(exit)).not.toContain('wrong-password');
  });

  it('that wants a password where none is given', async () => {
    sudoers(`${USER} ALL=(ALL) ALL`);
    const { exit } = await run(target());
    expect(exit.problem?.what).toBe('sudo wants a password, and none is given');
    expect(exit.status).not.toBe(0);
  });

  it('that the user may not use', async () => {
    sudoers('');
    const { exit } = await run(withPassword());
    expect(exit.problem?.what).toBe('the login user may not use sudo');
  });
});
