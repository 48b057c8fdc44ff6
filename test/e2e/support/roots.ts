import { IN_CI } from '../../support/needs.ts';
import { debianRoot, RELEASES, whyNoRoot } from './debian-root.ts';

/**
 * Makes all roots at once where all are going to be needed: together they take little longer than one. What goes wrong
 * is told by the tests that want the root.
 */
export default async (): Promise<void> => {
  if (!IN_CI) return;
  await Promise.allSettled(
    RELEASES.map(async (release) => {
      if ((await whyNoRoot(release)) === null) await debianRoot(release, console.log);
    }),
  );
};
