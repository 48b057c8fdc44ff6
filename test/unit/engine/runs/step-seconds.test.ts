import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stepSeconds } from '../../../../src/engine/runs/history.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-times-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (run: string, lines: readonly string[]) => {
  mkdirSync(join(directory, run));
  writeFileSync(join(directory, run, 'events.jsonl'), `${lines.join('\n')}\n`);
};

/** A step of a host as the journal has it: its begin, what it prints, its end. */
const step = (host: string, number: number, resource: string, seconds: number, ok = true) =>
  [
    { type: 'step-begin', host, step: number, resource },
    { type: 'step-output', host, step: number, line: 'x' },
    { type: 'step-end', host, step: number, ok, seconds },
  ].map((event) => JSON.stringify(event));

it('are those of the slowest host in the newest run that had the step', () => {
  write('r-20261122T043000Z-aaaaa', [...step('a', 1, 'file:/x', 9), ...step('a', 2, 'packages:bc', 40)]);
  write('r-20261123T043000Z-aaaaa', [
    ...step('a', 1, 'file:/x', 1),
    ...step('b', 1, 'file:/x', 3),
    ...step('b', 2, 'archive:/y', 50, false),
    '{"type":"step-begin","host":"a","st',
  ]);
  expect([...stepSeconds(directory)]).toEqual([
    ['file:/x', 3],
    ['packages:bc', 40],
  ]);
});

it('are none where nothing has been run, or nothing can be read', () => {
  expect(stepSeconds(join(directory, 'nowhere')).size).toBe(0);
  mkdirSync(join(directory, 'r-20261122T043000Z-aaaaa'));
  expect(stepSeconds(directory).size).toBe(0);
});
