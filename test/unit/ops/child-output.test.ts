import { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { childOutput } from '../../../src/ops/child-output.ts';
import { gitIn } from '../../../src/ops/git.ts';
import { askVault } from '../../../src/ops/secrets/vault-command.ts';

const env = { PATH: process.env.PATH };
const LIMITS = { deadline: 20, most: 1000 };
const shell = (script: string, more: { readonly input?: string; readonly asks?: boolean } = {}) =>
  ({ argv: ['sh', '-c', script], env, ...more }) as const;

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});
const temporary = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-child-'));
  directories.push(directory);
  return directory;
};

/** A script that starts a process of its own, says its number in a file, and waits for it; and whether that one lives. */
const withGrandchild = () => {
  const file = join(temporary(), 'pid');
  const pid = (): number => {
    const number = Number(readFileSync(file, 'utf8'));
    if (!(number > 1)) throw new Error('it was not started');
    return number;
  };
  const lives = (): boolean => {
    const number = pid();
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${number}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  return { script: `sleep 300 & echo $! >${file}; wait`, lives, end: () => process.kill(pid()) };
};

describe('what a child prints', () => {
  it('is all of it, apart, with how it has ended', async () => {
    const ended = await childOutput(shell('cat; echo no >&2; exit 3', { input: 'yes' }), LIMITS);
    expect(ended).toEqual({
      type: 'ended',
      ...{ status: 3, signal: null },
      stdout: Buffer.from('yes'),
      stderr: 'no\n',
    });
    expect(await childOutput(shell('kill -TERM $$'), LIMITS)).toMatchObject({
      status: null,
      signal: 'SIGTERM',
    });
  });

  it('is an end of file where it is given nothing, and no error where it reads nothing', async () => {
    expect(await childOutput(shell('cat; echo over'), LIMITS)).toMatchObject({
      stdout: Buffer.from('over\n'),
    });
    const input = 'x'.repeat(1_000_000);
    expect(await childOutput(shell('exit 0', { input }), LIMITS)).toMatchObject({ status: 0 });
  });

  it('is bounded, and so is what it says on standard error', async () => {
    expect(await childOutput(shell('yes'), LIMITS)).toEqual({ type: 'too much' });
    const said = await childOutput(shell('head -c 5000 /dev/zero | tr "\\0" x >&2; echo over'), LIMITS);
    if (said.type !== 'ended') throw new Error(said.type);
    expect([said.stdout.toString(), said.stderr.length <= 1000]).toEqual(['over\n', true]);
  });

  it('is waited for until its deadline, and nothing that it has started lives on', async () => {
    const { script, lives } = withGrandchild();
    const begun = Date.now();
    expect(await childOutput(shell(script), { ...LIMITS, deadline: 0.5 })).toEqual({ type: 'late' });
    expect(Date.now() - begun).toBeLessThan(5000);
    await expect.poll(lives).toBe(false);
  });

  it('does not wait for what it has left behind, nor end it: it may be an agent', async () => {
    const { script, lives, end } = withGrandchild();
    const begun = Date.now();
    const left = await childOutput(shell(script.replace('; wait', '; echo over')), LIMITS);
    expect(left).toMatchObject({ type: 'ended', status: 0, stdout: Buffer.from('over\n') });
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(lives()).toBe(true);
    end();
  });

  it('is what it said where it has ended in time, though what it has left behind holds its outputs open', async () => {
    const { script, lives, end } = withGrandchild();
    const left = await childOutput(shell(script.replace('; wait', '; sleep 1.3; echo over')), {
      ...LIMITS,
      deadline: 2,
    });
    expect(left).toMatchObject({ type: 'ended', status: 0, stdout: Buffer.from('over\n') });
    expect(lives()).toBe(true);
    end();
  });

  it.each([true, false])(
    'is given up where it may not be ended: it is of another user by now (asks: %s)',
    async (asks) => {
      const refused = () => {
        throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
      };
      const kill = vi.spyOn(process, 'kill').mockImplementation(refused);
      const killOne = vi.spyOn(ChildProcess.prototype, 'kill').mockImplementation(function (
        this: ChildProcess,
      ) {
        return this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
      });
      try {
        expect(await childOutput(shell('sleep 2', { asks }), { ...LIMITS, deadline: 0.2 })).toEqual({
          type: 'late',
        });
      } finally {
        kill.mockRestore();
        killOne.mockRestore();
      }
    },
  );

  it('is none where it cannot be started', async () => {
    const none = await childOutput({ argv: ['no-such-program'], env }, LIMITS);
    expect(none).toMatchObject({ type: 'not started', error: { code: 'ENOENT' } });
  });

  it('comes of one that may ask a person where we are: in the group of this process', async () => {
    const groups = async (asks: boolean) => {
      const ended = await childOutput(shell('cut -d " " -f 5 /proc/self/stat', { asks }), LIMITS);
      return ended.type === 'ended' ? ended.stdout.toString().trim() : ended.type;
    };
    const ours = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[2];
    expect(await groups(true)).toBe(ours);
    expect(await groups(false)).not.toBe(ours);
  });
});

it('a vault that is late leaves nothing behind', async () => {
  const { script, lives } = withGrandchild();
  const found = await askVault(
    { argv: ['sh', '-c', script], directory: '/' },
    { env, deadline: 0.5, asks: false },
  );
  expect(found).toMatchObject({
    ok: false,
    error: { what: expect.stringContaining('did not end within 0.5 s') },
  });
  await expect.poll(lives).toBe(false);
});

describe('git', () => {
  const fake = (script: string) => {
    const directory = temporary();
    writeFileSync(join(directory, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${directory}:${process.env.PATH}` };
  };

  it('that does not end is not waited for', async () => {
    const { script, lives } = withGrandchild();
    const asked = gitIn('.', fake(script), { deadline: 0.5 })(['ls-tree', '-r', 'main']);
    await expect(asked).rejects.toThrow('git ls-tree did not end within 0.5 s');
    await expect.poll(lives).toBe(false);
  });

  it('is told nothing of what a hook of git is told, whatever variables its version has for that', async () => {
    const listed = await execa('git', ['rev-parse', '--local-env-vars']);
    const names = [...listed.stdout.split('\n'), 'GIT_ICASE_PATHSPECS', 'GIT_INDEX_FILE'];
    // What somebody configures for a call stays: safe.directory of a pipeline, for one.
    const kept = ['GIT_CONFIG_PARAMETERS', 'GIT_CONFIG_COUNT'];
    const env = { ...fake('env'), ...Object.fromEntries(names.map((name) => [name, 'of a hook'])) };
    const { stdout } = await gitIn('.', env)(['status']);
    const told = stdout.toString('utf8').split('\n');
    expect(told.filter((line) => line.endsWith('=of a hook')).toSorted()).toEqual(
      kept.map((name) => `${name}=of a hook`).toSorted(),
    );
  });

  it('that prints without an end is told', async () => {
    const asked = gitIn('.', fake('yes'), { most: 1_000_000 })(['cat-file', '--batch'], 'x\n');
    await expect(asked).rejects.toThrow('git cat-file printed more than');
  });
});
