import type { SecretUse } from '../inventory/secrets.ts';
import { SECRET_USES } from '../inventory/secrets.ts';
import type { Operation } from './process-work.ts';

/** Tags of the tasks that tell workers how their miner is reached: their profile, and what runs by it. */
const WITH_API: readonly string[] = ['profile', 'start'];

/** Whether tasks with these tags hold address and token of the miner's API. */
export const needsApi = (tags: readonly string[]): boolean =>
  tags.length === 0 || tags.some((tag) => WITH_API.includes(tag));

/** What of a request says which secrets it needs. */
interface AskedFor {
  readonly operation?: Operation;
  readonly tags: readonly string[];
  readonly start: boolean;
  readonly preflight?: boolean;
  readonly otherToken?: boolean;
}

/**
 * What the secrets of a cluster are used for by a request. Who stops or reboots machines at night need not have the
 * password of the download server.
 */
export const secretUses = ({
  operation = 'deploy',
  tags,
  start,
  preflight,
  otherToken,
}: AskedFor): readonly SecretUse[] => {
  switch (operation) {
    case 'deploy':
      return tags.length === 0 ? SECRET_USES : usesOfTags(tags, start);
    case 'upgrade':
      return SECRET_USES;
    case 'stop':
      return ['ssh'];
    // Before a start the miner is asked whether it takes the token, which workers have from their profile.
    default:
      return preflight === false && !otherToken ? ['ssh'] : ['api', 'ssh'];
  }
};

/** Of a deploy that is about some of its tasks. */
const usesOfTags = (tags: readonly string[], start: boolean): readonly SecretUse[] => [
  ...(start || needsApi(tags) ? (['api'] as const) : []),
  ...(tags.some((tag) => tag === 'worker' || tag === 'lotus') ? (['artifacts'] as const) : []),
  ...(tags.includes('storage') ? (['storage'] as const) : []),
  'ssh',
];
