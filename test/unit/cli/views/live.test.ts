import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { FRAME_MS, startLive } from '../../../../src/cli/views/live.ts';
import { directoryItem, planOf, result } from './samples.ts';

/** A terminal and a clock that the test moves. */
const start = async (hosts: readonly string[]) => {
  const writes: string[] = [];
  const timers = new Set<{ ms: number; due: number; callback: () => void }>();
  let now = 0;
  const live = startLive('deploy', ['look', 'confirm', 'apply', 'verify'], hosts, {
    out: { write: (text) => writes.push(text), columns: () => 80, rows: () => 24 },
    paint: painter(false),
    now: () => now,
    every: (ms, callback) => {
      const timer = { ms, due: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  await settle();
  return {
    live,
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
    const { live, writes, tick } = await start(['a', 'b']);
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

  it('moves through the stages as hosts do, and goes when the last one is done', async () => {
    const { live, writes, tick, settle } = await start(['a', 'b']);
    const stages = async () => {
      await settle();
      tick(FRAME_MS);
      return [...(writes.at(-1) ?? '').matchAll(/^(\S) (?:look|confirm|apply|verify)/gm)].map(
        ([, sign = '']) => (sign === '✓' || sign === '·' ? sign : '*'),
      );
    };
    expect(await stages()).toEqual(['*', '·', '·', '·']);
    live.emit({ type: 'planned', host: 'a', plan: planOf('a', [directoryItem]) });
    live.emit({ type: 'host-end', result: result('b') });
    expect(await stages()).toEqual(['✓', '*', '·', '·']);
    live.emit({ type: 'phase', host: 'a', phase: 'apply' });
    expect(await stages()).toEqual(['✓', '✓', '*', '·']);
    live.emit({ type: 'phase', host: 'a', phase: 'verify' });
    expect(await stages()).toEqual(['✓', '✓', '✓', '*']);
    live.emit({ type: 'host-end', result: result('a', { state: 'changed' }) });
    await settle();
    expect(writes.at(-1)).toContain(SHOW_CURSOR);
  });

  it('gives the terminal away and takes it back', async () => {
    const { live, writes, timers, tick } = await start(['a']);
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

  it('shows the cursor again at its end, stops its clock, and can be ended twice', async () => {
    const { live, writes, timers, settle } = await start(['a']);
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
