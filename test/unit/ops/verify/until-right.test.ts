import { describe, expect, it } from 'vitest';
import { verifyUntilRight } from '../../../../src/ops/verify/until-right.ts';
import type { Verified } from '../../../../src/ops/verify/verify.ts';

const came = (isRight: boolean): Verified => ({
  miner: 'f01000',
  roles: ['c2'],
  minerHost: null,
  strangers: [],
  hosts: [
    {
      host: 'c2-1',
      address: '10.0.0.1',
      listen: '10.0.0.1',
      roles: ['c2'],
      state: 'seen',
      groups: [],
      clock: null,
      restartOwed: [],
      lockedBy: null,
      checks: [{ kind: 'look', name: 'look', process: null, result: isRight ? 'ok' : 'off', message: 'x' }],
    },
  ],
});

/** A clock that goes on by itself where somebody waits; each look takes a second. */
const waiting = (answers: readonly boolean[], options: { readonly interruptAt?: number } = {}) => {
  let time = 0;
  const looks: number[] = [];
  const interrupt = new AbortController();
  return {
    looks,
    run: (wait: number) =>
      verifyUntilRight(
        {
          verify: async () => {
            looks.push(time);
            time += 1000;
            if (looks.length === options.interruptAt) interrupt.abort();
            return came(answers[looks.length - 1] ?? answers.at(-1) ?? false);
          },
        },
        { wait, interval: 10, width: 5 },
        {
          now: () => time,
          after: (ms, callback) => {
            const timer = setTimeout(() => {
              time += ms;
              callback();
            }, 0);
            return () => clearTimeout(timer);
          },
          signal: interrupt.signal,
        },
        () => {},
      ),
  };
};

describe('waiting until all is right', () => {
  it('looks once where nobody waits', async () => {
    const { run, looks } = waiting([false]);
    expect(await run(0)).toEqual(came(false));
    expect(looks).toEqual([0]);
  });

  it('ends as soon as all is right', async () => {
    const { run, looks } = waiting([false, false, true]);
    expect(await run(600)).toEqual(came(true));
    expect(looks).toEqual([0, 11_000, 22_000]);
  });

  it('looks for a last time at the end, and not beyond it', async () => {
    const { run, looks } = waiting([false]);
    expect(await run(25)).toEqual(came(false));
    expect(looks).toEqual([0, 11_000, 22_000, 25_000]);
  });

  it('says nothing of a look that was interrupted', async () => {
    expect(await waiting([true], { interruptAt: 1 }).run(600)).toBeNull();
  });
});
