import { Listr } from 'listr2';
import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { FRAME_MS, startLive } from '../../../../src/cli/views/live.ts';
import type { FlowPart } from '../../../../src/engine/flow.ts';

/** A part of a flow that goes on until it is told to end. */
const part = (...stages: readonly string[]): FlowPart & { readonly end: () => void } => {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { stages, run: () => ended, end: () => end() };
};

/** A terminal and a clock that the test moves; a flow is at its first part. */
const start = async () => {
  const writes: string[] = [];
  const timers = new Set<{ ms: number; due: number; callback: () => void }>();
  let now = 0;
  const live = startLive('deploy', new Set(['hidden']), {
    Listr,
    out: { write: (text) => writes.push(text), columns: () => 80, rows: () => 24 },
    paint: painter(false),
    now: () => now,
    atOnce: 50,
    secondsBefore: () => new Map(),
    every: (ms, callback) => {
      const timer = { ms, due: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const parts = {
    look: part('look'),
    confirm: part('confirm'),
    rest: part('apply', 'verify', 'hidden'),
  };
  const flow = live.inOrder([parts.look, parts.confirm, parts.rest]);
  await settle();
  return {
    live,
    flow,
    parts,
    writes,
    timers,
    settle,
    tick: (ms: number) => {
      now += ms;
      for (const timer of timers)
        while (timer.due <= now) {
          timer.due += timer.ms;
          timer.callback();
        }
    },
  };
};

const SHOW_CURSOR = '\u001b[?25h';

describe('startLive', () => {
  it('paints at most ten frames a second, however much happens', async () => {
    const { live, writes, tick } = await start();
    const before = writes.length;
    for (let ms = 0; ms < 1000; ms++) {
      for (let n = 0; n < 20; n++) live.emit({ type: 'step-output', host: 'a', step: 1, line: `${ms} ${n}` });
      tick(1);
    }
    expect(FRAME_MS).toBe(100);
    expect(writes.length - before).toBeLessThanOrEqual(10);
    expect(writes.length - before).toBeGreaterThan(5);
    live.end();
  });

  it('moves through the stages as the flow does, and goes when the last one is done', async () => {
    const { live, flow, parts, writes, tick, settle } = await start();
    const stages = async () => {
      await settle();
      tick(FRAME_MS);
      return [...(writes.at(-1) ?? '').matchAll(/^(\S) (?:look|confirm|apply|verify|hidden)/gm)].map(
        ([, sign = '']) => (sign === '✓' || sign === '·' ? sign : '*'),
      );
    };
    expect(await stages()).toEqual(['*', '·', '·', '·']);
    parts.look.end();
    expect(await stages()).toEqual(['✓', '*', '·', '·']);
    parts.confirm.end();
    // A later stage of the same part is at work only where a host is at it.
    expect(await stages()).toEqual(['✓', '✓', '*', '·']);
    live.emit({ type: 'phase', host: 'p1-50', phase: 'verify' });
    expect(await stages()).toEqual(['✓', '✓', '*', '*']);
    // Hosts are at both, until the last has left the first.
    live.emit({ type: 'stage-end', stage: 'apply' });
    expect(await stages()).toEqual(['✓', '✓', '✓', '*']);
    parts.rest.end();
    await flow;
    expect(writes.at(-1)).toContain(SHOW_CURSOR);
  });

  it('gives the terminal away and takes it back', async () => {
    const { live, writes, timers, tick } = await start();
    live.pause();
    expect(writes.at(-1)).toContain(SHOW_CURSOR);
    const paused = writes.length;
    tick(1000);
    expect(writes).toHaveLength(paused);
    live.resume();
    expect(writes.length).toBeGreaterThan(paused);
    expect(timers.size).toBe(1);
    live.end();
    expect(timers.size).toBe(0);
  });

  it('does not count the time of a question', async () => {
    const { live, writes, tick } = await start();
    tick(2000);
    live.pause();
    tick(60_000);
    live.resume();
    tick(1000);
    expect(writes.at(-1)).toMatch(/deploy +3\.0 s/);
    live.end();
  });

  it('shows the cursor again at its end, stops its clock, and can be ended twice', async () => {
    const { live, writes, timers, settle } = await start();
    live.end();
    live.end();
    await settle();
    expect(writes.filter((text) => text.includes(SHOW_CURSOR))).toHaveLength(1);
    expect(writes.at(-1)).toContain(SHOW_CURSOR);
    expect(timers.size).toBe(0);
    live.resume();
    expect(timers.size).toBe(0);
  });
});
