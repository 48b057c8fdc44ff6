import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { displayWidth } from '../../../../src/cli/text/width.ts';
import type { FrameSize, Stage } from '../../../../src/cli/views/live-frame.ts';
import { liveFrame } from '../../../../src/cli/views/live-frame.ts';
import { RunState } from '../../../../src/cli/views/run-state.ts';
import type { RunEvent } from '../../../../src/engine/events.ts';
import { change, directoryItem, failedResult, planOf, result, violatedItem } from './samples.ts';

const STAGES: readonly Stage[] = [
  { name: 'look', state: 'done' },
  { name: 'confirm', state: 'done' },
  { name: 'apply', state: 'active' },
  { name: 'verify', state: 'pending' },
];

const frameOf = (
  events: readonly RunEvent[],
  size: FrameSize,
  colour = false,
  seconds: Readonly<Record<string, number>> = {},
) => {
  const more = { atOnce: 50, secondsBefore: (resource: string) => seconds[resource] };
  const run = new RunState();
  for (const event of events) run.follow(event, 1000);
  const input = {
    title: 'deploy p1 to f0494733',
    stages: STAGES,
    run,
    elapsed: 83_000,
    now: 61_000,
    ...more,
  };
  return liveFrame(input, size, painter(colour));
};

const names = ['p1-50', 'p1-51', 'p1-52', 'p1-53', 'p1-54'];

const running: readonly RunEvent[] = [
  { type: 'run-begin', run: 'r-1', hosts: names, stages: STAGES.map(({ name }) => name) },
  ...names.slice(0, 4).flatMap((host): RunEvent[] => [
    { type: 'phase', host, phase: 'look' },
    { type: 'planned', host, plan: planOf(host, [directoryItem]) },
  ]),
  { type: 'planned', host: 'p1-54', plan: planOf('p1-54', [violatedItem('enforce')]) },
  { type: 'host-end', result: { ...failedResult('p1-54'), state: 'blocked' } },
  { type: 'phase', host: 'p1-50', phase: 'apply' },
  {
    type: 'step-begin',
    host: 'p1-50',
    step: 3,
    steps: 61,
    task: 'packages',
    resource: 'packages:bc,lsof',
    title: 'packages bc,lsof',
  },
  { type: 'step-output', host: 'p1-50', step: 3, line: 'Unpacking bc (1.07)\r' },
  { type: 'phase', host: 'p1-51', phase: 'apply' },
  { type: 'phase', host: 'p1-51', phase: 'verify' },
  { type: 'phase', host: 'p1-52', phase: 'apply' },
  { type: 'host-end', result: failedResult('p1-52') },
];

