import { describe, expect, it } from 'vitest';
import { describeProblem, FcopsError } from '../../../../src/core/problem.ts';
import type { Query } from '../../../../src/engine/query.ts';
import type { WindowNeeds } from '../../../../src/ops/window/gate.ts';
import { waitForWindow, windowGate } from '../../../../src/ops/window/gate.ts';
import type { ProvingState } from '../../../support/lotus/proving-text.ts';
import {
  deadlinesText,
  deadlineText,
  nodeStatusText,
  provingInfoText,
} from '../../../support/lotus/proving-text.ts';
import { state, withSectors } from '../../lotus/window-support.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const NOW = 1_000_000;

interface Told {
  readonly of: ProvingState;
  readonly behind?: number;
  readonly runs?: boolean;
  /** What a command prints in place of what it should, by its name. */
  readonly instead?: Readonly<Record<string, readonly [status: number, stdout: string, stderr: string]>>;
}

/** What window.sh answers. */
const answered = ({ of, behind = 0, runs = true, instead = {} }: Told): string => {
  const rows = Object.entries({
    deadlines: deadlinesText(of),
    partitions: deadlineText(of),
    status: nodeStatusText(of.epoch, behind),
    info: provingInfoText(of),
  }).map(([name, text]) => {
    const [status, stdout, stderr] = instead[name] ?? [0, text, ''];
    return `told\t${name}\t${base64(stdout)}\t${status}\t${base64(stderr)}`;
  });
  return [`now\t${NOW}`, ...(runs ? ['runs\t123'] : []), ...rows, 'over', ''].join('\n');
};

/** A host that answers each time with the next of these texts, and with the last one from then on. */
const hostOf = (...texts: readonly (string | FcopsError)[]) => {
  let asked = 0;
  return {
    asked: () => asked,
    ask: async <Answer>(query: Query<Answer>): Promise<Answer> => {
      const text = texts[Math.min(asked, texts.length - 1)] ?? '';
      asked += 1;
      if (text instanceof FcopsError) throw text;
      const answer = query.parse(text);
      if (answer.ok) return answer.value;
      throw new FcopsError({ kind: 'unseen', what: 'the host did not tell', why: answer.error });
    },
  };
};

const needs: WindowNeeds = {
  miner: 'f01234',
  host: 'miner-1',
  downtime: { seconds: 300, by: 'measured', restarts: 2, margin: 300, needed: 600 },
};
const depsOf = (signal = new AbortController().signal) => ({
  date: () => new Date(NOW * 1000),
  now: () => 0,
  signal,
  after: (_: number, callback: () => void) => {
    setImmediate(callback);
    return () => {};
  },
});
const gate = async (told: Told | string) => {
  const host = hostOf(typeof told === 'string' ? told : answered(told));
  const problems = await windowGate(host, needs, depsOf());
  return problems.map((problem) => describeProblem(problem)).join('\n');
};

