import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveName } from '../support/artifact-server.ts';
import { TOKEN, VERSIONS } from '../support/cluster.ts';
import { leftovers, runsEnded, stateOf, waitFor } from './support/host-state.ts';
import type { BootedHost } from './support/nspawn.ts';
import { type Scene, startScene } from './support/scene.ts';

/** Six hosts, in batches; and controllers that are killed at every stage of a deploy, and taken up again. */

const ARCHIVE = archiveName(VERSIONS.c2);
const NUMBERS = [10, 11, 12, 13, 14, 15];

let scene: Scene;
let first: BootedHost;
/** Where the controllers of these tests keep their runs. */
let state: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'fcops-state-'));
  scene = await startScene(NUMBERS.map((number) => ({ role: 'c2', number })));
  first = scene.host('c2-10');
});
afterAll(async () => {
  await scene?.stop();
  await rm(state, { recursive: true, force: true });
});

const env = () => ({ XDG_STATE_HOME: state });
const fcops = (...args: string[]) => scene.fcops(args, undefined, env());
const start = (...args: string[]) => scene.start(args, env());

/** Everything that this controller has kept. */
const kept = (): string =>
  readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

interface Listed {
  readonly run: string;
  readonly state: string;
  readonly resumedBy: string | null;
}
const runs = async (...more: string[]): Promise<readonly Listed[]> =>
  JSON.parse((await fcops('runs', '--output', 'json', ...more)).stdout);

describe('a deploy in batches', () => {
  it('stops at a failing first host, and says why of the others, which it has not touched', async () => {
    const others = NUMBERS.slice(1).map((number) => scene.host(`c2-${number}`));
    const before = await Promise.all(others.map(stateOf));
    // Its archive cannot be unpacked.
    await first.sh(`printf '#!/bin/bash\\nexit 9\\n' >/usr/local/bin/tar; chmod 755 /usr/local/bin/tar`);
    const { exitCode, stdout } = await fcops('deploy', 'c2', '--yes', '--batch', '1,25%,100%');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('batch 1 of 3: c2-10\n');
    expect(stdout).toContain('batch 1 of 3: 1 of 6 hosts failed, none may; no further one begins\n');
    expect(stdout).toMatch(/^FAILED c2-10, task "lotus-worker"$/m);
    expect(stdout).toMatch(/^STOPPED c2-\[11:15\]\n {2}not begun; nothing was done to it$/m);
    expect(stdout).toMatch(/^6 hosts: 5 stopped, 1 failed, in /m);
    expect(await Promise.all(others.map(stateOf))).toEqual(before);
    const [run] = await runs('--failed');
    expect(run).toMatchObject({ state: 'failed' });
  });

  it('is taken up where it stopped, batch by batch, to its end', async () => {
    await first.sh('rm /usr/local/bin/tar');
    const { exitCode, stdout, stderr } = await fcops('resume', 'last');
    expect([exitCode, stderr.replace(/r-\S+/, 'RUN')], stdout).toEqual([
      0,
      expect.stringMatching(/^taking up RUN of \S+: c2 of f0494733, 6 of 6 hosts left\n$/),
    ]);
    expect(stdout).toContain('batch 1 of 3: c2-10\n');
    expect(stdout).toContain('batch 1 of 3: no host failed; the next one begins\n');
    expect(stdout).toMatch(/^6 hosts: 6 changed, in /m);
    expect((await fcops('plan', 'c2', '--detailed-exitcode')).exitCode).toBe(0);
    const [second, before] = await runs();
    expect([second?.state, before?.resumedBy]).toEqual(['done', second?.run]);
    expect(await fcops('resume', before?.run ?? '')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`was taken up by ${second?.run}`),
    });
    expect(await fcops('resume', 'last')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is left to do'),
    });
  });

  it('goes on as long as no more fail than may', async () => {
    const broken = ['c2-10', 'c2-12'].map((name) => scene.host(name));
    const all = NUMBERS.map((number) => scene.host(`c2-${number}`));
    await Promise.all(all.map((host) => host.sh('rm /opt/start_c2.sh')));
    const ambush = `printf '#!/bin/bash\\nexit 9\\n' >/usr/local/bin/base64; chmod 755 /usr/local/bin/base64`;
    await Promise.all(broken.map((host) => host.sh(ambush)));
    const { exitCode, stdout } = await fcops('deploy', 'c2', '--yes', '--serial', '2', '--max-fail', '1');
    await Promise.all(broken.map((host) => host.sh('rm /usr/local/bin/base64')));
    expect(exitCode).toBe(1);
    expect(stdout).toContain('batch 1 of 3: 1 of 6 hosts failed, 1 may; the next one begins\n');
    expect(stdout).toContain('batch 2 of 3: 2 of 6 hosts failed, only 1 may; no further one begins\n');
    expect(stdout).toMatch(/^6 hosts: 2 changed, 2 stopped, 2 failed, in /m);
    expect((await fcops('resume', 'last')).exitCode).toBe(0);
    expect((await fcops('plan', 'c2', '--detailed-exitcode')).exitCode).toBe(0);
  });
});

