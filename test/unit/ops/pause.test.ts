import { expect, it } from 'vitest';
import { pause } from '../../../src/ops/pause.ts';

const timers = () => {
  const open = new Set<() => void>();
  const after = (_: number, callback: () => void) => {
    open.add(callback);
    return () => void open.delete(callback);
  };
  return { open, after };
};

it('a pause is over with its time, and leaves nothing behind', async () => {
  const { open, after } = timers();
  const waiting = pause(1000, { after, signal: new AbortController().signal });
  for (const over of [...open]) over();
  await waiting;
  expect(open.size).toBe(0);
});

it('a pause ends by an interrupt, also by one that came before it', async () => {
  const { open, after } = timers();
  const controller = new AbortController();
  const waiting = pause(1000, { after, signal: controller.signal });
  controller.abort();
  await waiting;
  await pause(1000, { after, signal: controller.signal });
  expect(open.size).toBe(0);
});
