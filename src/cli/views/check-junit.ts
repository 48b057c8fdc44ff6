import { AREAS, RULE_NAMES, RULES } from '../../ops/check/finding.ts';
import type { CheckDocument, CheckFinding } from './check-document.ts';
import { placeText, saidText } from './check-said.ts';
import type { JunitCase } from './junit.ts';
import { caseOf, junit, saidLines } from './junit.ts';

/** A check as JUnit XML: a suite an area, a case a rule. Errors fail it; warnings and notes are said beside. */
export const checkJunit = ({ at, findings }: CheckDocument): string =>
  junit(
    'fcops check',
    at,
    AREAS.map((area) => ({
      name: area,
      cases: RULE_NAMES.filter((rule) => RULES[rule].area === area).map((rule) =>
        ruleCase(
          rule,
          findings.filter((one) => one.rule === rule),
        ),
      ),
    })),
  );

const ruleCase = (rule: string, own: readonly CheckFinding[]): JunitCase =>
  caseOf(
    rule,
    own
      .filter(({ severity }) => severity === 'error')
      .map((one) => ({ type: rule, message: oneLine(one), text: wholeText(one) })),
    own.filter(({ severity }) => severity !== 'error').map((one) => `${one.severity}: ${wholeText(one)}`),
  );

const oneLine = (finding: CheckFinding): string =>
  [placeText(finding), saidText(finding)].filter((part) => part !== undefined).join(': ');

const wholeText = (finding: CheckFinding): string => {
  const { why, next } = finding.problem;
  return saidLines({ message: oneLine(finding), why, next });
};
