import { CHECKS } from '../../ops/preflight/finding.ts';
import { attribute, content } from '../text/xml.ts';
import type { PreflightDocument, PreflightFinding, PreflightHostDocument } from './preflight-document.ts';

/** A preflight as JUnit XML: a suite a host; a case for asking it, and for each check. */
export const preflightJunit = ({ miner, hosts, at }: PreflightDocument): string => {
  const suites = hosts.map((host) => ({ host: host.host, cases: casesOf(host) }));
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`fcops preflight ${miner}`)}" tests="${cases.length}" failures="${failures(cases)}">`,
    ...suites.flatMap(({ host, cases: own }) => [
      `  <testsuite name="${attribute(host)}" tests="${own.length}" failures="${failures(own)}" errors="0" skipped="${own.filter(isSkipped).length}" timestamp="${attribute(at.replace(/Z$/, ''))}">`,
      ...own.flatMap((one) => caseLines(host, one)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
};

type Said = Pick<PreflightFinding, 'state' | 'message' | 'why' | 'next'>;

interface Case {
  readonly name: string;
  readonly findings: readonly Said[];
}

const casesOf = ({ state, findings, problems }: PreflightHostDocument): readonly Case[] => {
  const asked = problems.map(
    ({ what, where: _, kind: __, commands: ___, ...more }): Said => ({
      state: 'off',
      message: what,
      ...more,
    }),
  );
  if (state === 'unseen') return [{ name: 'asked', findings: asked }];
  return [
    { name: 'asked', findings: [] },
    ...CHECKS.flatMap((name) => {
      const own = findings.filter(({ check }) => check === name);
      return own.length === 0 ? [] : [{ name, findings: own }];
    }),
  ];
};

const isOff = ({ state }: Said): boolean => state === 'off';
const failures = (cases: readonly Case[]): number => cases.filter((one) => one.findings.some(isOff)).length;

/** Nobody could tell anything of it. */
const isSkipped = ({ findings }: Case): boolean =>
  findings.length > 0 && findings.every(({ state }) => state === 'unknown');

const caseLines = (host: string, one: Case): string[] => {
  const open = `    <testcase classname="${attribute(host)}" name="${attribute(one.name)}"`;
  const bad = one.findings.filter(isOff);
  const others = one.findings.filter(({ state }) => state === 'warn' || state === 'unknown');
  if (bad.length + others.length === 0) return [`${open}/>`];
  const [first] = bad;
  return [
    `${open}>`,
    ...(first
      ? [
          `      <failure type="${one.name}" message="${attribute(first.message)}">${content(bad.map(words).join('\n'))}</failure>`,
        ]
      : isSkipped(one)
        ? ['      <skipped/>']
        : []),
    ...(others.length > 0 ? [`      <system-out>${content(others.map(words).join('\n'))}</system-out>`] : []),
    '    </testcase>',
  ];
};

const words = ({ message, why, next }: Said): string =>
  [message, ...(why ? [`why: ${why}`] : []), ...(next ? [`next: ${next}`] : [])].join('\n');
