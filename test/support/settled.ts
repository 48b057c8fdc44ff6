import type { PlainHost } from './host-set.ts';

/** Waits until hosts have let go of a run: they do half a second after it has ended, and no people are that quick. */
export const settled = async (...hosts: readonly Pick<PlainHost, 'sh'>[]): Promise<void> => {
  for (const host of hosts)
    await host.sh('flock -w 10 /var/lib/fcops/session true; flock -w 10 /var/lib/fcops/lock true');
};
