import type { JunitCase } from './junit.ts';
import { junit, saidLines } from './junit.ts';
import { SINCE_WORDS } from './since-words.ts';
import type { VerifyCheck, VerifyDocument } from './verify-document.ts';

/**
 * A verification as JUnit XML: a suite a host, a case a check. What is off is a failure, what nobody can tell an error;
 * a host that has not been looked at is skipped.
 */
export const verifyJunit = ({ miner, at, hosts }: VerifyDocument): string =>
  junit(
    `fcops verify ${miner}`,
    at,
    hosts.map(({ host, state, checks }) => ({
      name: host,
      cases: state === 'pending' ? [{ name: 'look', skipped: true }] : checks.map(caseOf),
    })),
  );

const caseOf = (check: VerifyCheck): JunitCase => {
  const { name, kind, result, message, since } = check;
  if (result === 'ok') return { name };
  const text = saidLines(
    check,
    since === undefined ? [] : [`${SINCE_WORDS[since.by]}: ${since.at}, by its host's clock`],
  );
  return { name, bad: { element: result === 'off' ? 'failure' : 'error', type: kind, message, text } };
};
