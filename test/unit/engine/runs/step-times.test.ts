import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { timedRuns } from '../../../../src/engine/runs/step-times.ts';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
const begin = (seconds: number, step: number, resource: string, host = 'miner-1'): string =>
  JSON.stringify({
    at: at(seconds),
    type: 'step-begin',
    host,
    step,
    steps: 2,
    task: 't',
    resource,
    title: 'x',
  });
const end = (seconds: number, step: number, ok = true, host = 'miner-1'): string =>
  JSON.stringify({ at: at(seconds), type: 'step-end', host, step, ok, seconds: 1 });

it('tells when steps were at work in each run, the newest first; what was cut tells nothing', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-times-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const write = (run: string, lines: readonly string[]) => {
    mkdirSync(join(directory, run));
    writeFileSync(join(directory, run, 'events.jsonl'), lines.join('\n'));
  };
  write('r-20261101T000000Z-aaaaa', [
    begin(10, 1, 'stop:lotus'),
    end(12, 1),
    // The start is a run of steps of its own: they are numbered anew.
    begin(13, 1, 'process:lotus'),
    begin(14, 1, 'process:lotus', 'miner-2'),
    end(15, 1, false),
    begin(16, 2, 'file:/etc/fstab'),
    end(17, 2),
  ]);
  write('r-20261102T000000Z-bbbbb', [begin(20, 1, 'stop:lotus'), end(29, 1).slice(0, -5)]);
  write('r-20261103T000000Z-ccccc', ['not json', begin(30, 1, 'file:/etc/fstab')]);
  const found = timedRuns(directory, new Set(['stop:lotus', 'process:lotus']));
  expect(found.map(({ run }) => run.slice(-5))).toEqual(['bbbbb', 'aaaaa']);
  expect(found.map(({ steps }) => steps)).toEqual([
    [{ host: 'miner-1', resource: 'stop:lotus', begun: 20_000, ended: null, ok: false }],
    [
      { host: 'miner-1', resource: 'stop:lotus', begun: 10_000, ended: 12_000, ok: true },
      { host: 'miner-1', resource: 'process:lotus', begun: 13_000, ended: 15_000, ok: false },
      { host: 'miner-2', resource: 'process:lotus', begun: 14_000, ended: null, ok: false },
    ],
  ]);
});

it('tells nothing where there are no runs', () => {
  expect(timedRuns('/nowhere', new Set(['stop:lotus']))).toEqual([]);
});
