import { FcopsError, type Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { ok } from '../core/result.ts';
import { withSections } from '../inventory/edit/sections.ts';
import { readCluster } from '../inventory/read-cluster.ts';
import type { Start } from '../inventory/starting-file.ts';
import { startingSections } from '../inventory/starting-file.ts';
import { ROLE_NAMES } from '../roles/role-names.ts';
import { editFile } from './inventory-file.ts';
import { inventorySources, type Sources } from './sources.ts';

/** What became of a cluster file. */
export interface AddedSections {
  /** What came to its end. */
  readonly text: string;
  /** Keys that came to it, in their order. */
  readonly added: readonly string[];
}

/**
 * Gives a cluster file that is there what it lacks of a starting one, at its end: for the roles of its own hosts, else for
 * those of `start`. All that is in it stays. Throws an FcopsError where it cannot be written.
 */
export const addMissingSections = async (
  sources: Sources,
  file: string,
  start: Start,
): Promise<AddedSections> => {
  const { hosts } = readCluster(file, inventorySources(sources)).checking;
  const own = ROLE_NAMES.filter((role) => hosts.some(({ roles }) => roles.some((one) => one.role === role)));
  // Where every host says its versions itself, the cluster has none to say.
  const needsVersions = hosts.length === 0 || hosts.some(({ host }) => host.versions === undefined);
  const sections = startingSections({ ...start, roles: own.length > 0 ? own : start.roles }).filter(
    ({ key }) => key !== 'versions' || needsVersions,
  );
  let made: AddedSections = { text: '', added: [] };
  const change = (before: string): Result<string, readonly Problem[]> => {
    const now = withSections(file, before, sections);
    if (!now.ok) return now;
    const { text, added } = now.value;
    made = { text: text.slice(before.length).replace(/^[\r\n]+/, ''), added };
    return ok(text);
  };
  const words = { failed: 'nothing was added', byHand: 'add what is missing by hand' };
  const done = await editFile(file, change, words);
  if (!done.ok) throw new FcopsError(done.error);
  return made;
};
