import { expect, test } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import type { HostResult, HostState, RunEvent } from '../../../src/engine/events.ts';
import type { Flow, FlowDeps, Leg, Stage, Traveller } from '../../../src/engine/flow.ts';
import { runFlow } from '../../../src/engine/run-flow.ts';
import { gatesOf } from '../../../src/engine/widths.ts';

const result = (host: Traveller, state: HostState, problems: HostResult['problems'] = []): HostResult => ({
  host: host.name,
  state,
  changed: 0,
  skipped: 0,
  same: 0,
  seconds: 0,
  reboot: [],
  restart: [],
  idle: [],
  warnings: [],
  problems,
});

const hosts = (n: number): Traveller[] =>
  Array.from({ length: n }, (_, index) => ({ name: `h${index + 1}` }));

/** What happened, and everything that a flow needs from outside. */
const world = (signal = new AbortController().signal) => {
  const events: RunEvent[] = [];
  const released: string[] = [];
  const deps: FlowDeps<Traveller> = {
    gates: gatesOf({ look: 3, apply: 2, download: 1 }),
    emit: (event) => void events.push(event),
    signal,
    release: async ({ name }) => void released.push(name),
    failed: (host, state, problems) => result(host, state, problems),
    defect: (error, host) => ({ kind: 'defect', what: String(error), where: { host } }),
  };
  return { deps, events, released };
};

const stage = (name: string, work: Stage<Traveller>['work'], more: Partial<Stage<Traveller>> = {}) => ({
  name,
  width: 'apply' as const,
  work,
  ...more,
});

const leg = (more: Partial<Leg<Traveller>>): Leg<Traveller> => ({
  first: [],
  rolling: [stage('apply', async (host) => result(host, 'changed'))],
  ...more,
});

type Settings = Partial<Pick<Flow<Traveller>, 'batches' | 'maxFail'>>;

const flow = ({ batches = [], maxFail = { hosts: 0 }, ...only }: Partial<Leg<Traveller>> & Settings) => ({
  name: 'test',
  legs: [leg(only)],
  batches,
  maxFail,
});

const statesOf = async (one: Flow<Traveller>, n: number, deps: FlowDeps<Traveller>) => {
  const end = await runFlow(one, hosts(n), deps);
  return end.state === 'ended' ? end.results.map(({ host, state }) => `${host} ${state}`) : end.state;
};

test('hosts pass the stages in order; one that ends is in no further stage, and is let go', async () => {
  const { deps, released } = world();
  const seen: string[] = [];
  const note = (name: string, ends: readonly string[] = []) =>
    stage(name, async (host) => {
      seen.push(`${host.name} ${name}`);
      return ends.includes(host.name) ? result(host, 'same') : null;
    });
  const one = flow({
    first: [note('look', ['h2'])],
    rolling: [note('apply'), note('verify', ['h1', 'h3'])],
  });
  expect(await statesOf(one, 3, deps)).toEqual(['h1 same', 'h2 same', 'h3 same']);
  expect(seen.filter((line) => line.startsWith('h2'))).toEqual(['h2 look']);
  expect(seen.filter((line) => line.startsWith('h1'))).toEqual(['h1 look', 'h1 apply', 'h1 verify']);
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
});

test('a gate is asked once, with those who wait; a closed one lets them go and nothing is done', async () => {
  const { deps, released } = world();
  const asked: string[][] = [];
  const one = flow({
    first: [stage('look', async (host) => (host.name === 'h1' ? result(host, 'same') : null))],
    gate: {
      name: 'confirm',
      ask: async (waiting) => {
        asked.push(waiting.map(({ name }) => name));
        return 'nobody wants it';
      },
    },
  });
  expect(await statesOf(one, 3, deps)).toBe('closed');
  expect(asked).toEqual([['h2', 'h3']]);
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
});

