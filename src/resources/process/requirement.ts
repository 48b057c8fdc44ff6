import type { Observation } from '../look.ts';
import type { DiffContext, Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import { askProcess, runningOf } from './look.ts';
import type { Process, Requirement } from './process.ts';

/** Whether everything is there that the process must not be started without, or will be by then. */
export const mayStart = ({ requires }: Process, seen: Observation, { pending }: DiffContext): boolean =>
  requires.every(({ severity, check }) => severity === 'warn' || check(seen, pending) === null);

/**
 * A requirement as a resource: what is missing, and who waits for it. It is no obstacle to anything but a start:
 * often enough it is made by a machine that has been deployed.
 */
export const requirementResource = (requirement: Requirement, processes: readonly Process[]): Resource => {
  const { name, asks, needs = [], severity } = requirement;
  return {
    kind: 'requirement',
    id: `requirement:${name}`,
    title: name,
    asks: [...asks, ...processes.map(askProcess)],
    needs,
    manages: [],
    isCheck: true,
    diff: (seen, { pending }) => {
      // Facts that are stated by hand are for contents; they do not make a machine what it is not.
      const found = requirement.check({ ...seen, facts: seen.observedFacts ?? seen.facts }, pending);
      if (found === null) return SAME;
      const { message, next } = 'unknown' in found ? { message: found.unknown } : found;
      const violation = { message, ...(next !== undefined && { next }) };
      if (severity === 'warn') return { state: 'violated', violation: { ...violation, severity } };
      const waiting = processes.filter(({ repository }) => runningOf(seen, repository)?.length === 0);
      return {
        state: 'violated',
        violation: { ...violation, severity: 'start', processes: waiting.map((process) => process.name) },
      };
    },
  };
};

/** The requirements of processes, each with all that stand on it. */
export const requirementResources = (processes: readonly Process[]): Resource[] => {
  const standing = new Map<Requirement, Process[]>();
  for (const process of processes) {
    for (const requirement of process.requires) {
      const others = standing.get(requirement);
      if (others) others.push(process);
      else standing.set(requirement, [process]);
    }
  }
  return [...standing].map(([requirement, those]) => requirementResource(requirement, those));
};
