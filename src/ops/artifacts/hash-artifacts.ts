import { edit } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Sources } from '../sources.ts';
import type { ArtifactServers } from './artifact-server.ts';
import { artifactServers, credentialsOf } from './artifact-server.ts';
import { artifactSource } from './artifact-source.ts';
import type { HashDeps, HashedArtifact } from './hash-artifact.ts';
import { hashArtifact } from './hash-artifact.ts';

export interface HashRequest {
  /** Files, URLs, names of archives at the server of the inventory. */
  readonly words: readonly string[];
  readonly miner?: string | undefined;
}

export interface HashesDeps extends HashDeps {
  /** Hears of each password before it is used. */
  readonly hide: (secret: string) => void;
  /** Hears of each sum as soon as it is known. */
  readonly hashed: (one: HashedArtifact) => void;
}

/**
 * Works out the sums of archives, one after the other: what cannot be had keeps none of the others. Gives all that went
 * wrong; throws what the signal says, and an FcopsError for an inventory that is named and cannot be read.
 */
export const hashArtifacts = async (
  sources: Sources,
  { words, miner }: HashRequest,
  deps: HashesDeps,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = [];
  let known: ArtifactServers | undefined;
  const servers = () => {
    known ??= artifactServers(sources, miner);
    return known;
  };
  for (const word of words) {
    const source = artifactSource(word, servers);
    if (!source.ok) {
      problems.push(source.error);
      continue;
    }
    try {
      const server = source.value.type === 'url' ? source.value.server : undefined;
      const credentials = server ? await credentialsOf(server, sources) : null;
      if (credentials) deps.hide(credentials.password);
      const made = await hashArtifact(source.value, credentials, deps);
      if (made.ok) deps.hashed(made.value);
      else problems.push(made.error);
    } catch (error) {
      deps.signal.throwIfAborted();
      if (!(error instanceof FcopsError)) throw error;
      problems.push(...error.problems);
    }
  }
  return problems;
};

/** The sums by their names; a problem where two archives have one name, or a name is none that an inventory can have. */
export const sumsByName = (all: readonly HashedArtifact[]): ReadonlyMap<string, string> => {
  const sums = new Map<string, string>();
  const problems = all.flatMap(({ name, sha256, from }): readonly Problem[] => {
    const before = sums.get(name);
    sums.set(name, sha256);
    if (!/^[^/\s]+$/.test(name))
      return [
        {
          kind: 'usage',
          what: `"${name}" is no name of an archive: it has blanks`,
          where: { file: from },
          next: [edit('give it another name first')],
        },
      ];
    return before === undefined || before === sha256
      ? []
      : [
          {
            kind: 'usage',
            what: `${name} is named twice, with two sums`,
            where: { file: from },
            why: `${before} and ${sha256}`,
            next: [edit('name the one that is meant')],
          },
        ];
  });
  if (problems.length > 0) throw new FcopsError(problems);
  return sums;
};