describe('a controller that is killed', () => {
  const REMOVE = 'rm -rf /opt/lotusworker /opt/lotus-worker /opt/profile /opt/start_c2.sh';
  /** The host as a whole run leaves it. */
  let whole: string[];

  beforeAll(async () => {
    whole = await stateOf(first);
  });
  beforeEach(async () => {
    await first.sh(REMOVE);
  });

  const deploy = () => start('deploy', 'c2', '--yes', '--output', 'json', '--limit', 'c2-10');

  /** Starts a deploy and kills its controller as soon as it has said something. */
  const killedAt = async (text: string): Promise<void> => {
    const running = deploy();
    let said = '';
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) running.kill('SIGKILL');
    });
    await running;
    expect(said).toContain(text);
  };

  const resumes = async (shown: RegExp): Promise<void> => {
    const [broken] = await runs();
    expect(broken).toMatchObject({ state: 'broken off' });
    const { stdout } = await fcops('runs', 'show', 'last');
    expect(stdout).toMatch(shown);
    expect(stdout).toContain(`fcops resume ${broken?.run}`);
    const resumed = await fcops('resume', 'last', '--yes');
    expect(resumed.exitCode, resumed.stdout + resumed.stderr).toBe(0);
    expect(await leftovers(first)).toBe('');
    expect(await stateOf(first)).toEqual(whole);
    expect((await fcops('plan', 'c2', '--limit', 'c2-10', '--detailed-exitcode')).exitCode).toBe(0);
    const [second, before] = await runs();
    expect([second?.state, before?.run, before?.resumedBy]).toEqual(['done', broken?.run, second?.run]);
  };

  it('while it looks has done nothing, says so, and is taken up', async () => {
    await killedAt('"phase":"look"');
    await resumes(/c2-10 +\? +was at look: nothing was done to it/);
  });

  it('when steps begin leaves the host finishing them; that is found out', async () => {
    await killedAt('"type":"step-begin"');
    await resumes(/c2-10 +\? +was at apply(, step \d+ of \d+: .*)?; what became of it is not known here/);
  });

  it('in the middle of a step: what goes on is followed to its end', async () => {
    scene.artifacts.fail(ARCHIVE, 'held');
    const running = deploy();
    await waitFor(first, 'compgen -G "/opt/lotusworker/versions/c2/.fcops.unpack.*/archive" >/dev/null');
    running.kill('SIGKILL');
    await running;
    const resuming = start('resume', 'last');
    let said = '';
    resuming.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    // The new controller has found the run of the old one on the host.
    while (!said.includes('lotus-worker')) await delay(20);
    scene.artifacts.fail(ARCHIVE, undefined);
    const { exitCode, stdout } = await resuming;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/^1 host: 1 changed, in /m);
    expect(await stateOf(first)).toEqual(whole);
  });

  it('while it verifies has done all; what is left to do is to look', async () => {
    await killedAt('"phase":"verify"');
    await runsEnded(first);
    await resumes(/c2-10 +\? +was at verify; what became of it is not known here/);
  });

  it('while it asks has done nothing; what would be done is asked for again', async () => {
    const asking = scene.startOnTerminal(['deploy', 'c2', '--limit', 'c2-10'], env());
    let said = '';
    asking.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!said.includes('Apply these changes')) await delay(20);
    const [run] = await runs();
    expect(run?.state).toBe('running');
    await killedBy(run?.run ?? '');
    await asking;
    const refused = await fcops('resume', 'last');
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringContaining('nothing was changed: a deploy asks first, and here is no terminal to ask on'),
    ]);
    expect((await fcops('deploy', 'c2', '--yes', '--limit', 'c2-10')).exitCode).toBe(0);
    expect(await stateOf(first)).toEqual(whole);
  });

  /** Kills the process that the journal names. */
  const killedBy = async (run: string): Promise<void> => {
    const { process: own } = JSON.parse(readFileSync(join(state, 'fcops', 'runs', run, 'run.json'), 'utf8'));
    process.kill(own.pid, 'SIGKILL');
  };
});

it('keeps no secret in any of its runs', () => {
  const text = kept();
  expect(text).toContain('"type":"step-begin"');
  expect(text).toContain('env F0494733_TOKEN');
  for (const secret of [TOKEN, scene.artifacts.password]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(`${scene.artifacts.user}:${secret}`).toString('base64'));
  }
});