test('a gate that throws lets everybody go, and so does one who shows the parts', async () => {
  const first = [
    stage('look', async (host: Traveller) => (host.name === 'h1' ? result(host, 'same') : null)),
  ];
  const gate = { name: 'confirm', ask: () => Promise.reject(new Error('no terminal')) };
  const { deps, released } = world();
  await expect(runFlow(flow({ first, gate }), hosts(3), deps)).rejects.toThrow('no terminal');
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
  const other = world();
  const inOrder = () => Promise.reject(new Error('the view broke'));
  await expect(runFlow(flow({ first }), hosts(2), { ...other.deps, inOrder })).rejects.toThrow(
    'the view broke',
  );
  expect(other.released.sort()).toEqual(['h1', 'h2']);
});

test('a host that cannot be let go is reported, and holds up nobody', async () => {
  const { deps } = world();
  const defects: string[] = [];
  const one = flow({});
  const end = await runFlow(one, hosts(3), {
    ...deps,
    release: ({ name }) => (name === 'h2' ? Promise.reject(new Error('stuck')) : Promise.resolve()),
    defect: (error, host) => {
      defects.push(`${host}: ${error}`);
      return { kind: 'defect', what: 'x' };
    },
  });
  expect(end).toMatchObject({
    state: 'ended',
    results: [1, 2, 3].map((n) => ({ host: `h${n}`, state: 'changed' })),
  });
  expect(defects).toEqual(['h2: Error: stuck']);
});

test('where going back goes wrong too, both problems are told', async () => {
  const { deps } = world();
  const why = [{ kind: 'step' as const, what: 'no room' }];
  const broken = stage('apply', async (host) => result(host, 'failed', why), {
    goBack: () => Promise.reject(new FcopsError({ kind: 'lost', what: 'gone' })),
  });
  const end = await runFlow(flow({ rolling: [broken] }), hosts(1), deps);
  expect(end).toMatchObject({
    results: [{ state: 'failed', problems: [{ what: 'no room' }, { what: 'gone' }] }],
  });
});

test('a flow without rolling stages has no batches', async () => {
  const { deps, events } = world();
  await runFlow(flow({ first: [stage('look', async () => null)], rolling: [] }), hosts(2), deps);
  expect(events.filter(({ type }) => type.startsWith('batch'))).toEqual([]);
});

test('a gate before which nobody waits is not asked', async () => {
  const { deps } = world();
  const one = flow({
    first: [stage('look', async (host) => result(host, 'same'))],
    gate: { name: 'confirm', ask: async () => 'nobody wants it' },
  });
  expect(await statesOf(one, 2, deps)).toEqual(['h1 same', 'h2 same']);
});

test('never more hosts are at a kind of work than its width', async () => {
  const { deps } = world();
  let at = 0;
  let most = 0;
  const busy = stage('apply', async (host) => {
    at += 1;
    most = Math.max(most, at);
    await new Promise((resolve) => setTimeout(resolve, 2));
    at -= 1;
    return result(host, 'changed');
  });
  await runFlow(flow({ rolling: [busy] }), hosts(9), deps);
  expect(most).toBe(2);
});

test('who only waits is in nobody’s way', async () => {
  const { deps } = world();
  let at = 0;
  let most = 0;
  const wait: Stage<Traveller> = {
    name: 'wait',
    width: null,
    work: async () => {
      at += 1;
      most = Math.max(most, at);
      await new Promise((resolve) => setTimeout(resolve, 2));
      at -= 1;
      return null;
    },
  };
  await runFlow(flow({ rolling: [wait] }), hosts(9), deps);
  expect(most).toBe(9);
});

test('a failing first host stops a batched flow; the others are told why, and were not touched', async () => {
  const { deps, events } = world();
  const touched: string[] = [];
  const one = flow({
    rolling: [
      stage('apply', async (host) => {
        touched.push(host.name);
        return result(host, host.name === 'h1' ? 'failed' : 'changed');
      }),
    ],
    batches: [{ hosts: 1 }, { percent: 50 }],
  });
  const end = await runFlow(one, hosts(4), deps);
  expect(touched).toEqual(['h1']);
  expect(end.state === 'ended' && end.results.map(({ state }) => state)).toEqual([
    'failed',
    'stopped',
    'stopped',
    'stopped',
  ]);
  expect(end.state === 'ended' && end.results[1]?.problems).toMatchObject([
    { kind: 'stopped', what: 'not begun; nothing was done to it', why: '1 of 4 hosts failed, none may' },
  ]);
  expect(events.filter(({ type }) => type === 'batch-end')).toEqual([
    {
      type: 'batch-end',
      batch: 1,
      batches: 3,
      failed: ['h1'],
      goesOn: false,
      why: '1 of 4 hosts failed, none may',
    },
  ]);
});

