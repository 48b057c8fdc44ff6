import { type Facts, factsSchema } from '../core/facts.ts';
import { fcopsCommand } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { onDemand } from '../core/remember.ts';
import type { Cluster, Host } from './cluster.ts';
import type { Files } from './files.ts';
import { toJsonSchema } from './schema.ts';
import { readYaml } from './yaml-file.ts';
import { zodProblems } from './zod-problems.ts';

/** Where the facts of a cluster's hosts are kept: `inventories/f0494733.facts`. */
export const factsDirectory = (clusterFile: string): string => `${clusterFile.replace(/\.ya?ml$/, '')}.facts`;

/** Where `fcops facts HOST --save` keeps what it saw: `inventories/f0494733.facts/p1-50.json`. */
export const factsFile = (clusterFile: string, host: string): string =>
  `${factsDirectory(clusterFile)}/${host}.json`;

/** The facts of a host from its file, or what is wrong with that. */
export interface SavedFacts {
  readonly savedFacts?: Facts;
  readonly savedFactsProblem?: Problem;
}

const factsJsonSchema = onDemand(() => toJsonSchema(factsSchema, 'facts'));

/**
 * The saved facts of a host, where there are any. A file that does not fit is a problem of who needs the facts,
 * and of nobody else: `fcops facts --save`, which mends it, reads the inventory as well.
 */
export const readSavedFacts = (clusterFile: string, host: string, files: Files): SavedFacts => {
  const file = factsFile(clusterFile, host);
  const text = textOf(file, files);
  if (typeof text !== 'string') return text;
  const yaml = readYaml(file, text);
  const parsed = factsSchema.safeParse(yaml.value);
  if (yaml.problems.length === 0 && parsed.success) return { savedFacts: parsed.data };
  const found =
    yaml.readable && !parsed.success
      ? zodProblems(parsed.error.issues, yaml, { zod: factsSchema, json: factsJsonSchema() })
      : [];
  const [first] = [...yaml.problems, ...found];
  // The file is fcops' own: one problem and the command that writes it anew say all there is to say.
  return first ? { savedFactsProblem: { ...first, next: [fcopsCommand(['facts', host, '--save'])] } } : {};
};

/** The text of a file; what is known without it where there is none, or none that can be read. */
const textOf = (file: string, files: Files): string | SavedFacts => {
  try {
    return files.read(file) ?? {};
  } catch (error) {
    const [first] = error instanceof FcopsError ? error.problems : [];
    if (!first) throw error;
    return { savedFactsProblem: first };
  }
};

/**
 * What is known of a machine: observed facts where there are any, else the saved ones, and over either the
 * facts that the inventory states by hand, key by key.
 */
export function knownFacts(host: Host, observed: Facts): Facts;
export function knownFacts(host: Host): Partial<Facts>;
export function knownFacts({ facts, savedFacts }: Host, observed?: Facts): Partial<Facts> {
  return { ...(observed ?? savedFacts), ...facts };
}

/** What is wrong with the saved facts of a cluster's hosts. */
export const savedFactsProblems = ({ hosts }: Cluster): readonly Problem[] =>
  hosts.flatMap(({ savedFactsProblem }) => savedFactsProblem ?? []);
