import type { Content } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import { factsBy } from '../../core/facts-by.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Host } from '../../inventory/cluster.ts';
import { knownFacts } from '../../inventory/saved-facts.ts';
import { Deployed } from '../../resources/deployed.ts';
import { LOOKS } from '../../resources/kinds.ts';
import type { Observation } from '../../resources/look.ts';
import { putLooked } from '../../resources/process/look.ts';
import type { Task } from '../../resources/resource.ts';

/** What a host is to be. */
export interface Wanted {
  readonly host: Host;
  readonly tasks: readonly Task[];
}

/** What stands for a secret where its value is not at hand. */
export const placeholder = (secret: string): string => `<${secret}>`;

/** A content with placeholders in it. */
export const withPlaceholders = (content: Content): string =>
  content.map((segment) => (typeof segment === 'string' ? segment : placeholder(segment.secret))).join('');

/** Which facts were read, and which of them are known nowhere. */
export interface FactsRead {
  readonly read: Set<keyof Facts>;
  readonly missing: Set<keyof Facts>;
}

/** The facts that are known of a host; `standIn` has those that are not. */
export const factsOf = (
  known: Partial<Facts>,
  standIn: Facts,
  { read, missing }: FactsRead,
  deployed: () => Pick<Deployed, 'hostname' | 'kernelArguments'> | undefined,
): Facts =>
  factsBy((key) => {
    const host = deployed();
    // What a deploy and the reboot after it make of a machine.
    const made: Partial<Facts> = {
      systemd: true,
      bootId: '',
      ...(host && { hostname: host.hostname, kernelArguments: [...host.kernelArguments] }),
    };
    const own: Partial<Facts>[typeof key] = made[key];
    if (own !== undefined) return own;
    read.add(key);
    const value: Partial<Facts>[typeof key] = known[key];
    if (value !== undefined) return value;
    missing.add(key);
    return standIn[key];
  });

/** Saved and stated facts; the distribution is the one that the inventory says. */
export const factsKnown = (host: Host, other: Host): Partial<Facts> => {
  const { id, version } = host.os;
  const savedFacts = host.savedFacts ?? other.savedFacts;
  return {
    ...(version !== undefined && { os: { id, version } }),
    ...knownFacts({ ...host, ...(savedFacts && { savedFacts }) }),
  };
};

/**
 * A host as it is once everything that is wanted of it has been done, seen by the looks of `after`: `before` by the facts
 * that it was done with, the observation by those of `after`.
 */
export const thoughtOf = (
  before: Wanted,
  after: Wanted,
  standIn: Facts,
  facts: FactsRead,
): { readonly seen: Observation; readonly deployed: Deployed } => {
  let made: Deployed | undefined;
  const own = factsOf(factsKnown(before.host, after.host), standIn, facts, () => made);
  const deployed = new Deployed(own, placeholder);
  made = deployed;
  putLooked(deployed.answer);
  for (const { resources } of before.tasks)
    for (const resource of resources) orNothing(() => resource.leaves?.(deployed));
  const asks = [before, after].flatMap(({ tasks }) =>
    tasks.flatMap(({ resources }) => resources.flatMap((resource) => resource.asks)),
  );
  for (const look of LOOKS) look.givenBare(deployed.answer, asks);
  const now = factsOf(factsKnown(after.host, before.host), standIn, facts, () => deployed);
  return { seen: { facts: now, answer: deployed.answer }, deployed };
};

/** What cannot be worked out by these facts is told where it is compared. */
const orNothing = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
  }
};