test('who has to know of a batch is told of the hosts that have come to it, before the first of them begins', async () => {
  const { deps } = world();
  const told: string[] = [];
  const names = (some: readonly Traveller[]) => some.map(({ name }) => name).join();
  const one = flow({
    first: [stage('look', async (host) => (host.name === 'h2' ? result(host, 'blocked') : null))],
    rolling: [
      stage('apply', async (host) => {
        told.push(host.name);
        return result(host, 'changed');
      }),
    ],
    batches: [{ hosts: 1 }, { hosts: 2 }],
  });
  await runFlow(one, hosts(4), { ...deps, batchBegins: (some) => void told.push(`batch ${names(some)}`) });
  expect(told).toEqual(['batch h1', 'h1', 'batch h3,h4', 'h3', 'h4']);
});

test('as long as no more fail than may, the next batch begins; the budget is one for the whole run', async () => {
  const { deps } = world();
  const bad = new Set(['h1', 'h3', 'h4']);
  const one = flow({
    rolling: [stage('apply', async (host) => result(host, bad.has(host.name) ? 'failed' : 'changed'))],
    batches: [{ hosts: 2 }],
    maxFail: { hosts: 2 },
  });
  expect(await statesOf(one, 6, deps)).toEqual([
    'h1 failed',
    'h2 changed',
    'h3 failed',
    'h4 failed',
    'h5 stopped',
    'h6 stopped',
  ]);
});

test('a mistake of a host and a defect of ours are its result; the others go on', async () => {
  const { deps } = world();
  const one = flow({
    rolling: [
      stage('apply', async (host) => {
        if (host.name === 'h1') throw new FcopsError({ kind: 'lost', what: 'gone' });
        if (host.name === 'h2') throw new TypeError('undefined is not a function');
        return result(host, 'changed');
      }),
    ],
  });
  const end = await runFlow(one, hosts(3), deps);
  expect(end.state === 'ended' && end.results).toMatchObject([
    { host: 'h1', state: 'failed', problems: [{ kind: 'lost', what: 'gone' }] },
    { host: 'h2', state: 'failed', problems: [{ kind: 'defect', where: { host: 'h2' } }] },
    { host: 'h3', state: 'changed', problems: [] },
  ]);
});

test('a stage that goes back does so for hosts that failed in it, and what comes of that is their result', async () => {
  const { deps } = world();
  const back: string[] = [];
  const one = flow({
    rolling: [
      stage('apply', async (host) => result(host, host.name === 'h2' ? 'failed' : 'changed'), {
        goBack: async (host, failed) => {
          back.push(host.name);
          return { ...failed, problems: [{ kind: 'verify', what: 'went back' }] };
        },
      }),
    ],
  });
  const end = await runFlow(one, hosts(3), deps);
  expect(back).toEqual(['h2']);
  expect(end.state === 'ended' && end.results[1]?.problems[0]?.what).toBe('went back');
});

test('a host that goes back takes nobody a place: it may wait for what others have, who wait for theirs', async () => {
  const { deps } = world();
  let letBack = () => {};
  const others = new Promise<void>((resolve) => {
    letBack = resolve;
  });
  const stop = stage(
    'stop',
    async (host) => {
      if (host.name !== 'h3') return result(host, 'failed');
      letBack();
      return result(host, 'changed');
    },
    {
      goBack: async (_, failed) => {
        await others;
        return failed;
      },
    },
  );
  expect(await statesOf(flow({ rolling: [stop] }), 3, deps)).toEqual([
    'h1 failed',
    'h2 failed',
    'h3 changed',
  ]);
});

test('an interrupt begins no further batch', async () => {
  const controller = new AbortController();
  const { deps } = world(controller.signal);
  const one = flow({
    rolling: [
      stage('apply', async (host) => {
        controller.abort();
        return result(host, 'changed');
      }),
    ],
    batches: [{ hosts: 1 }],
  });
  expect(await statesOf(one, 3, deps)).toEqual(['h1 changed', 'h2 stopped', 'h3 stopped']);
});

