import type { Finding } from './finding.ts';

/** Kinds that say what stands still for it that a process takes no tasks. */
const EFFECTS: readonly Finding['kind'][] = ['p2', 'finalize'];
const CAUSES: readonly Finding['kind'][] = ['process', 'registration'];

/** That a process does not run, or is not registered, is told with what stands still for it, and not once more. */
export const withCauses = (findings: readonly Finding[]): readonly Finding[] => {
  const effects = findings.filter(({ kind, host }) => EFFECTS.includes(kind) && host !== null);
  const causesOf = ({ host, processes }: Finding): readonly Finding[] =>
    findings.filter(
      (one) =>
        CAUSES.includes(one.kind) &&
        one.host === host &&
        one.processes.length > 0 &&
        one.processes.every((name) => processes.includes(name)),
    );
  const told = new Set(effects.flatMap(causesOf));
  return findings.flatMap((one): Finding[] => {
    if (told.has(one)) return [];
    if (!effects.includes(one)) return [one];
    const causes = causesOf(one);
    const evidence = causes.flatMap(({ processes, message, evidence: seen }) => [
      `${processes.join(', ')}: ${message}`,
      ...seen,
    ]);
    return [{ ...one, evidence: [...one.evidence, ...evidence] }];
  });
};
