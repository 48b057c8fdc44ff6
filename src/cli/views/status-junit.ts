import { attribute, content } from '../text/xml.ts';
import type { StatusDocument, StatusHostDocument, StatusTrouble } from './status-document.ts';

interface Case {
  readonly name: string;
  /** What is bad fails it; what is only a warning stands beside. */
  readonly troubles: readonly StatusTrouble[];
}

/** A status as JUnit XML: a suite a host; a case for the look at it, for the machine, and for each process. */
export const statusJunit = (document: StatusDocument): string => {
  const suites = document.hosts.map((host) => ({ host, cases: casesOf(host) }));
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`fcops status ${document.miner}`)}" tests="${cases.length}" failures="${failures(cases)}">`,
    ...suites.flatMap(({ host, cases: own }) => suiteLines(host, own, document.at)),
    '</testsuites>',
    '',
  ].join('\n');
};

const isBad = ({ severity }: StatusTrouble): boolean => severity === 'bad';
const failures = (cases: readonly Case[]): number =>
  cases.filter(({ troubles }) => troubles.some(isBad)).length;

const casesOf = ({ state, troubles, processes }: StatusHostDocument): readonly Case[] => {
  if (state !== 'seen') return [{ name: 'look', troubles }];
  return [
    { name: 'look', troubles: [] },
    { name: 'machine', troubles: troubles.filter((one) => one.processes.length === 0) },
    ...processes.map(({ name }) => ({
      name,
      troubles: troubles.filter((one) => one.processes.includes(name)),
    })),
  ];
};

const suiteLines = ({ host, state }: StatusHostDocument, cases: readonly Case[], at: string): string[] => [
  `  <testsuite name="${attribute(host)}" tests="${cases.length}" failures="${failures(cases)}" errors="0" skipped="0" timestamp="${attribute(at.replace(/Z$/, ''))}">`,
  ...cases.flatMap((one) => caseLines(host, one, state === 'pending')),
  '  </testsuite>',
];

const caseLines = (host: string, { name, troubles }: Case, isPending: boolean): string[] => {
  const open = `    <testcase classname="${attribute(host)}" name="${attribute(name)}"`;
  const bad = troubles.filter(isBad);
  const warnings = troubles.filter((one) => !isBad(one));
  if (isPending) return [`${open}>`, '      <skipped/>', '    </testcase>'];
  if (troubles.length === 0) return [`${open}/>`];
  const [first] = bad;
  return [
    `${open}>`,
    // More than one failure of a case is more than most readers take.
    ...(first
      ? [
          `      <failure type="${first.kind}" message="${attribute(first.message)}">${content(bad.map(words).join('\n'))}</failure>`,
        ]
      : []),
    ...(warnings.length > 0
      ? [`      <system-out>${content(warnings.map(words).join('\n'))}</system-out>`]
      : []),
    '    </testcase>',
  ];
};

const words = ({ message, why, next }: StatusTrouble): string =>
  [
    message,
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join('\n');
