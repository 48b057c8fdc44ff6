import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestBy } from '../../../src/core/content.ts';
import { linesOf } from '../../../src/engine/lines.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { Session } from '../../../src/engine/session.ts';
import { connector, TRANSPORTS } from '../../../src/transport/connect.ts';
import { eachTransport, outcome, deps as world } from '../transport/helpers.ts';
import { type Sshd, startSshd } from '../transport/sshd.ts';

const SECRET = 'pl4nted-s3cret';
const reveal = () => SECRET;

eachTransport(TRANSPORTS, 'a stream by %s', (transport) => {
  let sshd: Sshd;
  let directory: string;
  beforeAll(async () => {
    sshd = await startSshd();
    directory = mkdtempSync(join(tmpdir(), 'fcops-stream-'));
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = async (more: Partial<SessionDeps> = {}): Promise<Session> =>
    new Session(sshd.target(), {
      connect: await connector(transport, world()),
      now: () => performance.now(),
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      reveal,
      digest: digestBy(reveal),
      redact: (text) => text.replaceAll(SECRET, '********'),
      emit: () => {},
      signal: new AbortController().signal,
      ...more,
    });

  /** A script that says a word again and again, in a process of its own, and leaves a file when nobody takes it any more. */
  const talking = (file: string) =>
    `( trap 'touch ${file}; exit' PIPE; while sleep 0.1; do echo word || { touch ${file}; exit; }; done ) | cat`;

  it('gives what is printed as it comes, then how it ended, with secrets masked', async () => {
    const session = await open();
    const { stdout, exit } = await session.stream(
      `echo first; sleep 0.5; echo ${SECRET}; echo ${SECRET} >&2; exit 7`,
    );
    const lines = linesOf(stdout);
    expect((await lines.next()).value?.text).toBe('first');
    expect((await lines.next()).value?.text).toBe(SECRET);
    expect((await lines.next()).done).toBe(true);
    const { status, lost, stderr } = await exit;
    expect({ status, lost }).toEqual({ status: 7, lost: false });
    expect(stderr).toContain('********');
    expect(stderr).not.toContain(SECRET);
    await session.close();
  });

  it('ends at an interrupt, and the host notices', async () => {
    const interrupt = new AbortController();
    const session = await open({ signal: interrupt.signal });
    const file = join(directory, 'interrupted');
    const { stdout, exit } = await session.stream(talking(file));
    let words = 0;
    for await (const _ of stdout) {
      words += 1;
      if (words === 2) interrupt.abort();
    }
    await exit;
    await expect.poll(() => existsSync(file), { timeout: 5_000 }).toBe(true);
    await session.close();
  });

  it('ends with its session, and with an interrupt of before', async () => {
    const session = await open();
    const file = join(directory, 'closed');
    const { stdout, exit } = await session.stream(talking(file));
    for await (const _ of stdout) void session.close();
    await exit;
    await expect.poll(() => existsSync(file), { timeout: 5_000 }).toBe(true);
    const interrupt = new AbortController();
    const late = await open({ signal: interrupt.signal });
    await late.open();
    interrupt.abort();
    await outcome(await late.stream('sleep 30'));
    await late.close();
  });

  it('leaves a session that can be used again, whatever became of it', async () => {
    const session = await open();
    const first = await session.stream('while sleep 0.1; do echo word; done');
    for await (const _ of first.stdout) await session.close();
    await first.exit;
    const again = await outcome(await session.stream('echo here'));
    expect(again.stdout.toString()).toBe('here\n');
    await session.close();
  });
});
