import { describe, expect, it } from 'vitest';
import { PlainView } from '../../../../src/cli/views/plain.ts';
import type { RunEvent } from '../../../../src/engine/events.ts';
import { directoryItem, failedResult, planOf, result } from './samples.ts';

const start = (verbose = false) => {
  const lines: string[] = [];
  let now = 0;
  const view = new PlainView({ writeLine: (line) => lines.push(line), now: () => now, verbose });
  return {
    lines,
    view,
    say: (...events: readonly RunEvent[]) => events.forEach(view.emit),
    wait: (seconds: number) => {
      now += seconds * 1000;
      view.heartbeat();
    },
  };
};

const step = (number: number, task: string, resource: string): RunEvent => ({
  type: 'step-begin',
  host: 'p1-50',
  step: number,
  steps: 3,
  task,
  resource,
  title: resource.replace(':', ' '),
});

const begin: readonly RunEvent[] = [
  { type: 'run-begin', run: 'r-1', hosts: ['p1-50', 'p1-51'], stages: ['look', 'apply', 'verify'] },
  { type: 'phase', host: 'p1-50', phase: 'connect' },
  { type: 'phase', host: 'p1-50', phase: 'look' },
  { type: 'planned', host: 'p1-50', plan: planOf('p1-50', [directoryItem, directoryItem, directoryItem]) },
  { type: 'phase', host: 'p1-50', phase: 'apply' },
];

describe('PlainView', () => {
  it('says a line for each task, and how each host ended', () => {
    const { lines, say } = start();
    say(
      ...begin,
      step(1, 'scripts', 'directory:/opt/a'),
      { type: 'step-output', host: 'p1-50', step: 1, line: 'made' },
      { type: 'step-end', host: 'p1-50', step: 1, ok: true, seconds: 0.1 },
      step(2, 'scripts', 'file:/opt/a/b'),
      step(3, 'service', 'unit:x.service'),
      { type: 'phase', host: 'p1-50', phase: 'verify' },
      { type: 'host-end', result: result('p1-50', { state: 'changed', changed: 3, seconds: 2.5 }) },
      { type: 'host-end', result: result('p1-51') },
      { type: 'host-end', result: failedResult('p1-52') },
    );
    expect(lines).toEqual([
      'p1-50: 3 changes to make, 5 as required',
      'p1-50: [1/3] scripts',
      'p1-50: [3/3] service',
      'p1-50: verifying',
      'p1-50: 3 changes made and verified, in 2.5 s',
      'p1-51: nothing to change, in 0.4 s',
      'p1-52: FAILED after 2 changes, 4 left, in 12 s: archive:/opt/lotus failed (status 22)',
    ]);
  });

  it('says every step and its output where that is asked for', () => {
    const { lines, say } = start(true);
    say(step(1, 'scripts', 'file:/a'), step(2, 'scripts', 'file:/b'), {
      type: 'step-output',
      host: 'p1-50',
      step: 2,
      line: '\u001b[1mbold\u001b[0m',
    });
    expect(lines).toEqual([
      'p1-50: [1/3] scripts: file /a',
      'p1-50: [2/3] scripts: file /b',
      'p1-50:   | bold',
    ]);
  });

  it('names a host that is at a step for long every 30 s, with what it said last', () => {
    const { lines, say, wait } = start();
    say(...begin, step(1, 'packages', 'packages:bc'));
    lines.length = 0;
    wait(29);
    expect(lines).toEqual([]);
    wait(1);
    say({ type: 'step-output', host: 'p1-50', step: 1, line: 'Unpacking bc' });
    wait(10);
    wait(20);
    expect(lines).toEqual([
      'p1-50: still at [1/3] packages: packages bc after 30 s',
      'p1-50: still at [1/3] packages: packages bc after 1 min 0 s; it last said: Unpacking bc',
    ]);
  });

  it('tells of many hosts that are alike in one line: unchanged ones, and those at the same for long', () => {
    const { lines, say, wait } = start();
    const hosts = Array.from({ length: 50 }, (_, index) => `p1-${index + 10}`);
    say({ type: 'run-begin', run: 'r-1', hosts, stages: ['look'] });
    for (const host of hosts) say({ type: 'phase', host, phase: 'look' });
    wait(30);
    // They end in no order.
    for (const host of hosts.slice(2).toReversed()) say({ type: 'host-end', result: result(host) });
    say({ type: 'host-end', result: failedResult('p1-10') }, { type: 'host-end', result: result('p1-11') });
    say({ type: 'stage-end', stage: 'look' });
    expect(lines).toEqual([
      'p1-[10:59]: still at look after 30 s',
      'p1-[12:59]: nothing to change, in 0.4 s',
      'p1-10: FAILED after 2 changes, 4 left, in 12 s: archive:/opt/lotus failed (status 22)',
      'p1-11: nothing to change, in 0.4 s',
    ]);
  });

  it('does not name hosts that wait or are done', () => {
    const { lines, say, wait } = start();
    say(...begin.slice(0, 4), { type: 'host-end', result: result('p1-51') });
    lines.length = 0;
    wait(60);
    expect(lines).toEqual([]);
  });
});
