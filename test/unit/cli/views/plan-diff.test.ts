import { beforeAll, describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import type { PlanDiffDocument } from '../../../../src/cli/views/plan-diff-document.ts';
import {
  planDiffDocument,
  planDiffDocumentSchema,
  withoutSame,
} from '../../../../src/cli/views/plan-diff-document.ts';
import { planDiffJunit } from '../../../../src/cli/views/plan-diff-junit.ts';
import { planDiffMarkdown } from '../../../../src/cli/views/plan-diff-markdown.ts';
import { planDiffText } from '../../../../src/cli/views/plan-diff-text.ts';
import { madeUpCluster, madeUpDiff } from '../../../support/plan-comment.ts';

const text = (document: PlanDiffDocument, full = false) =>
  planDiffText(document, { colour: false, width: 100, full });

let large: PlanDiffDocument;
beforeAll(async () => {
  // Every host has a change of its own, so that none is like another.
  const found = await madeUpDiff(
    madeUpCluster(150),
    madeUpCluster(150, {
      at: (index) =>
        `, variables: { environment: { OWN: number-${index} }, ntpServer: ntp-${index}.example.com }`,
    }),
  );
  large = planDiffDocument(found, PLAIN_WORDS);
});

describe('a comparison of many hosts that differ', () => {
  it('is a document of its schema', () => {
    expect(planDiffDocumentSchema.parse(large)).toEqual(large);
    expect(large.counts).toMatchObject({ hosts: 152, changing: 150, same: 2, restart: 2400 });
    expect(large.verdict).toBe('changes');
  });

  it('has the reason of a mistake, and what mends it, below and further in than what it is', () => {
    const problems = [{ kind: 'inventory' as const, what: 'is wrong', why: 'as it is', next: 'mend it' }];
    const groups = large.groups.slice(0, 1).map((one) => ({ ...one, state: 'unread' as const, problems }));
    const lines = text({ ...large, groups }).split('\n');
    const at = lines.findIndex((line) => line.includes('is wrong'));
    expect(lines.slice(at, at + 3)).toEqual(['    is wrong', '      why:  as it is', '      next: mend it']);
  });

  it('is cut to the length of a comment, names every host, and says what was cut', () => {
    const comment = planDiffMarkdown(large);
    expect(comment.length).toBeLessThanOrEqual(65_000);
    expect(comment.length).toBeGreaterThan(50_000);
    for (let number = 1; number <= 150; number++) expect(comment).toContain(`<code>p1-${number}</code>`);
    expect(comment).toMatch(
      /\*\*Cut to the length of a comment:\*\* \d+ parts without their diffs or names\./,
    );
  });

  it('leaves out whole hosts where even their names are too much', () => {
    const comment = planDiffMarkdown(large, 3000);
    expect(comment.length).toBeLessThanOrEqual(3000);
    expect(comment).toMatch(/\d+ parts left out/);
    expect(comment).toContain('- 150 hosts changed');
  });

  it('has a suite a host in JUnit', () => {
    const xml = planDiffJunit(large, new Date('2026-11-30T10:00:00Z'));
    expect(xml.match(/<testsuite /g)).toHaveLength(152);
    expect(xml).toContain('<testsuite name="f0494733 p1-7" tests="18" failures="0"');
    // What is true of all of it is said once, whatever stands in the first suite.
    expect(xml.match(/No host was asked/g)).toHaveLength(1);
    expect(xml).toMatch(/<testcase classname="f0494733 c2-1" name="plan">\s*<system-out>nothing changes</);
  });
});

it('has of hosts where nothing changes only the number, for programs, but for one that SSH reaches elsewhere', async () => {
  const before = madeUpCluster(40, { at: (index) => `, listen: 172.16.0.${index + 1}` });
  const hosts = before.hosts.map((host) => (host.name === 'p1-7' ? { ...host, address: '192.0.2.7' } : host));
  const document = planDiffDocument(await madeUpDiff(before, { ...before, hosts }), PLAIN_WORDS);
  expect(document.groups.flatMap((group) => group.hosts)).toHaveLength(42);
  const printed = planDiffDocumentSchema.parse(withoutSame(document));
  expect(printed.counts).toMatchObject({ hosts: 42, same: 42 });
  const was = { host: 'p1-7', address: '10.0.0.17', miner: 'f0494733' };
  expect(printed.groups.map((group) => [group.state, group.hosts])).toEqual([
    ['same', [{ host: 'p1-7', address: '192.0.2.7', listen: '172.16.0.7', was }]],
  ]);
  expect(withoutSame(large).groups.map(({ state }) => state)).not.toContain('same');
  expect(withoutSame(large).groups).toHaveLength(150);
});

it('names what is no longer managed, and the processes that come and go', async () => {
  const mount = 'storage: [{ name: nas, type: nfs, path: /opt/nas, source: nas:/export }]\n';
  const found = await madeUpDiff(madeUpCluster(2, { more: mount }), madeUpCluster(2));
  const document = planDiffDocument(found, PLAIN_WORDS);
  expect(text(document)).toContain(
    [
      'p1-[1:2] (2 hosts)',
      '  no longer managed',
      '    / package nfs-common, fstab /opt/nas, storage nas at /opt/nas',
    ].join('\n'),
  );
  expect(planDiffMarkdown(document)).toContain(
    '- **no longer managed, stays on the host**: `package nfs-common`, `fstab /opt/nas`, `storage nas at /opt/nas`',
  );
});

it('shows hosts whose change differs in no more than their own address once', async () => {
  const found = await madeUpDiff(madeUpCluster(30), madeUpCluster(30), {
    'p1/worker-p2/start_p2.sh': (before) => before.replace('--role P2', '--role  P2'),
  });
  const shown = text(planDiffDocument(found, PLAIN_WORDS));
  expect(shown).toContain(
    'p1-[1:30] (30 hosts)\n  [p1-1] marks what the others have with their own name and address',
  );
  expect(shown.match(/--role P2/g)).toHaveLength(1);
  expect(shown).toContain('Plan: 30 hosts changed: 30 to update; 30 processes to restart; 2 hosts unchanged');
  expect(shown).toContain('Compared with origin/main (3f2a9c1d3f2a). No host was asked');
});

it('speaks of one host as of one, and of what several change as of each', async () => {
  const found = await madeUpDiff(
    madeUpCluster(4),
    madeUpCluster(6, {
      more: 'variables: { ntpServer: ntp.example.com }\n',
      without: (index) => index === 0 || index === 1,
    }),
  );
  const one = await madeUpDiff(madeUpCluster(2), madeUpCluster(3, { without: (index) => index === 0 }));
  const several = planDiffDocument(found, PLAIN_WORDS);
  const single = planDiffDocument(one, PLAIN_WORDS);
  for (const shown of [text(several), planDiffMarkdown(several)]) {
    expect(shown).toMatch(/everything is put on each \(/);
    expect(shown).toMatch(/nothing is done to them, and what is on\s+them stays/);
    // The name of what an entry is found by ends with a blank.
    expect(shown).toMatch(/cron root:\/usr\/sbin\/ntpdate(?:`?$)/m);
  }
  for (const shown of [text(single), planDiffMarkdown(single)]) {
    expect(shown).toMatch(/everything is put on it \(/);
    expect(shown).toMatch(/nothing is done to it, and what is on\s+it\s+stays/);
  }
  expect(planDiffMarkdown(several)).toContain(
    '<summary>4 hosts: <code>p1-[3:4], c2-[1:2]</code> — on each 1 to update</summary>',
  );
});

describe('hosts that cannot be worked out', () => {
  const inTheWay = (
    state: 'failed' | 'unread',
    problems: PlanDiffDocument['groups'][number]['problems'],
  ): PlanDiffDocument => {
    const hosts = [1, 2].map((number) => ({ host: `p1-${number}`, address: `10.0.0.1${number}` }));
    const empty = { items: [], left: [], added: [], resources: [] };
    return { ...large, groups: [{ miner: 'f0494733', hosts, state, ...empty, problems }] };
  };
  const MISTAKES: PlanDiffDocument['groups'][number]['problems'] = [
    {
      kind: 'template',
      what: 'there is no value nonsense',
      where: { file: 'templates/c2/profile.hbs', line: 1, column: 3, host: 'p1-1' },
      why: 'the template asks for it',
      next: 'correct it',
    },
    { kind: 'layout', what: 'more pages than memory', where: { host: 'p1-1' } },
  ];
  const xmlOf = (document: PlanDiffDocument) => planDiffJunit(document, new Date('2026-11-30T10:00:00Z'));
  const SAID =
    'templates/c2/profile.hbs:1:3: there is no value nonsense\nwhy: the template asks for it\nnext: correct it\nmore pages than memory';

  it('are an error of each in JUnit, with the place of what is wrong', () => {
    const xml = xmlOf(inTheWay('failed', MISTAKES));
    expect(xml).toContain('tests="2" failures="0" errors="2"');
    expect(xml).toContain(
      `<error type="template" message="templates/c2/profile.hbs:1:3: there is no value nonsense">${SAID}</error>`,
    );
  });

  it('are an error even where nobody says why', () => {
    expect(xmlOf(inTheWay('failed', []))).toContain('tests="2" failures="0" errors="2"');
  });

  it('are one skipped case of each where the revision has several mistakes', () => {
    const xml = xmlOf(inTheWay('unread', MISTAKES));
    expect(xml).toContain('tests="2" failures="0" errors="0"');
    expect(xml.match(/<testcase classname="f0494733 p1-\d" name="plan">\s*<skipped\/>/g)).toHaveLength(2);
    expect(xml).toContain(`<system-out>${SAID}</system-out>`);
    expect(xmlOf(inTheWay('unread', []))).toContain('tests="2" failures="0" errors="0"');
  });

  it('are told with the place in Markdown too', () => {
    for (const state of ['failed', 'unread'] as const)
      expect(planDiffMarkdown(inTheWay(state, MISTAKES))).toContain(
        'templates/c2/profile.hbs:1:3: there is no value nonsense: the template asks for it; more pages than memory',
      );
  });
});
