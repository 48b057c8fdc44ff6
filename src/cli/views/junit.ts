import { attribute, content } from '../text/xml.ts';
import type { ProblemDocument } from './problem-document.ts';
import { placedWhat } from './problem-text.ts';

/** One case of a suite; without anything else it is well. */
export interface JunitCase {
  readonly name: string;
  /** What is wrong fails it; what nobody can tell is an error. */
  readonly bad?: {
    readonly element: 'failure' | 'error';
    /** What sort it is, for programs. */
    readonly type: string;
    readonly message: string;
    readonly text: string;
  };
  readonly skipped?: boolean;
  /** What is said beside. */
  readonly out?: string;
}

/** All cases of what stands together: of a host, of an area of a check. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
  /** What is said of the suite. */
  readonly out?: string;
}

/** Suites as JUnit XML. `at`: `2026-11-22T10:30:00Z` */
export const junit = (title: string, at: string, suites: readonly JunitSuite[]): string => {
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(title)}" tests="${all.length}" failures="${having(all, 'failure')}" errors="${having(all, 'error')}">`,
    ...suites.flatMap(({ name, cases, out }) => [
      `  <testsuite name="${attribute(name)}" tests="${cases.length}" failures="${having(cases, 'failure')}" errors="${having(cases, 'error')}" skipped="${cases.filter(({ skipped }) => skipped).length}" timestamp="${attribute(at.replace(/Z$/, ''))}">`,
      ...cases.flatMap((one) => caseLines(name, one)),
      ...(out === undefined ? [] : [`    <system-out>${content(out)}</system-out>`]),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
};

const having = (cases: readonly JunitCase[], element: 'failure' | 'error'): number =>
  cases.filter(({ bad }) => bad?.element === element).length;

const caseLines = (suite: string, { name, bad, skipped = false, out }: JunitCase): string[] => {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  const inner = [
    ...(bad
      ? [
          `      <${bad.element} type="${bad.type}" message="${attribute(bad.message)}">${content(bad.text)}</${bad.element}>`,
        ]
      : []),
    ...(skipped ? ['      <skipped/>'] : []),
    ...(out === undefined ? [] : [`      <system-out>${content(out)}</system-out>`]),
  ];
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, '    </testcase>'];
};

/** What happened, why, and what to do, a line each. `more`: lines between them. */
export const saidLines = (
  {
    message,
    why,
    next,
  }: { readonly message: string; readonly why?: string | undefined; readonly next?: string | undefined },
  more: readonly string[] = [],
): string =>
  [message, ...(why ? [`why: ${why}`] : []), ...more, ...(next ? [`next: ${next}`] : [])].join('\n');

/** Problems as one text; `host`: the suite is of it. */
export const problemsText = (problems: readonly ProblemDocument[], host: string): string =>
  problems.map((problem) => saidLines({ ...problem, message: placedWhat(problem, { host }) })).join('\n');

/** What is in the way of a whole suite, as its only case. */
export const problemsCase = (problems: readonly ProblemDocument[], host: string): JunitCase => {
  const [first] = problems;
  const message = first ? placedWhat(first, { host }) : 'nobody says why';
  const text = first ? problemsText(problems, host) : message;
  return { name: 'plan', bad: { element: 'error', type: first?.kind ?? 'defect', message, text } };
};

/** What of a change differs, and what there is to say of it besides, a line each. */
export const detailLines = (
  details: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  }[],
): readonly string[] =>
  details.map(({ name, before, after }) =>
    before === null ? `${name} ${after ?? ''}`.trimEnd() : `${name}: ${before} -> ${after ?? 'none'}`,
  );

/**
 * A case of several things that are said: those that are bad are one failure, as more than one of a case is more than
 * most readers take.
 */
export const caseOf = (
  name: string,
  bad: readonly { readonly type: string; readonly message: string; readonly text: string }[],
  others: readonly string[],
): JunitCase => {
  const [first] = bad;
  return {
    name,
    ...(first && {
      bad: { ...first, element: 'failure', text: bad.map(({ text }) => text).join('\n') },
    }),
    ...(others.length > 0 && { out: others.join('\n') }),
  };
};
