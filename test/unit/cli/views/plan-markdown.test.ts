import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { planDocument } from '../../../../src/cli/views/plan-document.ts';
import { planJunit } from '../../../../src/cli/views/plan-junit.ts';
import { planMarkdown } from '../../../../src/cli/views/plan-markdown.ts';
import type { PlannedHost } from '../../../../src/ops/travellers.ts';
import {
  ADDRESSES,
  change,
  failedResult,
  idleItem,
  planned,
  rebootItem,
  restartItem,
  result,
  scriptItem,
  sysctlItem,
  unknownItem,
  violatedItem,
} from './samples.ts';

const documentOf = (hosts: readonly PlannedHost[]) =>
  planDocument({ miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS }, hosts);
const HOSTS: readonly PlannedHost[] = [
  planned('p1-50', [scriptItem('192.168.10.50'), sysctlItem, restartItem('P1-1'), violatedItem('warn')]),
  planned('p1-51', [scriptItem('192.168.10.51'), sysctlItem, restartItem('P1-1'), violatedItem('warn')]),
  planned('p1-52', []),
  planned('p1-53', [violatedItem('enforce'), rebootItem]),
  planned('p1-54', [unknownItem]),
  { state: 'ended', result: failedResult('p1-55') },
];

describe('a plan as a comment', () => {
  const text = planMarkdown(documentOf(HOSTS));

  it('has the counts first, then what changes alike, then who would not be touched, and why', () => {
    expect(text).toMatch(/^### fcops plan p1 of f0494733\n\n- 2 hosts: /);
    expect(text).toContain('<code>p1-[50:51]</code>');
    expect(text).toContain('```diff');
    expect(text).toContain('restart owed');
    expect(text).toMatch(/\*\*blocked\*\* `p1-53`: /);
    expect(text).toMatch(/\*\*blocked\*\* `p1-54`: .*could not be seen/);
    expect(text).toMatch(/`p1-55`: /);
    expect(text).toContain('Nothing to change on <code>p1-52</code>');
  });

  it('counts processes, checks and warnings one by one', () => {
    const processes = Array.from({ length: 14 }, (_, index) => `P1-${index + 1}`);
    const other = { ...violatedItem('warn'), resource: 'assertion:other' };
    const shown = planMarkdown(
      documentOf([
        planned('p1-50', [sysctlItem, idleItem(...processes), violatedItem('warn'), other]),
        planned('p1-51', [sysctlItem, idleItem('APx'), violatedItem('warn')]),
      ]),
    );
    expect(shown).toContain('<code>p1-50</code> — 14 do not run, 1 warning<');
    expect(shown).toContain('<code>p1-51</code> — 1 does not run<');
    expect(shown).toContain('— on each 1 to update, 1 warning<');
  });

  it('tells hosts that cannot be touched for one cause once, whatever they say of themselves in it', () => {
    const away = (name: string, number: number): PlannedHost => ({
      state: 'ended',
      result: result(name, {
        state: 'unreachable',
        problems: [
          { kind: 'connect', what: `its SSH at 192.168.10.${number}:22 does not answer within ${number} s` },
        ],
      }),
    });
    const shown = planMarkdown(
      documentOf([away('p1-50', 50), away('p1-51', 51), away('p1-52', 52), ...HOSTS.slice(3, 5)]),
    );
    expect(shown).toContain(
      '\n**unreachable** 3 hosts: `p1-[50:52]`, as `p1-50` says it: its SSH at 192.168.10.50:22 does not answer within 50 s\n',
    );
    expect(shown).toMatch(/\n\*\*blocked\*\* `p1-53`: the machine runs kernel/);
  });

  it('is cut to the length of a comment, and says so', () => {
    const short = planMarkdown(documentOf(HOSTS), { limit: 900, about: ['saved *now*'] });
    expect(short.length).toBeLessThanOrEqual(900);
    expect(short).toContain('saved \\*now\\*');
    expect(short).toContain('Cut to the length of a comment');
  });
});

it('a plan as JUnit has a case for each thing that is not as required, and errors where nobody can tell', () => {
  const xml = planJunit(documentOf(HOSTS), new Date('2026-11-22T10:30:00Z'));
  expect(xml).toContain('<testsuites name="fcops plan p1 of f0494733"');
  expect(xml).toMatch(/<testsuite name="p1-52" tests="1" failures="0" errors="0"/);
  expect(xml).toMatch(/<testsuite name="p1-50" tests="5" failures="4" errors="0"/);
  expect(xml).toMatch(/<testsuite name="p1-53" tests="3" failures="2" errors="0"/);
  expect(xml).toMatch(/<testsuite name="p1-54" tests="2" failures="0" errors="1"/);
  expect(xml).toMatch(/<testsuite name="p1-55" tests="1" failures="0" errors="1"/);
});

it('a plan as JUnit says what there is to say of a change besides what differs', () => {
  const item = change('scripts', 'file:/opt/profile', {
    action: 'update',
    details: [
      { name: 'changed since r-1 left it', before: null, after: null },
      { name: 'mode', before: null, after: '0755' },
      { name: 'owner', before: 'nobody:root', after: 'root:root' },
      { name: 'target', before: '/a', after: null },
    ],
  });
  expect(planJunit(documentOf([planned('p1-50', [item])]), new Date('2026-11-22T10:30:00Z'))).toContain(
    '\nchanged since r-1 left it\nmode 0755\nowner: nobody:root -&gt; root:root\ntarget: /a -&gt; none<',
  );
});
