import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostResultSchema, type RunResult } from '../../../src/engine/runs/record.ts';
import { processIdentity } from '../../../src/ops/deps.ts';
import { failedHosts } from '../../../src/ops/failed-hosts.ts';
import { madeRun } from '../../support/runs.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-failed-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const states = hostResultSchema.shape.state.options;
const A = 'r-20260102T030405Z-aaaaa';
const B = 'r-20260103T030405Z-bbbbb';
const run = (
  name: string,
  ended: Readonly<Record<string, (typeof states)[number]>>,
  more: { miner?: string; state?: RunResult['state'] | null; kind?: 'locked' } = {},
) => madeRun(directory, name, { hosts: Object.keys(ended), ended, ...more });
const failed = (miner?: string) => {
  const { run: found, hosts } = failedHosts(directory, miner);
  return `${found.record.run} ${hosts.join(' ')}`;
};

describe('the hosts that did not end well in the last run', () => {
  it('are those of any bad end, in the order of the run', () => {
    run(A, { 'p1-1': 'failed' });
    run(B, {
      ...{ 'p1-9': 'unreachable', 'p1-1': 'same', 'p1-2': 'changed', 'p1-3': 'blocked' },
      ...{ 'p1-4': 'stopped', 'p1-5': 'failed' },
    });
    expect(failed('f0494733')).toBe(`${B} p1-9 p1-3 p1-4 p1-5`);
    expect(failed()).toBe(`${B} p1-9 p1-3 p1-4 p1-5`);
  });

  it('are those of the miner', () => {
    run(A, { 'p1-1': 'failed' });
    run(B, { 'p1-2': 'failed' }, { miner: 'f0730670' });
    expect(failed('f0494733')).toBe(`${A} p1-1`);
    expect(failed()).toBe(`${B} p1-2`);
    expect(() => failed('f01')).toThrow('this machine has run nothing for f01 yet');
  });

  it('are those that a run which broke off has not come to', () => {
    madeRun(directory, A, { hosts: ['p1-1', 'p1-2', 'p1-3'], ended: { 'p1-2': 'changed' }, state: null });
    expect(failed()).toBe(`${A} p1-1 p1-3`);
  });

  it('are not those of a run that did nothing', () => {
    run(A, { 'p1-1': 'failed', 'p1-2': 'same' });
    madeRun(directory, B, { hosts: ['p1-1', 'p1-2'], ended: {}, state: 'declined' });
    madeRun(directory, B.replace('bbbbb', 'ccccc'), { hosts: ['p1-2'], ended: {}, state: 'unasked' });
    run(B.replace('bbbbb', 'ddddd'), { 'p1-2': 'failed' }, { kind: 'locked' });
    expect(failed()).toBe(`${A} p1-1`);
  });

  it('are told of where there are none, with the run', () => {
    expect(() => failed()).toThrow('this machine has run nothing yet');
    run(A, { 'p1-1': 'failed' });
    run(B, { 'p1-1': 'same' }, { state: 'done' });
    expect(() => failed('f0494733')).toThrow(
      `@failed: all hosts ended well in the last run for f0494733, ${B}\n  next: see what it did: fcops runs show ${B}`,
    );
  });

  it('are not known while the run goes on', () => {
    madeRun(directory, A, {
      ...{ hosts: ['p1-1'], ended: {}, state: null },
      process: processIdentity(process.pid) ?? undefined,
    });
    expect(() => failed()).toThrow(`${A} goes on, in process ${process.pid}`);
  });

  it('are not those of an older run where the newest cannot be read', () => {
    run(A, { 'p1-1': 'failed' });
    const broken = (name: string) => {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'run.json'), '{');
    };
    broken('r-20260101T030405Z-aaaaa');
    expect(failed()).toBe(`${A} p1-1`);
    broken(B);
    expect(() => failed()).toThrow('the journal of this run cannot be read');
  });
});
