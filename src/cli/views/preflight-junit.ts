import { CHECKS } from '../../ops/preflight/finding.ts';
import type { JunitCase } from './junit.ts';
import { caseOf, junit, saidLines } from './junit.ts';
import type { PreflightDocument, PreflightFinding, PreflightHostDocument } from './preflight-document.ts';

/** A preflight as JUnit XML: a suite a host; a case for asking it, and for each check. */
export const preflightJunit = ({ miner, hosts, at }: PreflightDocument): string =>
  junit(
    `fcops preflight ${miner}`,
    at,
    hosts.map((host) => ({ name: host.host, cases: casesOf(host) })),
  );

const ASKED = 'asked';

const casesOf = ({ state, findings, problems }: PreflightHostDocument): readonly JunitCase[] => {
  if (state === 'unseen') {
    const bad = problems.map(({ what, why, next }) => ({
      ...{ type: ASKED, message: what },
      text: saidLines({ message: what, why, next }),
    }));
    return [caseOf(ASKED, bad, [])];
  }
  return [
    { name: ASKED },
    ...CHECKS.flatMap((name) => {
      const own = findings.filter(({ check }) => check === name);
      return own.length === 0 ? [] : [checkCase(name, own)];
    }),
  ];
};

const checkCase = (name: string, findings: readonly PreflightFinding[]): JunitCase => ({
  ...caseOf(
    name,
    findings
      .filter(({ state }) => state === 'off')
      .map((one) => ({ type: name, message: one.message, text: saidLines(one) })),
    findings.filter(({ state }) => state === 'warn' || state === 'unknown').map((one) => saidLines(one)),
  ),
  // Nobody could tell anything of it.
  ...(findings.every(({ state }) => state === 'unknown') && { skipped: true }),
});
