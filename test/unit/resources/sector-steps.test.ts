import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { quote } from '../../../src/core/shell.ts';
import { reasonIn } from '../../../src/engine/apply/reason.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';
import { abortJob, removeSector, updateSector } from '../../../src/resources/sectors/step.ts';
import { JOBS, SECTOR_STATUS } from '../lotus/samples.ts';

const directory = mkdtempSync(join(tmpdir(), 'fcops-sectors-'));
afterAll(() => rmSync(directory, { recursive: true }));
const profile = join(directory, 'profile');
const asked = join(directory, 'asked');
writeFileSync(profile, `export PATH=${quote(directory)}:$PATH LOTUS_DEV=1 GOLOG_LOG_FMT=color; false\n`);
beforeEach(() => writeFileSync(asked, ''));

/** What lotus-miner prints by its first two words; the others are kept. */
interface Miner {
  readonly status?: string;
  readonly jobs?: string;
  readonly does?: string;
}

/** What a step says and how it ends, and what lotus-miner was told. */
const run = (bash: string, { status = SECTOR_STATUS, jobs = JOBS, does = 'true' }: Miner = {}) => {
  writeFileSync(join(directory, 'status'), status);
  writeFileSync(join(directory, 'jobs'), jobs);
  const miner = `#!/bin/bash
case "$1 $2" in
  'sectors status') cat ${quote(join(directory, 'status'))} ;;
  'sealing jobs') cat ${quote(join(directory, 'jobs'))} ;;
  *) echo "$*" >>${quote(asked)}; ${does} ;;
esac
`;
  writeFileSync(join(directory, 'lotus-miner'), miner);
  chmodSync(join(directory, 'lotus-miner'), 0o755);
  const script = `${STEP_SHELL}\nset -euo pipefail\n${bash} 2>&1`;
  const env = { PATH: process.env.PATH ?? '', FCOPS_RUN: directory, MINER_API_INFO: 'another' };
  const ended = spawnSync('bash', ['-c', script], { encoding: 'utf8', env });
  const lines = ended.stdout.trimEnd().split('\n');
  const told = readFileSync(asked, 'utf8').trimEnd().split('\n').filter(Boolean);
  return { status: ended.status, lines, reason: reasonIn(lines), told };
};

const common = { profile, deadline: 120 };
const update = updateSector.bash(
  { step: 'update-sector', sector: 1041, from: 'SealPreCommit2Failed', to: 'Removed', ...common },
  () => '',
);
const remove = removeSector.bash(
  { step: 'remove-sector', sector: 1041, from: 'SealPreCommit2Failed', ...common },
  () => '',
);
const abort = (id: string, sector: number, task: string, state: string) =>
  abortJob.bash({ step: 'abort-job', id, sector, task, state, ...common }, () => '');
const fails = (why: string, status = 1) => `printf 'ERROR: %s\\n\\n' ${quote(why)} >&2; exit ${status}`;

describe('a sector that is given another state', () => {
  it('is asked for once, with the flag before what it is about', () => {
    expect(run(update)).toMatchObject({
      ...{ status: 0, lines: ['asked'] },
      told: ['sectors update-state --really-do-it 1041 Removed'],
    });
    expect(run(remove).told).toEqual([
      'sectors update-state --really-do-it 1041 Removed',
      'sectors remove --really-do-it 1041',
    ]);
  });

  it.each([update, remove])('is left alone where it is in another state by now: %s', (step) => {
    const moved = SECTOR_STATUS.replace('SealPreCommit2Failed', 'PreCommit2');
    expect(run(step, { status: moved })).toMatchObject({
      ...{ status: 1, told: [] },
      reason: {
        what: 'nothing was done with sector 1041: it was in SealPreCommit2Failed, and is in PreCommit2',
      },
    });
    expect(run(step, { status: '' })).toMatchObject({ status: 1, told: [] });
  });

  it('is not done where lotus-miner knows no such state, which it does not take for an error', () => {
    const does = `echo ' "Removed" is not a valid state. Possible states for sectors are: '; echo Proving`;
    expect(run(update, { does })).toMatchObject({
      status: 1,
      reason: {
        what: 'sector 1041 to Removed was not done: lotus-miner does not know how',
        why: expect.stringContaining('is not a valid state'),
      },
    });
  });

  it.each([
    'this is a command for advanced users, only use it if you are sure of what you are doing',
    'dial tcp 127.0.0.1:2345: connect: connection refused',
  ])('is not done with: %s', (why) => {
    const { lines, reason } = run(update, { does: fails(why) });
    expect(lines).not.toContain('not known');
    expect(reason).toMatchObject({ what: 'sector 1041 to Removed was not done', why });
  });

  it('is not done where nothing is taken up for it any more', () => {
    const { lines, reason } = run(update, { does: fails('normal shutdown of state machine') });
    expect(lines).not.toContain('not known');
    expect(reason).toMatchObject({ next: ['it does again once lotus-miner has been started anew'] });
  });

  it('may have been done where its answer was lost', () => {
    const { lines, reason } = run(update, { does: fails('handler: websocket connection closed') });
    expect(lines).toContain('not known');
    expect(reason).toMatchObject({
      what: 'lotus-miner failed: whether it took sector 1041 to Removed is not known',
    });
  });
});

describe('a task that is aborted', () => {
  const answers = `echo 'aborting job 1234-990-13aa09cd-5a51-4d3e-9f2e-0c6d2b7f1a11, task PC2, sector 990, running on host node-p1-02'`;

  it('is the one that was seen', () => {
    expect(run(abort('13aa09cd', 990, 'PC2', 'ret-wait'), { does: answers })).toMatchObject({
      ...{ status: 0, lines: ['asked'], told: ['sealing abort 13aa09cd'] },
    });
  });

  it('is left alone where another begins like it, or it is not that any more', () => {
    const twice = `${JOBS}13aa09cd  991     6b1f2c90  node-p1-03  PC1   ret-done  12m4s\n`;
    for (const jobs of [
      twice,
      JOBS.replace('ret-wait', 'running '),
      JOBS.replace('990 ', '991 '),
      JOBS.replace('13aa09cd', '13aa09ce'),
      'ID  Sector  Worker  Hostname  Task  State  Time\n',
    ])
      expect(run(abort('13aa09cd', 990, 'PC2', 'ret-wait'), { jobs })).toMatchObject({ status: 1, told: [] });
  });

  it('is found where its host has no name', () => {
    const jobs = JOBS.replace('node-p1-02', '          ');
    expect(run(abort('13aa09cd', 990, 'PC2', 'ret-wait'), { jobs, does: answers }).lines).toEqual(['asked']);
  });

  it('is not known where lotus-miner speaks of another, or breaks', () => {
    const other = answers.replace('sector 990', 'sector 7');
    for (const does of [other, 'true', fails('handler: websocket connection closed')]) {
      const { status, lines } = run(abort('13aa09cd', 990, 'PC2', 'ret-wait'), { does });
      expect(status).toBe(1);
      expect(lines).toContain('not known');
    }
    const gone = run(abort('13aa09cd', 990, 'PC2', 'ret-wait'), {
      does: fails('job with specified id prefix not found'),
    });
    expect(gone.lines).not.toContain('not known');
  });
});
