import { resolve } from 'node:path';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError } from '../../core/problem.ts';
import type { Files } from '../../inventory/files.ts';
import type { InventorySources } from '../../inventory/load.ts';
import { loadProfiles } from '../../inventory/profiles.ts';
import type { Template } from '../../render/load.ts';
import { loadTemplates } from '../../render/load.ts';
import { gitIn } from '../git.ts';
import { nodeFiles } from '../node-files.ts';
import type { Sources } from '../sources.ts';
import { inventorySources } from '../sources.ts';
import { findRevision, type Revision } from './revision.ts';
import { readRevision } from './revision-files.ts';

/** Where everything of a revision is: its inventories, profiles and templates. */
export interface BaseSources {
  readonly revision: Revision;
  readonly inventory: InventorySources;
  readonly templates: ReadonlyMap<string, Template>;
  /** What is wrong with them as a whole: nothing of the revision can be worked out by such. */
  readonly wrong: readonly Problem[];
  /** Works with what is of the revision; what is wrong is told with its places there. */
  readonly placed: <T>(work: () => T) => T;
  /** Directories that the options name and the revision has not: the shipped ones were used then. */
  readonly missing: readonly string[];
}

/**
 * The same sources as they are in a revision. What lies outside of the repository, or comes with fcops and is not kept
 * there, is the same for both.
 */
export const baseSources = async (sources: Sources, name: string): Promise<BaseSources> => {
  const now = inventorySources(sources);
  const { inventoryDir } = now;
  const git = gitIn(nodeFiles.list(inventoryDir) ? inventoryDir : '.', sources.env);
  const revision = await findRevision(git, name);
  const shipped = {
    profiles: `${sources.packageRoot}/profiles`,
    templates: `${sources.packageRoot}/templates`,
  };
  const own = [sources.profiles, sources.templates].filter((one) => one !== undefined);
  const files = await readRevision(git, revision, [inventoryDir, ...Object.values(shipped), ...own]);
  const missing = own.filter((directory) => files.isInside(directory) && !files.has(directory));
  const taken = [inventoryDir, ...Object.values(shipped), ...own].filter(
    (directory) => directory === inventoryDir || files.has(directory),
  );
  const roots = taken.map((directory) => resolve(directory));
  const isTaken = (path: string) => {
    const whole = resolve(path);
    return roots.some((root) => whole === root || whole.startsWith(`${root}/`));
  };
  const both: Files = {
    list: (directory) => (isTaken(directory) ? files : nodeFiles).list(directory),
    read: (file) => (isTaken(file) ? files : nodeFiles).read(file),
    mode: (file) => (isTaken(file) ? files : nodeFiles).mode(file),
  };
  const placed = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      throw new FcopsError(error.problems.map(inRevision), { cause: error });
    }
  };
  const inRevision = (problem: Problem): Problem => {
    const file = problem.where?.file;
    return file === undefined || !isTaken(file)
      ? problem
      : {
          ...problem,
          where: { ...problem.where, file: files.called(file) },
          // What stands in a commit stays there.
          next: [edit('it may be mended here by now: compare with a revision in which it is right (--base)')],
        };
  };
  const ownThen = (directory: string | undefined) =>
    directory === undefined || missing.includes(directory) ? undefined : directory;
  return {
    revision,
    inventory: {
      ...now,
      files: both,
      profiles: placed(() => loadProfiles(ownThen(sources.profiles) ?? shipped.profiles, both)),
    },
    ...templatesOr(() => placed(() => loadTemplates(both, shipped.templates, ownThen(sources.templates)))),
    placed,
    missing,
  };
};

const templatesOr = (load: () => ReadonlyMap<string, Template>): Pick<BaseSources, 'templates' | 'wrong'> => {
  try {
    return { templates: load(), wrong: [] };
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return { templates: new Map(), wrong: error.problems };
  }
};
