import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { untilBack } from '../../../src/engine/reboot.ts';

/** What a machine answers each time that it is asked: a boot id, why it does not, or a defect of ours. */
type Answer = string | FcopsError | Error;

const REFUSED = new FcopsError({ kind: 'connect', what: '10.0.0.1:22 refused the connection' });
const SILENT = new FcopsError({ kind: 'connect', what: '10.0.0.1:22 did not answer within 15 s' });

/** Asks a machine every five seconds; after its last answer it gives that again. */
const waiting = (answers: readonly Answer[], { interruptAt = Number.POSITIVE_INFINITY } = {}) => {
  let [time, asked, closed] = [1000, 0, 0];
  const waits = {
    bootId: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (typeof answer === 'string') return answer;
      throw answer;
    },
    close: async () => {
      closed += 1;
    },
    pause: async (ms: number) => {
      time += ms;
    },
    now: () => time,
    checkInterrupt: () => {
      if (time >= interruptAt) throw new FcopsError({ kind: 'stopped', what: 'interrupted' });
    },
  };
  return {
    until: (boot: string | null, within: number) => untilBack({ boot, within }, waits),
    closed: () => closed,
  };
};

describe('a machine that is waited for', () => {
  it('is back under another boot id, however often it is not there before', async () => {
    const { until, closed } = waiting(['old', REFUSED, SILENT, 'new']);
    expect(await until('old', 60_000)).toEqual({ state: 'back', boot: 'new' });
    // A connection that failed is none to ask over again.
    expect(closed()).toBe(2);
  });

  it('under any, where none is known of before', async () => {
    expect(await waiting([SILENT, 'old']).until(null, 60_000)).toEqual({ state: 'back', boot: 'old' });
  });

  it('that never goes down is told as such, with the time since it was asked first', async () => {
    expect(await waiting(['old']).until('old', 60_000)).toEqual({
      ...{ state: 'away', wentDown: false, since: 60_000, said: null },
    });
  });

  it('is told by its last answer, and since when it has been that', async () => {
    const answers = ['old', SILENT, SILENT, REFUSED];
    expect(await waiting(answers).until('old', 60_000)).toMatchObject({
      ...{ state: 'away', wentDown: true, said: REFUSED.problems[0] },
      // Of twelve answers the fourth was the first of these.
      since: 40_000,
    });
  });

  it('that answers under the boot of before again has gone down all the same', async () => {
    expect(await waiting([REFUSED, 'old']).until('old', 30_000)).toEqual({
      ...{ state: 'away', wentDown: true, since: 20_000, said: null },
    });
  });

  it('ends with an interrupt, and with a defect, at once', async () => {
    await expect(waiting([SILENT], { interruptAt: 9000 }).until('old', 60_000)).rejects.toThrow(
      'interrupted',
    );
    await expect(waiting([new TypeError('x is undefined')]).until('old', 60_000)).rejects.toThrow(TypeError);
  });
});