describe('liveFrame', () => {
  it('shows the stages, and the hosts at work with what they say', () => {
    expect(frameOf(running, { rows: 20, columns: 80 })).toMatchInlineSnapshot(`
      [
        "deploy p1 to f0494733                                                 1 min 23 s",
        "██████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1/4 steps, 2/5 hosts",
        "✓ look    5 hosts: 4 to change, 1 with problems",
        "✓ confirm",
        "⠋ apply   1 at work, 1 done, 1 failed, 1 waiting",
        "· verify",
        "! p1-50  3/61 packages: packages bc,lsof                               1 min 0 s",
        "         Unpacking bc (1.07)",
        "! p1-51  verifying                                                     1 min 0 s",
      ]
    `);
  });

  it('has a bar over all steps and hosts, with the time that is left where steps are known', () => {
    const hosts = ['p1-50', 'p1-51'];
    const items = ['a', 'b', 'c', 'd'].map((name) =>
      change('t', `file:/${name}`, { action: 'create', details: [] }),
    );
    const step = (host: string, number: number): RunEvent => ({
      type: 'step-begin',
      host,
      step: number,
      steps: 4,
      task: 't',
      resource: `file:/${'abcd'[number - 1]}`,
      title: 'x',
    });
    const events: readonly RunEvent[] = [
      { type: 'run-begin', run: 'r-1', hosts, stages: [] },
      ...hosts.map((host): RunEvent => ({ type: 'planned', host, plan: planOf(host, items) })),
      ...hosts.map((host): RunEvent => ({ type: 'phase', host, phase: 'apply' })),
      step('p1-50', 1),
      { type: 'step-end', host: 'p1-50', step: 1, ok: true, seconds: 1 },
      step('p1-50', 2),
      step('p1-51', 1),
    ];
    const size = { rows: 20, columns: 80 };
    const known = { 'file:/a': 70, 'file:/b': 100, 'file:/c': 100, 'file:/d': 30 };
    const frame = frameOf(events, size, false, known);
    // p1-50: 100 - 60 + 100 + 30 s; p1-51: nothing of a, which took 1 s in this run, then 230 s.
    expect(frame[1]).toMatch(/^█+░+ {2}1\/8 steps, 0\/2 hosts, about 3 min 50 s left$/);
    expect(displayWidth(frame[1] ?? '')).toBe(80);
    expect(frameOf(events, size)[1]).toMatch(/ {2}1\/8 steps, 0\/2 hosts$/);
    // 60 s are long for what took 1 s, and not for what takes 100: the stuck one stands first.
    expect(frame.slice(-2).map((line) => line.slice(0, 8))).toEqual(['! p1-51 ', '  p1-50 ']);
    expect(frameOf(events.slice(0, 2), size)[1]).toMatch(/ {2}1\/2 hosts$/);
  });

  it('shows what a host says beside what it is at, where there is room', () => {
    const lines = frameOf(running, { rows: 20, columns: 140 });
    expect(lines.some((line) => /packages bc,lsof \| Unpacking bc \(1\.07\) +1 min 0 s$/.test(line))).toBe(
      true,
    );
  });

  it('leaves out output first, then hosts, then stages', () => {
    expect(frameOf(running, { rows: 8, columns: 60 })).toMatchInlineSnapshot(`
      [
        "deploy p1 to f0494733                             1 min 23 s",
        "█████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1/4 steps, 2/5 hosts",
        "✓ look    5 hosts: 4 to change, 1 with problems",
        "✓ confirm",
        "⠋ apply   1 at work, 1 done, 1 failed, 1 waiting",
        "· verify",
        "! p1-50  3/61 packages: packages bc,lsof           1 min 0 s",
        "! p1-51  verifying                                 1 min 0 s",
      ]
    `);
    expect(frameOf(running, { rows: 7, columns: 60 }).at(-1)).toBe('  … and 2 more hosts at work');
    expect(frameOf(running, { rows: 1, columns: 60 })).toEqual([
      '⠋ apply   1 at work, 1 done, 1 failed, 1 waiting',
    ]);
    expect(frameOf(running, { rows: 0, columns: 60 })).toEqual([]);
  });

  it('cuts long and wide lines', () => {
    const wide = frameOf(
      [
        ...running,
        {
          type: 'step-output',
          host: 'p1-50',
          step: 3,
          line: '正在解压缩软件包正在解压缩软件包正在解压缩软件包',
        },
      ],
      { rows: 20, columns: 40 },
    );
    expect(Math.max(...wide.map(displayWidth))).toBeLessThanOrEqual(40);
    expect(wide.join('\n')).toContain('正在解压缩软件包');
  });

  it('takes no host for stuck that waits for its turn, and shows it after those at work', () => {
    const begin = {
      type: 'step-begin',
      step: 1,
      steps: 2,
      task: 'processes',
      resource: 'process:a',
      title: 'P1-1',
    } as const;
    const frame = frameOf(
      [
        { type: 'phase', host: 'p1-50', phase: 'turn' },
        { type: 'waits', host: 'p1-50', text: 'waits for its turn: 6 hosts start at a time' },
        { type: 'phase', host: 'p1-51', phase: 'start' },
        { ...begin, host: 'p1-51' },
        { type: 'waits', host: 'p1-51', text: 'P1-2 waits for its turn', seconds: 85 },
      ],
      { rows: 20, columns: 110 },
    );
    expect(frame.slice(-2)).toEqual([
      expect.stringMatching(/^ {2}p1-51 {2}1\/2 processes: P1-1 \| P1-2 waits for its turn in 25 s /),
      expect.stringMatching(/^ {2}p1-50 {2}waiting for others to start \| waits for its turn: 6 hosts/),
    ]);
  });

  it('does not promise an earlier end than the starts that are left allow', () => {
    const host = names[0] ?? '';
    const starts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
      change('processes', `process:${name}`, { action: 'run', details: [] }),
    );
    const seconds = Object.fromEntries(starts.map(({ resource }) => [resource, 3]));
    const events: readonly RunEvent[] = [
      { type: 'run-begin', run: 'r-1', hosts: [host], stages: [] },
      { type: 'phase', host, phase: 'look' },
      { type: 'planned', host, plan: planOf(host, starts) },
    ];
    const bar = (...more: RunEvent[]) =>
      frameOf([...events, ...more], { rows: 9, columns: 80 }, false, seconds)[1];
    expect(bar()).toContain('about 18 s left');
    expect(bar({ type: 'pace', hosts: 1, processes: 6, perMinute: 2, seconds: 150 })).toContain(
      'about 3 min 0 s left',
    );
  });

  it('never is larger than the terminal, whatever happens', () => {
    const host = fc.constantFrom(...names, '矿机-一号机房-壹', 'x'.repeat(60));
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    const event: fc.Arbitrary<RunEvent> = fc.oneof(
      fc.record({
        type: fc.constant('phase' as const),
        host,
        phase: fc.constantFrom('connect', 'look', 'apply', 'verify'),
      }),
      host.map((name): RunEvent => ({ type: 'planned', host: name, plan: planOf(name, [directoryItem]) })),
      fc.record({
        type: fc.constant('step-begin' as const),
        host,
        step: fc.integer({ min: 1, max: 99 }),
        steps: fc.constant(99),
        task: text,
        resource: text,
        title: text,
      }),
      fc.record({ type: fc.constant('step-output' as const), host, step: fc.constant(1), line: text }),
      host.map((name): RunEvent => ({ type: 'host-end', result: result(name) })),
    );
    const size = fc.record({
      rows: fc.integer({ min: 0, max: 30 }),
      columns: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        size,
        fc.boolean(),
        (events, { rows, columns }, colour) => {
          const frame = frameOf(events, { rows, columns }, colour);
          expect(frame.length).toBeLessThanOrEqual(rows);
          for (const line of frame) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
