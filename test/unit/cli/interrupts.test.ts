import { describe, expect, it } from 'vitest';
import { withInterrupts } from '../../../src/cli/interrupts.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { testContext } from './context.ts';

describe('withInterrupts', () => {
  it('first asks, then leaves', async () => {
    const { context, interrupt, exits } = testContext();
    const seen: string[] = [];
    const hooks = { atFirst: () => seen.push('first'), atSecond: () => seen.push('second') };
    const reason = await withInterrupts(context, hooks, async (signal) => {
      expect(signal.aborted).toBe(false);
      interrupt();
      expect(signal.aborted).toBe(true);
      expect(exits).toEqual([]);
      interrupt();
      return signal.reason;
    });
    expect(seen).toEqual(['first', 'second']);
    expect(exits).toEqual([130]);
    expect(reason, 'what is under way fails with something that is no defect').toBeInstanceOf(FcopsError);
  });

  it('listens no longer than the work takes', async () => {
    const { context, interrupt, exits } = testContext();
    const none = { atFirst: () => {}, atSecond: () => {} };
    await withInterrupts(context, none, async () => {});
    await expect(withInterrupts(context, none, async () => Promise.reject(new Error('x')))).rejects.toThrow(
      'x',
    );
    interrupt();
    interrupt();
    expect(exits).toEqual([]);
  });
});
