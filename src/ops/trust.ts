import type { Problem } from '../core/problem.ts';
import { FcopsError } from '../core/problem.ts';
import { inParallel } from '../engine/parallel.ts';
import type { Target } from '../transport/connection.ts';
import type { TransportDeps } from '../transport/deps.ts';
import { describeKey } from '../transport/host-keys/host-key.ts';
import { explainHostKey } from '../transport/host-keys/host-key-problems.ts';
import type { PresentedKey } from '../transport/ssh2/fetch-host-key.ts';
import { fetchHostKey } from '../transport/ssh2/fetch-host-key.ts';

/** What came of asking a host for its key. */
export type Asked =
  | { readonly state: 'known'; readonly target: Target; readonly presented: PresentedKey }
  /** To be recorded if somebody agrees; it may be the key of a bastion on the way. */
  | { readonly state: 'new'; readonly target: Target; readonly presented: PresentedKey }
  | { readonly state: 'refused'; readonly target: Target; readonly problems: readonly Problem[] };

/** Asks hosts for their keys, without logging in. A changed or revoked key is refused, never offered. */
export const askForKeys = (
  targets: readonly Target[],
  forks: number,
  deps: TransportDeps,
  signal: AbortSignal,
): Promise<Asked[]> => {
  const fetch = fetchHostKey(deps);
  return inParallel(targets, forks, async (target): Promise<Asked> => {
    try {
      return judged(target, await fetch(target, signal));
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      return { state: 'refused', target, problems: error.problems };
    }
  });
};

const judged = (target: Target, presented: PresentedKey): Asked => {
  const { endpoint, key, verdict } = presented;
  switch (verdict.kind) {
    case 'match':
      return { state: 'known', target, presented };
    case 'unknown':
    case 'certificate-only':
      return { state: 'new', target, presented };
    case 'changed':
    case 'revoked': {
      const problem = explainHostKey(endpoint, verdict, describeKey(key), target.name);
      return { state: 'refused', target, problems: [{ ...problem, where: { host: target.name } }] };
    }
  }
};
