import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../src/transport/exec/byte-queue.ts';
import { Tail } from '../../../src/transport/exec/tail.ts';
import { Gate } from '../../../src/transport/waiting/gate.ts';
import { backoff, retry } from '../../../src/transport/waiting/retry.ts';

const never = () => new AbortController().signal;

describe('a gate', () => {
  it('lets no more than its size through, in order', async () => {
    const gate = new Gate(2);
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (n) => {
        const leave = await gate.enter(never());
        order.push(n);
        inside += 1;
        most = Math.max(most, inside);
        await Promise.resolve();
        inside -= 1;
        leave();
        leave();
      }),
    );
    expect(most).toBe(2);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(gate.waiting).toBe(0);
  });

  it('lets who gives up go, and the next one in', async () => {
    const gate = new Gate(1);
    const leave = await gate.enter(never());
    const controller = new AbortController();
    const gaveUp = gate.enter(controller.signal);
    const next = gate.enter(never());
    controller.abort(new Error('enough'));
    await expect(gaveUp).rejects.toThrow('enough');
    expect(gate.waiting).toBe(1);
    leave();
    (await next)();
    (await gate.enter(never()))();
  });
});

describe('a retry', () => {
  const policy = { attempts: 4, base: 100, cap: 250, retriable: () => true };
  /** Time that passes at once, and is written down. */
  const instantly = () => {
    const waits: number[] = [];
    const after = (ms: number, callback: () => void) => {
      waits.push(ms);
      queueMicrotask(callback);
      return () => {};
    };
    return { waits, after, random: () => 1 };
  };

  it('doubles its waits up to the cap, and rejects with the last error', async () => {
    const world = instantly();
    let tries = 0;
    const task = async () => {
      tries += 1;
      throw new Error(`try ${tries}`);
    };
    await expect(retry(world, policy, never(), task)).rejects.toThrow('try 4');
    expect(world.waits).toEqual([100, 200, 250]);
  });

  it('ends where trying again cannot help', async () => {
    const world = instantly();
    const task = () => Promise.reject(new Error('denied'));
    await expect(retry(world, { ...policy, retriable: () => false }, never(), task)).rejects.toThrow(
      'denied',
    );
    expect(world.waits).toEqual([]);
  });

  it('waits between half of the longest wait and all of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, random) => {
          const longest = Math.min(policy.cap, policy.base * 2 ** (n - 1));
          const wait = backoff(policy, n, () => random);
          expect(wait).toBeGreaterThanOrEqual(longest / 2);
          expect(wait).toBeLessThanOrEqual(longest);
        },
      ),
    );
  });
});

describe('a queue of bytes', () => {
  it('gives what was put in, in order, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async (chunks) => {
        const queue = new ByteQueue(
          () => {},
          () => {},
        );
        const writing = (async () => {
          for (const chunk of chunks) {
            queue.push(chunk);
            await Promise.resolve();
          }
          queue.end();
        })();
        const read: Uint8Array[] = [];
        for await (const chunk of queue) read.push(chunk);
        await writing;
        expect(Buffer.concat(read)).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  it('asks the sender to stop when full and to go on when read', async () => {
    let drained = 0;
    const queue = new ByteQueue(
      () => {
        drained += 1;
      },
      () => {},
    );
    expect(queue.push(new Uint8Array(600_000))).toBe(true);
    expect(queue.push(new Uint8Array(600_000))).toBe(false);
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    expect(drained).toBe(1);
  });

  it('says when its reader leaves early, and only then', async () => {
    let abandoned = 0;
    const make = () =>
      new ByteQueue(
        () => {},
        () => {
          abandoned += 1;
        },
      );
    const left = make();
    left.push(new Uint8Array(1));
    for await (const _ of left) break;
    expect(abandoned).toBe(1);
    const read = make();
    read.end();
    for await (const _ of read);
    expect(abandoned).toBe(1);
  });
});

describe('a tail', () => {
  it('is the last part of what was written, however it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{0,20}$/)),
        fc.integer({ min: 1, max: 50 }),
        (parts, limit) => {
          const tail = new Tail(limit);
          for (const part of parts) tail.push(Buffer.from(part));
          expect(tail.text()).toBe(parts.join('').slice(-limit));
        },
      ),
    );
  });
});
