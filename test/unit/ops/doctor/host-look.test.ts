import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuUsers, heldPages, lastWords } from '../../../../src/ops/doctor/host-look.ts';
import { needs } from '../../../support/needs.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';

const SHELL = ['host-look.sh', 'miner-look.sh'].map((name) =>
  fileURLToPath(new URL(`../../../../src/ops/doctor/${name}`, import.meta.url)),
);
const [LOOK = ''] = SHELL;

it.each(SHELL)('%s passes shellcheck', { tags: needs('shellcheck') }, (file) => {
  expect(spawnSync('shellcheck', ['-s', 'bash', '-f', 'gcc', file], { encoding: 'utf8' }).stdout).toBe('');
});

const seen = (name: string, output: string) =>
  observationOf(FACTS, { guards: { [name]: { status: 0, output } } });

describe('what a host has answered', () => {
  it('is read row by row', () => {
    expect(heldPages(seen('huge pages that nobody uses', 'held\t3p1\t2\t2097152\nover\n'))).toEqual([
      { name: '3p1', files: 2, kib: 2_097_152 },
    ]);
    const output =
      'user\t7\t0\t/tmp\nbound\t7\tBELLMAN_GPU_BUS_ID\t24\nlock\t/tmp\tbellman.gpu.lock\t1000\nover\n';
    expect(gpuUsers(seen('who uses GPUs', output))).toEqual({
      bound: [{ pid: 7, name: 'BELLMAN_GPU_BUS_ID', busId: '24' }],
      users: [{ pid: 7, user: 0, directory: '/tmp' }],
      locks: [{ directory: '/tmp', name: 'bellman.gpu.lock', user: 1000 }],
    });
  });

  it('is unknown where it broke off, or was not given', () => {
    expect(heldPages(seen('huge pages that nobody uses', 'held\t3p1\t2\t209'))).toMatchObject({
      why: /broke off/,
    });
    expect(heldPages(observationOf(FACTS))).toHaveProperty('why');
    expect(gpuUsers(observationOf(FACTS))).toHaveProperty('why');
  });

  it('has the last words of each process; of an answer that was cut those that are whole', () => {
    const words = seen('last words of workers', 'said\tP1-3\tpanic: a\nsaid\tP2\tb\nover\n');
    expect([lastWords(words, 'P1-3'), lastWords(words, 'P1-4')]).toEqual([['panic: a'], []]);
    const cut = seen('last words of daemons', 'said\tlotus\tERROR: a\nsaid\tlotus-miner\tERR');
    expect([lastWords(cut, 'lotus'), lastWords(cut, 'lotus-miner')]).toEqual([['ERROR: a'], []]);
  });
});

describe('the shell on the host', () => {
  let directory: string;
  const run = (script: string): string =>
    spawnSync('bash', ['-c', `set +eu\nsource ${LOOK}\n${script}`], { encoding: 'utf8' }).stdout;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'fcops-doctor-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('counts files that nobody has open or mapped, by their directory', () => {
    for (const name of ['3p1', '4p1', 'odd name'])
      mkdirSync(join(directory, 'pages', name), { recursive: true });
    for (const name of ['3p1/a', '3p1/b', '4p1/open', 'odd name/a', 'top'])
      writeFileSync(join(directory, 'pages', name), 'x'.repeat(5000));
    const root = join(directory, 'pages');
    const rows = run(`stat() { if [[ $1 == -f ]]; then echo hugetlbfs; else command stat "$@"; fi; }
exec 9<${root}/4p1/open
fcops_held_pages ${root}`)
      .trimEnd()
      .split('\n');
    expect(rows.at(-1)).toBe('over');
    expect(rows.slice(0, -1).toSorted()).toEqual([
      expect.stringMatching(/^held\t\.\t1\t\d+$/),
      expect.stringMatching(/^held\t3p1\t2\t\d+$/),
      expect.stringMatching(/^held\t\?\t1\t\d+$/),
    ]);
  });

  it('says nothing of a directory that is on no hugetlbfs: its files are on a disk', () => {
    expect(run(`fcops_held_pages ${join(directory, 'pages')}`)).toBe('over\n');
    expect(run('fcops_held_pages /nowhere')).toBe('over\n');
  });

  it('tells what a process that has ended has said, errors before all else, and nothing of one that runs', () => {
    const log = join(directory, 'log.txt');
    writeFileSync(log, 'begin\n2026\tERROR\tmain\tit broke\nand on\nand on\n');
    writeFileSync(join(directory, 'quiet.txt'), 'one\ntwo\n\n');
    expect(
      run(
        `fcops_last_words 3 1 P1-3 ${directory}/worker-3p1 ${log} P2 ${directory}/worker-p2 ${directory}/quiet.txt`,
      ),
    ).toBe('said\tP1-3\t2026 ERROR main it broke\nsaid\tP2\ttwo\nover\n');
    expect(
      run(
        `bash -c 'sleep 5; :' x --worker-repo ${directory}/worker-3p1 run & fcops_last_words 3 1 P1-3 ${directory}/worker-3p1 ${log}; kill $!`,
      ),
    ).toBe('over\n');
    expect(run(`fcops_last_words 3 1 P1-3 ${directory}/worker-3p1 ${directory}/none`)).toBe('over\n');
  });

  it('ends with its last row whatever runs here', () => {
    expect(run('fcops_gpu_users').split('\n').at(-2)).toBe('over');
  });
});
