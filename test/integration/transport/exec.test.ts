import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TRANSPORTS } from '../../../src/transport/connect.ts';
import type { Connection } from '../../../src/transport/connection.ts';
import { connectTo, eachTransport, outcome } from './helpers.ts';
import { type Sshd, startSshd } from './sshd.ts';

eachTransport(TRANSPORTS, 'a script by %s', (transport) => {
  let sshd: Sshd;
  let connection: Connection;
  beforeAll(async () => {
    sshd = await startSshd();
    connection = await connectTo(sshd.target(), { transport });
  });
  afterAll(async () => {
    await connection.close();
    await sshd.stop();
  });

  const run = (script: string, payload?: Uint8Array) => outcome(connection.exec(script, payload));

  it('gives its output, its errors and its status', async () => {
    const { stdout, exit } = await run('echo out; echo err >&2; exit 3');
    expect(stdout.toString()).toBe('out\n');
    expect(exit).toEqual({ status: 3, signal: null, lost: false, stderr: 'err\n' });
  });

  it('succeeds with status 0', async () => {
    expect((await run('true')).exit.status).toBe(0);
  });

  it('has a fixed environment and is bash', async () => {
    const { stdout } = await run('env | sort | grep -v ^_=; type -t declare');
    expect(stdout.toString().split('\n')).toEqual([
      'HOME=/root',
      'LC_ALL=C',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      expect.stringMatching(/^PWD=/),
      expect.stringMatching(/^SHLVL=/),
      'builtin',
      '',
    ]);
  });

  it('finds nothing on standard input where there is no payload', async () => {
    expect((await run('wc -c')).stdout.toString().trim()).toBe('0');
  });

  it('gets a payload of several megabytes intact, and gives it back so', async () => {
    const payload = randomBytes(6 * 1024 * 1024);
    const { stdout, exit } = await run('cat', payload);
    expect(exit.status).toBe(0);
    expect(stdout.equals(payload)).toBe(true);
  });

  it('runs at more than 200 KB, with quotes, blank lines, UTF-8 and control characters', async () => {
    const odd = `x='it'"'"'s \\ "$HOME" ü 好 \u0001\u007f\t!'; printf %s "$x"; cat\n\n`;
    const script = `${': "filling, $x; no # and so on"\n'.repeat(7000)}${odd}`;
    expect(script.length).toBeGreaterThan(200_000);
    const { stdout, exit } = await run(script, Buffer.from('|payload'));
    expect(exit).toMatchObject({ status: 0, stderr: '' });
    expect(stdout.toString()).toBe(`it's \\ "$HOME" ü 好 \u0001\u007f\t!|payload`);
  });

  it('shows neither itself nor its payload in a process list', async () => {
    const script =
      'cat >/dev/null; secret_word=1; tr "\\0" " " </proc/$$/cmdline; tr "\\0" " " </proc/$PPID/cmdline';
    const { stdout } = await run(script, Buffer.from('hidden_word'));
    expect(stdout.toString()).toContain('read -rN');
    expect(stdout.toString()).not.toMatch(/secret_word|hidden_word/);
  });

  it('honours set -e and exit codes above 128', async () => {
    expect((await run('set -e; false; echo not here')).exit.status).toBe(1);
    expect((await run('exit 200')).exit.status).toBe(200);
  });

  it('reports a syntax error as a failure', async () => {
    const { exit } = await run('if true; then');
    expect(exit.status).toBeGreaterThan(0);
    expect(exit.stderr).toContain('syntax error');
  });

  it('is no success when it is killed', async () => {
    const { exit } = await run('kill -KILL $$');
    expect(exit.status).not.toBe(0);
    expect(exit.lost).toBe(false);
    // OpenSSH's client does not tell which signal it was.
    if (transport !== 'openssh') expect(exit).toMatchObject({ status: null, signal: 'SIGKILL' });
  });

  it('keeps the last 64 KiB of standard error', async () => {
    const { exit } = await run('head -c 3000000 /dev/zero | tr "\\0" x >&2; echo the end >&2');
    expect(exit.status).toBe(0);
    expect(exit.stderr.length).toBe(64 * 1024);
    expect(exit.stderr.endsWith('x' + 'the end\n')).toBe(true);
  });

  it('waits for a slow reader instead of keeping everything', async () => {
    const running = connection.exec('head -c 20000000 /dev/zero; echo done >&2');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { stdout, exit } = await outcome(running);
    expect(stdout.length).toBe(20_000_000);
    // What the dot files of this machine's root say comes before.
    expect(exit.stderr).toMatch(/(^|\n)done\n$/);
  });

  it('is given up when its reader leaves', async () => {
    const running = connection.exec('while :; do echo line; sleep 0.01; done');
    for await (const _ of running.stdout) break;
    expect((await running.exit).status).not.toBe(0);
    expect((await run('echo still there')).stdout.toString()).toBe('still there\n');
  });

  it('runs beside others on the same connection', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => run(`sleep 0.1; echo ${n}`)));
    expect(outcomes.map(({ stdout }) => stdout.toString())).toEqual(['1\n', '2\n', '3\n', '4\n']);
  });
});
