import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quote } from '../../../src/core/shell.ts';
import { reasonIn } from '../../../src/engine/apply/reason.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';
import { pledgeSector } from '../../../src/resources/pledge/step.ts';

const directory = mkdtempSync(join(tmpdir(), 'fcops-pledge-'));
afterAll(() => rmSync(directory, { recursive: true }));
const profile = join(directory, 'profile');
writeFileSync(profile, `export PATH=${quote(directory)}:$PATH LOTUS_DEV=1 GOLOG_LOG_FMT=color; false\n`);

/** What the step says and how it ends, with a lotus-miner that does this. */
const pledge = (miner: string, { from = profile, seconds = 20 } = {}) => {
  writeFileSync(join(directory, 'lotus-miner'), `#!/bin/bash\n${miner}\n`);
  chmodSync(join(directory, 'lotus-miner'), 0o755);
  const script = `${STEP_SHELL}\nset -euo pipefail\npledge_sector ${quote(from)} ${seconds} 2>&1`;
  const env = { PATH: process.env.PATH ?? '', FCOPS_RUN: directory, MINER_API_INFO: 'another' };
  const { status, stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env });
  const lines = stdout.trimEnd().split('\n');
  return { status, lines, reason: reasonIn(lines) };
};
const fails = (why: string, status = 1) => `printf 'ERROR: %s\\n\\n' ${quote(why)} >&2; exit ${status}`;

describe('a sector that is pledged', () => {
  it('is told with its number, as far as lotus-miner does', () => {
    expect(pledge("echo 'Created CC sector:  1041'")).toMatchObject({ status: 0, lines: ['pledged 1041'] });
    expect(pledge('true')).toMatchObject({ status: 0, lines: ['pledged'] });
    expect(pledge("echo 'noise' >&2; echo 'Created CC sector: 7'")).toMatchObject({ lines: ['pledged 7'] });
  });

  it('is asked for once, of the miner of the profile, without what changes how it fails', () => {
    const { lines } = pledge(
      `echo "$* \${MINER_API_INFO-none} \${LOTUS_DEV-none} [$GOLOG_LOG_FMT]" >${quote(join(directory, 'asked'))}; ${fails('x')}`,
    );
    expect(lines[0]).toBe('pledge not known');
    expect(spawnSync('cat', [join(directory, 'asked')], { encoding: 'utf8' }).stdout).toBe(
      'sectors pledge none none []\n',
    );
  });
});

describe('a pledge that fails', () => {
  it.each([
    'too many sectors sealing (curSealing: 60, max: 60)',
    'could not get API info: could not get api endpoint: API not running (no endpoint)',
    'dial tcp 127.0.0.1:2345: connect: connection refused',
    'websocket: bad handshake',
    "missing permission to invoke 'PledgeSector' (need 'write')",
  ])('has made no sector: %s', (why) => {
    const { status, lines, reason } = pledge(fails(why));
    expect(status).toBe(1);
    expect(lines).not.toContain('pledge not known');
    expect(reason).toMatchObject({ type: 'said', what: 'lotus-miner pledged no sector', why });
  });

  it('has made none where there is no profile, or no program', () => {
    expect(pledge('true', { from: join(directory, 'none') }).reason).toMatchObject({
      what: 'lotus-miner pledged no sector',
      why: `${join(directory, 'none')} cannot be read`,
    });
    expect(pledge('exit 127').reason).toMatchObject({ what: 'lotus-miner pledged no sector' });
  });

  it.each([
    ['a lost answer', fails('handler: websocket connection closed'), 'handler: websocket connection closed'],
    ['a panic', "printf 'panic: x\\n\\ngoroutine 1 [running]:\\n' >&2; exit 2", 'panic: x'],
    ['silence', 'exit 3', 'it ended with status 3'],
    ['words that nobody knows', fails('mpool push failed'), 'mpool push failed'],
  ])('may have made one with %s: nobody knows, and that is said', (_, miner, why) => {
    const { status, lines, reason } = pledge(miner);
    expect(status).toBe(1);
    expect(lines).toContain('pledge not known');
    expect(reason).toMatchObject({
      what: 'lotus-miner failed: whether this sector was pledged is not known',
      why,
      next: ['see Packing of lotus-miner info on this host: a sector that was pledged is in it, or will be'],
    });
  });

  it('may have made one where it gives no answer in time', () => {
    const { status, lines, reason } = pledge('exec sleep 30', { seconds: 1 });
    expect(status).toBe(1);
    expect(lines).toContain('pledge not known');
    expect(reason).toMatchObject({ what: expect.stringContaining('gave no answer within 1 s') });
  });
});

it('as bash has no secret, and what is known of its place alone', () => {
  const step = { step: 'pledge-sector', profile: '/opt/raid0/profile', deadline: 150 } as const;
  expect(pledgeSector.bash(step, () => '')).toBe('pledge_sector /opt/raid0/profile 120');
});
