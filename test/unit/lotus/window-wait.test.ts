import { expect, it } from 'vitest';
import { provingWindow } from '../../../src/lotus/proving-window.ts';
import { waited } from '../../../src/lotus/window-wait.ts';
import { healthy, heard, state, withSectors } from './window-support.ts';

const look = (epoch: number, given: Parameters<typeof state>[0] = {}) =>
  provingWindow(heard(state({ epoch, ...given })), 600);

it('a proof has to stand for five epochs, and begins anew where it was gone', () => {
  const first = waited(null, look(1031540));
  expect(first).toEqual({ standing: { closes: 1031580, since: 1031540 }, isReady: false });
  expect(waited(first.standing, look(1031544)).isReady).toBe(false);
  expect(waited(first.standing, look(1031545)).isReady).toBe(true);
  const gone = waited(first.standing, look(1031541, { proven: 0 }));
  expect(gone).toEqual({ standing: null, isReady: false });
  expect(waited(gone.standing, look(1031545)).isReady).toBe(false);
});

it('the proof of one window is not that of the next', () => {
  const two = { deadlines: withSectors(25, 27) };
  const first = waited(null, look(1031540, two));
  expect(waited(first.standing, look(1031540 + 120, two)).standing?.since).toBe(1031660);
});

it('one beside partitions with faulty sectors alone has to stand as well', () => {
  const faulty = {
    deadlines: withSectors([25, [healthy(100), { sectors: 7, faults: 7, terminated: 0 }]], 40),
  };
  const first = waited(null, look(1031540, { ...faulty, proven: 1 }));
  expect(first).toEqual({ standing: { closes: 1031580, since: 1031540 }, isReady: false });
  expect(waited(first.standing, look(1031545, { ...faulty, proven: 1 })).isReady).toBe(true);
  const none = { deadlines: withSectors([25, [{ sectors: 7, faults: 7, terminated: 0 }]], 40), proven: 0 };
  expect(waited(null, look(1031540, none)).isReady).toBe(true);
});

it('where nothing is due nobody waits', () => {
  expect(waited(null, look(1031540, { deadlines: withSectors(40), proven: 0 })).isReady).toBe(true);
});