test('whoever shows the parts of a flow may run them', async () => {
  const { deps } = world();
  const shown: (readonly string[])[] = [];
  const one = flow({
    first: [stage('look', async () => null)],
    gate: { name: 'confirm', ask: async () => true as const },
  });
  const inOrder: NonNullable<FlowDeps<Traveller>['inOrder']> = async (parts) => {
    for (const part of parts) {
      shown.push(part.stages);
      await part.run();
    }
  };
  expect(await statesOf(one, 1, { ...deps, inOrder })).toEqual(['h1 changed']);
  expect(shown).toEqual([['look'], ['confirm'], ['apply']]);
});

/** Two legs with the same stages: h1 first, then the others. */
const twoLegs = (first: Partial<Leg<Traveller>>, second: Partial<Leg<Traveller>>, maxFail = 0) => ({
  name: 'test',
  legs: [
    leg({ ...first, concerns: ({ name }) => name === 'h1' }),
    leg({ ...second, concerns: ({ name }) => name !== 'h1' }),
  ],
  batches: [],
  maxFail: { hosts: maxFail },
});

test('a leg begins when the one before has ended; a stage that both have ends once', async () => {
  const { deps, events } = world();
  const seen: string[] = [];
  const note = (name: string) =>
    stage(name, async (host: Traveller) => {
      seen.push(`${host.name} ${name}`);
      return name === 'apply' ? result(host, 'changed') : null;
    });
  const both = { first: [note('look')], rolling: [note('apply')] };
  const shown: (readonly string[])[] = [];
  const inOrder: NonNullable<FlowDeps<Traveller>['inOrder']> = async (parts) => {
    for (const { stages, run } of parts) {
      shown.push(stages);
      await run();
    }
  };
  expect(await statesOf(twoLegs(both, both), 3, { ...deps, inOrder })).toEqual([
    'h1 changed',
    'h2 changed',
    'h3 changed',
  ]);
  expect(seen).toEqual(['h1 look', 'h1 apply', 'h2 look', 'h3 look', 'h2 apply', 'h3 apply']);
  expect(shown).toEqual([['look', 'apply']]);
  expect(events.flatMap((event) => (event.type === 'stage-end' ? [event.stage] : []))).toEqual([
    'look',
    'apply',
  ]);
});

test.each([
  [0, ['h1 failed', 'h2 stopped', 'h3 stopped']],
  [1, ['h1 failed', 'h2 changed', 'h3 changed']],
])('a leg of which a host failed, where %i may, decides on the next', async (maxFail, expected) => {
  const { deps, released } = world();
  const fails = { rolling: [stage('apply', async (host: Traveller) => result(host, 'failed'))] };
  expect(await statesOf(twoLegs(fails, {}, maxFail), 3, deps)).toEqual(expected);
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
  const unseen = { first: [stage('look', async (host: Traveller) => result(host, 'unreachable'))] };
  const [first, ...others] = await statesOf(twoLegs(unseen, {}, maxFail), 3, world().deps);
  expect([first, ...others]).toEqual(['h1 unreachable', ...expected.slice(1)]);
});

const gate = (answer: true | string) => ({ gate: { name: 'confirm', ask: async () => answer } });

test('a later gate that does not open ends the hosts behind it; where nothing was done, the flow', async () => {
  const end = await runFlow(twoLegs({}, gate('nobody wants it')), hosts(2), world().deps);
  expect(end).toMatchObject({
    results: [{ state: 'changed' }, { state: 'stopped', problems: [{ why: 'nobody wants it' }] }],
  });
  const { deps, released } = world();
  const same = { first: [stage('look', async (host: Traveller) => result(host, 'same'))] };
  expect(await statesOf(twoLegs(same, gate('nobody wants it')), 3, deps)).toBe('closed');
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
});

test('a first gate that does not open ends the hosts of later legs as well', async () => {
  const { deps, released } = world();
  expect(await statesOf(twoLegs(gate('nobody wants it'), {}), 3, deps)).toBe('closed');
  expect(released.sort()).toEqual(['h1', 'h2', 'h3']);
});