describe('the gate', () => {
  it.each<[string, Told]>([
    ['all is proven and the next window is far', { of: state() }],
    ['the miner has no sectors', { of: state({ deadlines: withSectors(), proven: 0 }) }],
    ['no lotus-miner runs, whatever else', { of: state({ proven: 0 }), runs: false, behind: 999 }],
    ['a test network writes its addresses with a t', { of: state({ miner: 't01234' }) }],
  ])('is open where %s', async (_, told) => {
    expect(await gate(told)).toBe('');
  });

  it('says why it is closed, and when the next gap is', async () => {
    const text = await gate({ of: state({ proven: 0, deadlines: withSectors(25, 26, 27) }) });
    expect(text).toContain('miner-1: nothing was stopped: proofs of the miner would be lost, or late');
    expect(text).toContain('1 partition of deadline 25 is not proven yet');
    expect(text).toContain('its window closes in 21 min 30 s (epoch 1031580)');
    expect(text).toContain('away for 10 min 0 s: 5 min 0 s by the last 2 restarts, and 5 min 0 s are added');
    expect(text).toContain(
      'the next gap of that length begins as soon as this window is proven, where that is within 6 min 30 s (up to epoch 1031550)',
    );
    expect(text).toContain('the next that is there whatever comes begins in 1 h 21 min (epoch 1031700)');
    expect(text).toContain('--wait-for-window waits');
    expect(text).toContain('--ignore-proving-window stops all the same; where a window is missed');
  });

  it('refuses a window that opens in two minutes', async () => {
    const text = await gate({ of: state({ epoch: 1031576, deadlines: withSectors(25, 26) }) });
    expect(text).toContain('is computing the proofs of deadline 26, whose window opens in 2 min 0 s');
  });

  it('does not offer to wait where no gap comes', async () => {
    const every = Array.from({ length: 48 }, (_, index) => index);
    const host = hostOf(answered({ of: state({ deadlines: withSectors(...every), epoch: 1031522 }) }));
    const long = {
      ...needs,
      downtime: { seconds: 1200, by: 'assumed', restarts: 0, margin: 300, needed: 1500 } as const,
    };
    const [problem] = await windowGate(host, long, depsOf());
    const text = problem ? describeProblem(problem) : '';
    expect(text).toContain('there is no gap of that length in the coming day');
    expect(text).toContain('20 min 0 s are assumed, as fcops has measured no such restart here');
    expect(text).not.toContain('--wait-for-window');
  });

  it.each<[string, Told | string, string]>([
    ['prints something else', { of: state(), instead: { info: [0, 'garbage\n', ''] } }, 'proving info: '],
    ['fails', { of: state(), instead: { deadlines: [1, '', 'ERROR: no\n\n'] } }, 'deadlines: no'],
    ['gives no answer', { of: state(), instead: { status: [124, '', ''] } }, 'gave no answer within 20 s'],
    ['is of another miner', { of: state({ miner: 'f09' }) }, 'it is about f09, and f01234 was asked for'],
    ['breaks off', 'now\t1000000\nruns\t1\n', 'broke off before its end'],
    ['has no profile', `now\t${NOW}\nruns\t1\nnoprofile\nover\n`, '/opt/raid0/profile is not there'],
    [
      'has another clock',
      `now\t${NOW - 500}\n${answered({ of: state() }).replace(/^now.*\n/, '')}`,
      '500 s off ours',
    ],
  ])('is not open where the host %s', async (_, told, why) => {
    const text = await gate(told);
    expect(text).toContain('nothing was stopped: it cannot be told whether a proof would be lost');
    expect(text).toContain(why);
  });

  it('goes by the time of mainnet with a lotus that knows no status', async () => {
    const old = { status: [3, '', "No help topic for 'status'\n"] } as const;
    expect(await gate({ of: state(), instead: old })).toContain('is not that of mainnet');
  });

  it('is not open where the host cannot be asked', async () => {
    const lost = new FcopsError({ kind: 'connect', what: 'no way in', why: 'timed out' });
    const [problem] = await windowGate(hostOf(lost), needs, depsOf());
    expect(problem?.why).toBe('no way in: timed out');
  });
});

describe('who waits', () => {
  const wait = async (host: ReturnType<typeof hostOf>, signal?: AbortSignal) => {
    const said: string[] = [];
    const problems = await waitForWindow(host, needs, { ...depsOf(signal), tell: (text) => said.push(text) });
    return { problems, said };
  };

  it('goes on when the proof has stood for five epochs', async () => {
    const host = hostOf(
      answered({ of: state({ proven: 0 }) }),
      answered({ of: state({ epoch: 1031540 }) }),
      answered({ of: state({ epoch: 1031542 }) }),
      answered({ of: state({ epoch: 1031545 }) }),
    );
    const { problems, said } = await wait(host);
    expect([problems, host.asked()]).toEqual([[], 4]);
    expect(said[0]).toMatch(
      /^waiting: 1 partition of deadline 25 is not proven yet: .*; it goes on once that is proven/,
    );
    expect(said[1]).toBe('waiting: the proof of this window has to stand on the chain for some minutes');
    expect(said).toHaveLength(2);
  });

  it('bears with a host that tells nothing for a while, and not for ever', async () => {
    const open = answered({ of: state({ deadlines: withSectors(40), proven: 0 }) });
    expect((await wait(hostOf('', '', open))).problems).toEqual([]);
    const silent = hostOf('');
    expect((await wait(silent)).problems).toMatchObject([{ kind: 'unseen' }]);
    expect(silent.asked()).toBe(10);
  });

  it('does not wait for a gap that never comes', async () => {
    const every = Array.from({ length: 48 }, (_, index) => index);
    const full = state({ deadlines: withSectors(...every), epoch: 1031522 });
    const host = hostOf(answered({ of: full }));
    const long = { ...needs, downtime: { ...needs.downtime, needed: 1500 } };
    const problems = await waitForWindow(host, long, { ...depsOf(), tell: () => {} });
    expect([problems.length, host.asked()]).toEqual([1, 1]);
  });

  it('ends with nothing at an interrupt', async () => {
    const controller = new AbortController();
    const lost = new FcopsError({ kind: 'stopped', what: 'interrupted' });
    const texts = hostOf(answered({ of: state({ proven: 0 }) }), lost);
    const host = {
      ...texts,
      ask: <Answer>(query: Query<Answer>) => {
        if (texts.asked() === 1) controller.abort();
        return texts.ask(query);
      },
    };
    const { problems } = await wait(host, controller.signal);
    expect(problems).toEqual([]);
  });
});
