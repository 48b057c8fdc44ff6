import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import { haveChanged, hostsOf, runToUndo } from '../../../../src/ops/rollback/which.ts';
import { result } from '../../cli/views/samples.ts';

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

interface Made {
  readonly operation?: string;
  readonly results?: readonly HostResult[] | null;
  readonly hosts?: readonly string[];
  readonly resumes?: string;
  readonly undoes?: string;
  readonly planned?: boolean;
  /** Whether it is this very process that runs it. */
  readonly process?: { readonly pid: number; readonly started: string; readonly boot: string };
}

const nameOf = (number: number): string => `r-2026112${number}T043000Z-aaaaa`;

/** The journals of some runs, the oldest first. */
const journals = (runs: readonly Made[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-which-'));
  directories.push(directory);
  for (const [index, made] of runs.entries()) {
    const { operation = 'deploy', hosts = ['p1-50'], results = [result('p1-50', { changed: 3 })] } = made;
    const run = nameOf(index + 1);
    const request = { role: 'p1', miner: 'f0494733', tags: [], start: false, batches: [] };
    const record = {
      format: 'fcops-run/1',
      run,
      operation,
      request: { ...request, maxFail: { hosts: 0 }, inventory: '/inventories', transport: 'ssh2' },
      who: 'alice@ops1',
      since: '2026-11-22T04:30:00Z',
      version: '0.2.0',
      hosts,
      ...(made.resumes && { resumes: made.resumes }),
      ...(made.undoes && { undoes: made.undoes }),
      process: made.process ?? { pid: 1, started: '0', boot: 'b' },
    };
    mkdirSync(join(directory, run));
    writeFileSync(join(directory, run, 'run.json'), JSON.stringify(record));
    const ended = { format: 'fcops-run-result/1', state: 'done', ended: '', results };
    if (results) writeFileSync(join(directory, run, 'result.json'), JSON.stringify(ended));
    const plan = { format: 'fcops-host-plan/1', host: 'p1-50', items: [], same: 0 };
    if (made.planned) writeFileSync(join(directory, run, 'plan.jsonl'), `${JSON.stringify(plan)}\n`);
  }
  return directory;
};

const undoable = (runs: readonly Made[], name?: string) => {
  const { run, chain, before } = runToUndo(journals(runs), name);
  return { run: run.record.run, chain: chain.map(({ record }) => record.run), before };
};

const failure = (runs: readonly Made[], name?: string): string => {
  try {
    undoable(runs, name);
  } catch (error) {
    if (error instanceof FcopsError) return error.message;
    throw error;
  }
  throw new Error('it did not fail');
};

const NOTHING: Made = { results: [result('p1-50', { changed: 0 })] };

describe('the run that is undone', () => {
  it('is the last that changed something: no rollback, no stop, none that found nothing to do', () => {
    const runs = [{}, {}, { operation: 'rollback', undoes: nameOf(2) }, { operation: 'stop' }, NOTHING];
    expect(undoable(runs)).toEqual({ run: nameOf(2), chain: [nameOf(2)], before: nameOf(1) });
  });

  it('is one that was killed, where it had come to its changes', () => {
    expect(undoable([{}, { results: null, planned: true }]).run).toBe(nameOf(2));
    expect(undoable([{}, { results: null }]).run).toBe(nameOf(1));
  });

  it('is the one that is named, a rollback too', () => {
    expect(undoable([{}, {}], '1121T').run).toBe(nameOf(1));
    expect(undoable([{}, { operation: 'rollback' }], nameOf(2)).run).toBe(nameOf(2));
  });

  it('belongs together with what it took up, and what took it up', () => {
    const runs = [{}, { results: null, planned: true }, { resumes: nameOf(2) }, { resumes: nameOf(3) }];
    const whole = { chain: [nameOf(2), nameOf(3), nameOf(4)], before: nameOf(1) };
    expect(undoable(runs)).toEqual({ run: nameOf(4), ...whole });
    expect(undoable(runs, nameOf(2))).toEqual({ run: nameOf(2), ...whole });
  });
});

describe('no run to undo', () => {
  it('where nothing was changed, where there is none of that name', () => {
    expect(failure([NOTHING])).toContain('there is nothing to roll back');
    expect(failure([{}], 'zzz')).toContain('there is no run "zzz" here');
  });

  it('where it replaced nothing', () => {
    expect(failure([{ operation: 'restart' }], nameOf(1))).toContain(
      'was a restart: it replaced nothing, so there is nothing to put back',
    );
  });
});

describe('whether a host was changed', () => {
  const changedOf = (made: Made, host = 'p1-50') => {
    const { chain } = runToUndo(journals([made]), nameOf(1));
    return haveChanged(chain, host);
  };

  it('is known by the result', () => {
    expect(changedOf({})).toBe(true);
    expect(changedOf(NOTHING)).toBe(false);
    expect(changedOf({}, 'p1-51')).toBe(false);
  });

  it('is not known of a step that failed, and of a run that was killed', () => {
    expect(changedOf({ results: [result('p1-50', { changed: 0, state: 'failed' })] })).toBe(null);
    expect(changedOf({ results: null })).toBe(null);
  });

  it('is asked of all hosts of the runs that belong together', () => {
    const runs = [{ hosts: ['p1-50', 'p1-51'] }, { hosts: ['p1-51'], resumes: nameOf(1) }];
    expect(hostsOf(runToUndo(journals(runs), undefined).chain)).toEqual(['p1-50', 'p1-51']);
  });
});
