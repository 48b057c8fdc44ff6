/** @module-tag needs-namespaces */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobsAbortDocument } from '../../../src/cli/views/jobs-abort-document.ts';
import { jobsAbortDocumentSchema } from '../../../src/cli/views/jobs-abort-document.ts';
import type { SectorsChangeDocument } from '../../../src/cli/views/sectors-change-document.ts';
import { sectorsChangeDocumentSchema } from '../../../src/cli/views/sectors-change-document.ts';
import { sectorsDocumentSchema } from '../../../src/cli/views/sectors-document.ts';
import { MINER, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { type Ended, fcopsOnTerminal, fcops as run, startFcops } from '../../support/fcops.ts';
import { type Knob, turn, unturn } from '../../support/lotus/knobs.ts';
import { runMiner, stopMiner } from '../../support/lotus/running-miner.ts';
import { minerMachine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A miner that runs, and its sectors: one test after the other. */

const VERSION = '1.11.1-3079a405a';
let hosts: SimulatedHosts;
let miner: SimulatedHost;
let cluster: WrittenCluster;

const args = (words: readonly string[]) => [...words, '--inventory', cluster.inventory];
const fcops = (...words: string[]): Promise<Ended> => run(args(words), { env: cluster.env });
const read = ({ exitCode, stdout, stderr }: Ended): unknown => {
  if (stdout === '') throw new Error(`${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
};
const batch = async (
  ...words: string[]
): Promise<SectorsChangeDocument & { exitCode: number | undefined }> => {
  const ended = await fcops('sectors', ...words, '--output', 'json');
  return { ...sectorsChangeDocumentSchema.parse(read(ended)), exitCode: ended.exitCode };
};
const abort = async (...words: string[]): Promise<JobsAbortDocument & { exitCode: number | undefined }> => {
  const ended = await fcops('jobs', 'abort', ...words, '--output', 'json');
  return { ...jobsAbortDocumentSchema.parse(read(ended)), exitCode: ended.exitCode };
};
/** What lotus-miner was told, a line each; nothing where it was told nothing. */
const forced = () => miner.sh('cat /var/lib/simulated-lotus/forced 2>/dev/null || true');
const aborted = () => miner.sh('cat /var/lib/simulated-lotus/aborted 2>/dev/null || true');
const set = new Set<Knob>();
const given = async (knob: Knob, value = ''): Promise<void> => {
  set.add(knob);
  await turn(miner, knob, value);
};
const SECTORS = `3 Proving
8 SealPreCommit1Failed
9 SealPreCommit1Failed
11 SealPreCommit2Failed
12 PreCommitFailed
13 CommitFailed
14 SealPreCommit1Failed
15 PreCommit1
16 Removed
`;
const failed = async () => {
  await given('sectors', SECTORS);
  await given('sector/3', 'onchain YES\nactive YES\n');
  await given('sector/8', 'error storage call error 101: worker restarted\n');
  await given('sector/9', 'error storage call error 101: worker restarted\n');
  await given('sector/12', 'precommit bafy2bzacedprecommit\ncommr bagboea4b5abcb\n');
  await given('sector/13', 'precommit bafy2bzacedprecommit\ncommit bafy2bzacedcommit\n');
  await given('sector/14', 'deals 1234\n');
};

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [minerMachine('miner-1')] });
  [miner] = hosts.hosts as [SimulatedHost];
  const sha256 = Object.fromEntries(
    ['lotus', 'lotus-miner'].map((name) => [`${name}-${VERSION}.tar.gz`, 'a'.repeat(64)]),
  );
  cluster = await writeCluster({
    ...hosts,
    artifacts: { url: 'http://192.0.2.1', user: 'deploy', password: 'unused-password', sha256 },
    more: { api: { from: 'miner' }, versions: { lotus: VERSION, miner: VERSION } },
    hosts: [{ host: miner, roles: ['miner'], profile: 'amd-7532', more: { checks: 'off' } }],
  });
  await runMiner(miner, MINER);
}, 120_000);

afterEach(async () => {
  for (const knob of set) await unturn(miner, knob);
  set.clear();
  await miner.sh(
    'rm -rf /var/lib/simulated-lotus/forced /var/lib/simulated-lotus/aborted /var/lib/simulated-lotus/sector',
  );
});

afterAll(async () => {
  if (miner) await stopMiner(miner).catch(() => {});
  await hosts?.stop();
});

describe('fcops sectors', { timeout: 120_000 }, () => {
  it('counts sectors by state, and tells why the failed ones failed, alike ones once', async () => {
    await failed();
    const { stdout, exitCode } = await fcops('sectors');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^f0494733: 9 sectors at miner-1, 6 failed\n/);
    expect(stdout).toMatch(/\nSealPreCommit1Failed +3\n/);
    expect(stdout).toMatch(
      /\n! 8-9 SealPreCommit1Failed for 1 h 0 min: not on the chain\n {2}seal failed: storage\n? +call error 101: worker restarted\n/,
    );
    expect(stdout).toMatch(/\n! 12 PreCommitFailed for .*: not on the chain, its deposit is paid\n/);
    const json = await fcops('sectors', '--state', 'Proving,PreCommit1', '--output', 'json');
    const document = sectorsDocumentSchema.parse(read(json));
    expect(document).toMatchObject({
      ...{ total: 9, asked: 2, chain: { state: 'ok', behind: null } },
      sectors: [
        { number: 3, state: 'Proving', onChain: true },
        { number: 15, state: 'PreCommit1', onChain: false },
      ],
    });
    expect((await fcops('sectors', '--detailed-exitcode')).exitCode).toBe(8);
  });

  it('are none, and none failed; a list that breaks off tells nothing', async () => {
    const none = await fcops('sectors', '--detailed-exitcode');
    expect(none).toMatchObject({ exitCode: 0, stdout: 'f0494733: 0 sectors at miner-1, none failed\n' });
    await failed();
    await given('list-breaks');
    const broken = await fcops('sectors');
    expect(broken).toMatchObject({ exitCode: 1, stdout: '' });
    expect(broken.stderr).toContain('handler: websocket connection closed');
    expect((await fcops('sectors', '--state', 'proving')).stderr).toContain('"proving" is no state');
  });
});

describe('fcops sectors discard', { timeout: 120_000 }, () => {
  it('shows with --dry-run what is lost with each, and does nothing', async () => {
    await failed();
    const document = await batch('discard', '--state', 'SealPreCommit1Failed', '--dry-run');
    expect(document).toMatchObject({
      exitCode: 0,
      sectors: [{ number: 8 }, { number: 9 }],
      left: [{ number: 14, refusal: 'it has deals: their data would be lost' }],
      ...{ beyond: 0, refused: [], result: null },
    });
    const { stdout } = await fcops('sectors', 'discard', '--state', 'PreCommitFailed', '--dry-run');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '12 PreCommitFailed for 1 h 0 min: not on the chain, its deposit is paid; PC1, PC2 (5 h 48 min to 6 h 20 min) lost; its deposit is lost (bafy2bzacedprecommit)',
    );
    expect(await forced()).toBe('');
  });

  it('asks first, goes to the limit, and says what was seen', async () => {
    await failed();
    const unasked = await fcops('sectors', 'discard', '8');
    expect(unasked.exitCode).toBe(1);
    expect(unasked.stderr).toContain('no sector was given up: it is asked for first');
    const words = ['sectors', 'discard', '--state', 'SealPreCommit1Failed', '--limit', '1'];
    const no = await fcopsOnTerminal(args(words), { after: '[y/N]', keys: 'n\n' }, { env: cluster.env });
    expect(no.exitCode).toBe(1);
    expect(no.stdout).toContain('give up 1 sector of f0494733?');
    expect(await forced()).toBe('');
    const yes = await fcopsOnTerminal(args(words), { after: '[y/N]', keys: 'y\n' }, { env: cluster.env });
    expect(yes.exitCode).toBe(0);
    expect(yes.stdout).toMatch(/1 sector: 8 given up \(Removed\)/);
    expect(await forced()).toBe('8 Removed');
  });

  it('waits until lotus-miner has done it; what it does not do in time is only taken', async () => {
    await failed();
    await given('update-seconds', '6');
    expect(await batch('discard', '8', '9', '--yes')).toMatchObject({
      exitCode: 0,
      result: {
        outcomes: [
          { number: 8, type: 'done', state: 'Removed' },
          { number: 9, type: 'done', state: 'Removed' },
        ],
      },
    });
  });

  it('finds out what became of one whose answer was lost, and asks for none twice', async () => {
    await failed();
    await given('update-loses');
    expect(await batch('discard', '8', '--yes')).toMatchObject({
      exitCode: 0,
      result: { outcomes: [{ number: 8, type: 'done', state: 'Removed' }] },
    });
    expect(await forced()).toBe('8 Removed');
  });

  it.each([
    ['3', 'no failed state'],
    ['13', 'its message bafy2bzacedcommit was sent'],
    ['15', 'no failed state'],
    ['77', 'lotus-miner does not tell its state'],
    ['16', 'it is given up already'],
  ])('is refused for sector %s, and for those named with it: %s', async (number, why) => {
    await failed();
    const ended = await fcops('sectors', 'discard', '8', number, '--yes');
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(await forced()).toBe('');
  });

  it('is refused where the chain is behind, the miner is not understood, or a task is at work', async () => {
    await failed();
    await given('info-chain', 'sync behind! (3h4m5s behind)');
    const behind = await fcops('sectors', 'discard', '8', '--yes');
    expect(behind.stderr).toContain('lotus is not in sync');
    expect(await batch('discard', '8', '--yes').catch(String)).toMatchObject({ exitCode: 1 });
    await unturn(miner, 'info-chain');
    await given('list-breaks');
    const broken = await fcops('sectors', 'discard', '--state', 'SealPreCommit1Failed', '--yes');
    expect(broken.stderr).toContain('no sector was given up: lotus-miner did not answer about its sectors');
    await unturn(miner, 'list-breaks');
    await given('jobs', '13aa09cd 8 00000000 p1-50 PC1 ret-wait 31h0m2.4s\n');
    const lost = await fcops('sectors', 'discard', '8', '--yes');
    expect(lost.stderr.replaceAll(/\s+/g, ' ')).toContain('fcops jobs abort 13aa09cd ends that');
    expect(await forced()).toBe('');
  });

  it('is not done with more than the limit, nor with what is no sector', async () => {
    await failed();
    expect((await fcops('sectors', 'discard', '8-30', '--yes')).stderr).toContain(
      'these are 23 sectors, and --limit is 10',
    );
    expect((await fcops('sectors', 'discard', 'all', '--yes')).stderr).toContain(
      '"all" is no number of a sector',
    );
    expect((await fcops('sectors', 'discard', '--state', 'Proving', '--yes')).stderr).toContain(
      'that is not done with sectors in Proving',
    );
    expect((await fcops('sectors', 'discard', '--yes')).stderr).toContain('none was named');
    expect(await forced()).toBe('');
  });

  it('tells what lotus-miner refuses', async () => {
    await failed();
    await given('update-fails', "missing permission to invoke 'SectorsUpdate' (need 'admin')");
    const ended = await batch('discard', '8', '9', '--yes');
    expect(ended).toMatchObject({
      exitCode: 1,
      result: { outcomes: [{ type: 'not done' }, { type: 'not done' }] },
    });
    expect(await forced()).toBe('');
  });
});

describe('fcops sectors retry', { timeout: 120_000 }, () => {
  it('goes on with the stage that failed, or has lotus-miner decide anew', async () => {
    await failed();
    const document = await batch('retry', '8', '11', '12', '--yes');
    expect(document).toMatchObject({
      exitCode: 0,
      sectors: [{ to: 'PreCommit1' }, { to: 'PreCommit2' }, { to: 'PreCommitFailed' }],
      result: {
        outcomes: [
          { number: 8, type: 'done', state: 'PreCommit1' },
          { number: 11, type: 'done', state: 'PreCommit2' },
          { number: 12, type: 'done', state: 'PreCommitFailed' },
        ],
      },
    });
    expect(await forced()).toBe('8 PreCommit1\n11 PreCommit2\n12 PreCommitFailed');
  });

  it('leaves alone what lotus-miner is about to try again by itself', async () => {
    await failed();
    const now = await miner.sh('date +%s');
    await given('sector/8', `since ${Number(now) - 20}\n`);
    const ended = await fcops('sectors', 'retry', '8', '--yes');
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain('lotus-miner tries it again by itself');
    const some = await batch('retry', '--state', 'SealPreCommit1Failed', '--yes');
    expect(some).toMatchObject({ sectors: [{ number: 9 }, { number: 14 }], left: [{ number: 8 }] });
  });
});

describe('fcops sectors remove', { timeout: 120_000 }, () => {
  it('needs --really-do-it and the numbers, which are typed again', async () => {
    await failed();
    expect((await fcops('sectors', 'remove', '8', '--yes')).stderr).toContain('--really-do-it is not there');
    const range = await fcops('sectors', 'remove', '8-9', '--really-do-it', '--yes');
    expect(range.stderr).toContain('"8-9" is a range');
    const state = await fcops('sectors', 'remove', '8', '--state', 'Removed', '--really-do-it', '--yes');
    expect(state.stderr).toContain('--state');
    expect(state.exitCode).toBe(1);
    const words = args(['sectors', 'remove', '8', '16', '--really-do-it']);
    const after = 'Type their numbers again: ';
    const other = await fcopsOnTerminal(words, { after, keys: '8 9\n' }, { env: cluster.env });
    expect(other.exitCode).toBe(1);
    expect(other.stdout).toContain('no sector was removed');
    expect((await fcopsOnTerminal(words, { after, keys: 'y\n' }, { env: cluster.env })).exitCode).toBe(1);
    expect(await forced()).toBe('');
    const same = await fcopsOnTerminal(words, { after, keys: '16, 8\n' }, { env: cluster.env });
    expect(same.stdout).toContain('2 sectors: 8, 16 removed (Removed)');
    expect(same.exitCode).toBe(0);
    expect(await forced()).toBe('8 Removed\n16 Removed');
  });

  it('is refused for what is on the chain', async () => {
    await failed();
    for (const number of ['3', '13'])
      expect((await fcops('sectors', 'remove', number, '--really-do-it', '--yes')).exitCode).toBe(1);
    await given('sector/8', 'onchain YES\n');
    const ended = await fcops('sectors', 'remove', '8', '--really-do-it', '--yes');
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain('it is on the chain');
    expect(await forced()).toBe('');
  });
});

describe('fcops jobs abort', { timeout: 120_000 }, () => {
  const JOBS = `13aa09cd 990 00000000 p1-50 PC2 ret-wait 31h0m2.4s
24bb09cd 991 00000000 - PC1 ret-wait 2h0m0s
8c3d91aa 1017 6b1f2c90 p1-51 PC1 running 4h12m33.8s
00000000 1041 6b1f2c90 p1-51 PC1 assigned(0) 12m4s
`;

  it('aborts what is lost for good, and looks that it has gone', async () => {
    await given('jobs', JOBS);
    const shown = await fcops('jobs', 'abort', '--lost', '--dry-run');
    expect(shown.stdout).toContain('13aa09cd PC2 of sector 990 at p1-50: no worker has it, for 31 h 0 min\n');
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain(
      '24bb09cd PC1 of sector 991 left alone: for 2 h 0 min only: its worker may be at it',
    );
    expect(await aborted()).toBe('');
    expect(await abort('--lost', '--yes')).toMatchObject({
      exitCode: 0,
      result: { outcomes: [{ id: '13aa09cd', sector: 990, type: 'gone' }] },
    });
    expect(await aborted()).toBe('13aa09cd 990');
    expect(await abort('--lost', '--yes')).toMatchObject({ exitCode: 0, jobs: [], result: null });
  });

  it.each([['00000000'], ['0000'], ['13aa'], ['13AA09CD'], ['8c3d91aa0'], ['990']])(
    'takes no id that may mean another task: %s',
    async (id) => {
      await given('jobs', JOBS);
      const ended = await fcops('jobs', 'abort', id, '--yes', '--lose-tasks');
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toContain('nothing was aborted');
      expect(await aborted()).toBe('');
    },
  );

  it('aborts a task that runs only by its id, after its hours were told and agreed to', async () => {
    await given('jobs', JOBS);
    const unsaid = await fcops('jobs', 'abort', '8c3d91aa', '--yes');
    expect(unsaid.exitCode).toBe(1);
    expect(unsaid.stderr.replaceAll(/\s+/g, ' ')).toContain('--yes does not say that 4 h 12 min may be lost');
    expect((await fcops('jobs', 'abort', '77777777', '--yes')).stderr).toContain('lists no task 77777777');
    expect(await aborted()).toBe('');
    expect(await abort('8c3d91aa', '--yes', '--lose-tasks')).toMatchObject({
      ...{ exitCode: 0, jobs: [{ cost: 'running' }] },
      result: { outcomes: [{ type: 'gone' }] },
    });
    expect(await aborted()).toBe('8c3d91aa 1017');
  });

  it('says what has not gone', async () => {
    await given('jobs', JOBS);
    await given('abort-ignored');
    const ended = await fcops('jobs', 'abort', '--lost', '--yes');
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('! 13aa09cd of sector 990 taken by lotus-miner, which still waits for it');
    expect(ended.stderr).toContain('1 task of 1 is not seen to have gone: 13aa09cd');
  });

  it('leaves alone one whose id another has by then', async () => {
    await given('jobs', `${JOBS}13aa09cd 7 6b1f2c90 p1-51 PC1 ret-done 12m4s\n`);
    const ended = await abort('--lost', '--yes');
    expect(ended).toMatchObject({ exitCode: 1, result: { outcomes: [{ type: 'not done' }] } });
    expect(await aborted()).toBe('');
  });

  it('goes on over another connection where one is lost, and tells lotus-miner nothing twice', async () => {
    await failed();
    await given('update-seconds', '4');
    const running = startFcops(args(['sectors', 'discard', '8', '9', '--yes', '--output', 'json']), {
      env: cluster.env,
    });
    await expect.poll(forced, { timeout: 20_000 }).not.toBe('');
    miner.ssh.drop();
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).result.outcomes).toMatchObject([{ type: 'done' }, { type: 'done' }]);
    expect(await forced()).toBe('8 Removed\n9 Removed');
  });
});
