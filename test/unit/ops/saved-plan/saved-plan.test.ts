import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { HostPlan, PlanItem } from '../../../../src/engine/plan.ts';
import { changesOf, HOST_PLAN_FORMAT } from '../../../../src/engine/plan.ts';
import { savedForm } from '../../../../src/ops/saved-plan/make.ts';
import { parseSavedPlan, staleProblems } from '../../../../src/ops/saved-plan/read.ts';
import type { SavedHost, SavedPlan } from '../../../../src/ops/saved-plan/saved-plan.ts';
import { savedText } from '../../../../src/ops/saved-plan/write.ts';
import { anyStep } from '../../resources/arbitrary-steps.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('§a', '§l', '$', '192.168.10.50', '10.0.0.50', 'f01-p1-10-0-0-51'),
);
/** No record of zod has it. */
const key = text.filter((one) => one !== '__proto__');
const named = { task: text, kind: text, resource: text, title: text };
const change = fc.record({
  state: fc.constant('change' as const),
  ...named,
  change: fc.record(
    {
      action: fc.constantFrom('create' as const, 'update' as const, 'run' as const),
      details: fc.array(fc.record({ name: text, before: fc.option(text), after: fc.option(text) })),
      text: fc.record({ before: fc.option(text), after: text }),
      steps: fc.array(anyStep, { maxLength: 4 }),
    },
    { requiredKeys: ['action', 'details', 'steps'] },
  ),
});
const unknown = fc.record({ state: fc.constant('unknown' as const), ...named, reason: text });
const plan: fc.Arbitrary<HostPlan> = fc.record({
  format: fc.constant(HOST_PLAN_FORMAT),
  host: text,
  items: fc.array(fc.oneof<fc.Arbitrary<PlanItem>[]>(change, unknown), { maxLength: 5 }),
  same: fc.nat(),
});
const host: fc.Arbitrary<SavedHost> = fc.record(
  {
    name: fc.constantFrom('p1-50', 'p1-51', 'x'),
    address: fc.constantFrom('192.168.10.50', 'p1-51.example.com'),
    listen: fc.constantFrom('10.0.0.50', '10.0.0.51'),
    roles: fc.constant(['p1']),
    planned: plan.map((one) => ({ state: 'planned' as const, plan: savedForm(one, (said) => said) })),
    inputs: fc.dictionary(key, text),
  },
  { requiredKeys: ['name', 'address', 'roles', 'planned', 'inputs'] },
);
const saved: fc.Arbitrary<SavedPlan> = fc.record({
  version: fc.constant('0.1.0'),
  who: text,
  made: fc.constant('2026-11-22T10:30:00Z'),
  expires: fc.constant('2026-11-23T10:30:00Z'),
  request: fc.record({ role: text, miner: text, tags: fc.array(text), start: fc.boolean() }),
  templates: fc.dictionary(key, text),
  hosts: fc.array(host, { maxLength: 4 }),
});

/** What is said of a text that is no plan as it was saved. */
const refusal = (given: string): string => {
  try {
    parseSavedPlan(given, 'p1.plan');
    return 'read';
  } catch (error) {
    if (error instanceof FcopsError) return error.message;
    throw error;
  }
};

const SMALL: SavedPlan = {
  version: '0.1.0',
  who: 'alice@ops1',
  made: '2026-11-22T10:30:00Z',
  expires: '2026-11-23T10:30:00Z',
  request: { role: 'p1', miner: 'f0494733', tags: [], start: false },
  templates: {},
  hosts: [],
};

describe('a saved plan', () => {
  it('is read as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(saved, (one) => {
        const { text: written, digest } = savedText(one);
        expect(parseSavedPlan(written, 'p1.plan')).toEqual({ ...one, digest });
        // However its JSON is laid out.
        expect(parseSavedPlan(JSON.stringify(JSON.parse(written)), 'p1.plan')).toEqual({ ...one, digest });
      }),
    );
  });

  it('holds of the text of hosts sums alone, and of secrets the names', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const form = savedForm(one, (said) => said);
        expect(JSON.stringify(form)).not.toContain('pl4nted');
        expect(hostTexts(form).filter((one) => !/^sha256 /.test(one))).toEqual([]);
        expect(savedForm(form, (said) => said)).toEqual(form);
      }),
    );
  });

  it('is not taken for one where it was altered, by a single character anywhere', () => {
    const { text: written } = savedText(SMALL);
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const altered = written.slice(0, at) + character + written.slice(at + 1);
        fc.pre(altered !== written && !isSame(altered, written));
        expect(refusal(altered)).toMatch(
          /this is no saved plan|is not whole|was altered|another version of fcops/,
        );
      }),
    );
  });

  it.each([
    [savedText(SMALL).text.slice(0, -3), 'this saved plan is not whole: it was cut off or damaged'],
    [savedText(SMALL).text.replace('"hosts": [', '"hosts": '), 'this saved plan is not whole'],
    ['', 'this is no saved plan'],
    ['[]', 'this is no saved plan'],
    ['{"format":"fcops-plan/1"}', 'this is no saved plan'],
    [
      '{"format":"fcops-saved-plan/2","digest":"x"}',
      'saved by another version of fcops, as fcops-saved-plan/2',
    ],
    ['{"format":"fcops-saved-plan/1","digest":"x"}', 'was altered since it was saved'],
  ])('%s is told as what it is', (given, said) => {
    expect(refusal(given)).toContain(said);
  });

  it('is of its version and its day', () => {
    const at = (version: string, date: string) =>
      staleProblems(SMALL, 'p1.plan', { version, date: new Date(date) }).map(({ what }) => what);
    expect(at('0.1.0', '2026-11-23T10:30:00Z')).toEqual([]);
    expect(at('0.1.0', '2026-11-23T10:30:01Z')).toEqual([expect.stringContaining('this plan expired at')]);
    expect(at('0.2.0', '2026-11-23T10:30:00Z')).toEqual([
      expect.stringContaining('made by fcops 0.1.0, and this is fcops 0.2.0'),
    ]);
  });
});

/** Texts in steps that were read on the host. */
const hostTexts = (one: HostPlan): readonly string[] =>
  changesOf(one)
    .flatMap((item) => item.change.steps)
    .flatMap((step) => {
      if (step.step === 'rewrite-file') return [step.text];
      return step.step === 'edit-lines' || step.step === 'edit-crontab' ? step.drop : [];
    });

/** Blanks between values say nothing. */
const isSame = (altered: string, written: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(altered)) === JSON.stringify(JSON.parse(written));
  } catch {
    return false;
  }
};
