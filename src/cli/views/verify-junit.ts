import { attribute, content } from '../text/xml.ts';
import { SINCE_WORDS } from './since-words.ts';
import type { VerifyCheck, VerifyDocument, VerifyHost } from './verify-document.ts';

/**
 * A verification as JUnit XML: a suite a host, a case a check. What is off is a failure, what nobody can tell an error;
 * a host that has not been looked at is skipped.
 */
export const verifyJunit = (document: VerifyDocument): string => {
  const { miner, at, hosts, counts } = document;
  const { checks, off, unknown, pending } = counts;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`fcops verify ${miner}`)}" tests="${checks + pending}" failures="${off}" errors="${unknown}">`,
    ...hosts.flatMap((host) => suiteLines(host, at)),
    '</testsuites>',
    '',
  ].join('\n');
};

const suiteLines = ({ host, state, checks }: VerifyHost, at: string): string[] => {
  const having = (result: VerifyCheck['result']) => checks.filter((check) => check.result === result).length;
  const isPending = state === 'pending';
  return [
    `  <testsuite name="${attribute(host)}" tests="${checks.length + (isPending ? 1 : 0)}" failures="${having('off')}" errors="${having('unknown')}" skipped="${isPending ? 1 : 0}" timestamp="${attribute(at.replace(/Z$/, ''))}">`,
    ...(isPending
      ? [`    <testcase classname="${attribute(host)}" name="look"><skipped/></testcase>`]
      : checks.flatMap((check) => caseLines(host, check))),
    '  </testsuite>',
  ];
};

const caseLines = (host: string, check: VerifyCheck): string[] => {
  const { name, kind, result, message } = check;
  const open = `    <testcase classname="${attribute(host)}" name="${attribute(name)}"`;
  if (result === 'ok') return [`${open}/>`];
  const element = result === 'off' ? 'failure' : 'error';
  return [
    `${open}>`,
    `      <${element} type="${kind}" message="${attribute(message)}">${content(words(check))}</${element}>`,
    '    </testcase>',
  ];
};

const words = ({ message, why, since, next }: VerifyCheck): string =>
  [
    message,
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...(since === undefined ? [] : [`${SINCE_WORDS[since.by]}: ${since.at}, by its host's clock`]),
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join('\n');
