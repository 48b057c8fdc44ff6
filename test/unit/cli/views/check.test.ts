import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { checkDocument, checkDocumentSchema } from '../../../../src/cli/views/check-document.ts';
import { githubLines, message, property } from '../../../../src/cli/views/check-github.ts';
import { checkJunit } from '../../../../src/cli/views/check-junit.ts';
import { checkLines } from '../../../../src/cli/views/check-text.ts';
import { edit, shellHere } from '../../../../src/core/next.ts';
import type { Finding } from '../../../../src/ops/check/finding.ts';
import { finding } from '../../../../src/ops/check/finding.ts';

const FINDINGS: readonly Finding[] = [
  finding('address-twice', {
    kind: 'inventory',
    what: 'the machine 10.0.0.5 is in two clusters',
    where: { file: 'inventories/f01.yaml', line: 12, column: 5, host: 'p1-50' },
    why: 'a deploy of one cluster would take it from the other',
    next: [edit('correct the address')],
  }),
  finding(
    'shellcheck',
    {
      kind: 'template',
      what: 'SC2086: Double quote to prevent globbing',
      where: { file: 'templates/p1/start_p1.sh.hbs', line: 3 },
      next: [shellHere('shellcheck --help')],
    },
    {
      hosts: [
        ...['p1-50', 'p1-51', 'p1-52'].map((name) => ({ miner: 'f01', name })),
        { miner: 'f02', name: 'p1-50' },
      ],
    },
  ),
  finding('shell-unchecked', { kind: 'file', what: 'shellcheck is not installed' }),
];

const document = (findings: readonly Finding[] = FINDINGS) =>
  checkDocument({ findings, clusters: 2, hosts: 30 }, '2026-11-22T10:30:00Z', PLAIN_WORDS);
const text = (findings?: readonly Finding[]) => checkLines(document(findings), { paint: painter(false) });

describe('a check', () => {
  it('as text is a finding a line, with what to do below', () => {
    expect(text().join('\n')).toMatchInlineSnapshot(`
      "inventories/f01.yaml:12:5: error: p1-50: the machine 10.0.0.5 is in two clusters [address-twice]
          why:  a deploy of one cluster would take it from the other
          next: correct the address
      templates/p1/start_p1.sh.hbs:3: warning: 3 hosts of f01 (p1-[50:52]); p1-50 of f02: SC2086: Double quote to prevent globbing [shellcheck]
          next: shellcheck --help
      note: shellcheck is not installed [shell-unchecked]
      1 error, 1 warning in 2 files, 1 note (2 clusters, 30 hosts)"
    `);
  });

  it('names some of many hosts, and of many clusters none', () => {
    const hostsOf = (miner: string, names: readonly string[]) => names.map((name) => ({ miner, name }));
    const lineOf = (hosts: NonNullable<Finding['hosts']>) =>
      text([finding('template', { kind: 'template', what: 'wrong' }, { hosts })])[0];
    expect(lineOf(hostsOf('f01', ['a1', 'a3', 'a5', 'a7', 'a8']))).toBe(
      'error: 5 hosts of f01 (a1, a3, a5, …): wrong [template]',
    );
    const clusters = ['f01', 'f02', 'f03', 'f04'].flatMap((miner) => hostsOf(miner, ['a1', 'a2']));
    expect(lineOf(clusters)).toBe('error: 8 hosts of 4 clusters: wrong [template]');
  });

  it('that found nothing says what it looked at', () => {
    expect(text([])).toEqual(['ok: 2 clusters, 30 hosts']);
    expect(text(FINDINGS.slice(2)).at(-1)).toBe('ok: 2 clusters, 30 hosts, 1 note');
  });

  it('as JSON has its documented form', () => {
    expect(checkDocumentSchema.parse(document())).toMatchObject({
      counts: { errors: 1, warnings: 1, notes: 1, files: 2 },
      findings: [
        { severity: 'error', area: 'inventory', rule: 'address-twice' },
        {
          severity: 'warning',
          area: 'shell',
          hosts: [
            { miner: 'f01', hosts: ['p1-50', 'p1-51', 'p1-52'] },
            { miner: 'f02', hosts: ['p1-50'] },
          ],
        },
        { severity: 'note' },
      ],
    });
  });

  it('for GitHub is a command a finding, and notes are none', () => {
    expect(githubLines(document()).join('\n')).toMatchInlineSnapshot(`
      "::error file=inventories/f01.yaml,line=12,col=5,title=address-twice::p1-50: the machine 10.0.0.5 is in two clusters%0Awhy: a deploy of one cluster would take it from the other%0Anext: correct the address
      ::warning file=templates/p1/start_p1.sh.hbs,line=3,title=shellcheck::3 hosts of f01 (p1-[50:52]); p1-50 of f02: SC2086: Double quote to prevent globbing%0Anext: shellcheck --help
      note: shellcheck is not installed"
    `);
  });

  it('as JUnit is a suite an area, and only errors fail it', () => {
    const xml = checkJunit(document());
    expect(xml.match(/<testsuite name="\w+" tests="\d+" failures="\d+"/g)).toMatchInlineSnapshot(`
      [
        "<testsuite name="inventory" tests="8" failures="1"",
        "<testsuite name="layouts" tests="1" failures="0"",
        "<testsuite name="versions" tests="5" failures="0"",
        "<testsuite name="templates" tests="1" failures="0"",
        "<testsuite name="shell" tests="2" failures="0"",
        "<testsuite name="unused" tests="4" failures="0"",
        "<testsuite name="secrets" tests="5" failures="0"",
      ]
    `);
    expect(xml).toContain(
      '<failure type="address-twice" message="inventories/f01.yaml:12:5: p1-50: the machine 10.0.0.5 is in two clusters">',
    );
    expect(xml).toContain('<system-out>warning: templates/p1/start_p1.sh.hbs:3: ');
  });
});

/** What GitHub's runner does with a command: the reverse of its own toolkit (@actions/core). */
const readCommand = (line: string) => {
  const [, command, properties = '', text = ''] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
  const plain = (escaped: string) =>
    escaped
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return {
    command,
    properties: Object.fromEntries(
      properties.split(',').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), plain(pair.slice(at + 1))];
      }),
    ),
    text: text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'),
  };
};

describe('property: for GitHub', () => {
  const special = fc.string({
    unit: fc.constantFrom('%', ':', ',', '\n', '\r', '=', 'a', '0', 'A', 'D', 'ü', ' '),
  });

  it('a text is one line, and read back it is the same', () => {
    fc.assert(
      fc.property(special, special, (one, other) => {
        const line = `::error file=${property(one)},line=3::${message(other)}`;
        expect(line).not.toMatch(/[\r\n]/);
        expect(readCommand(line)).toEqual({
          command: 'error',
          properties: { file: one, line: '3' },
          text: other,
        });
      }),
    );
  });

  it('no finding begins a command of its own', () => {
    fc.assert(
      fc.property(special, special, special, (what, file, why) => {
        const lines = githubLines(
          document([
            finding('cluster-file', {
              kind: 'inventory',
              what: `a${what}`,
              where: { file: `f${file}` },
              why,
            }),
          ]),
        );
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^::error file=f[^\r\n]*,title=cluster-file::a[^\r\n]*$/);
      }),
    );
  });
});
