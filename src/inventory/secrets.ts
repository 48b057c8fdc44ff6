import { posix } from 'node:path';
import type { Reveal } from '../core/content.ts';
import { edit, shellHere } from '../core/next.ts';
import { FcopsError, type Place, type Problem } from '../core/problem.ts';
import { LONGEST_SECRET, Secret, SHORTEST_SECRET } from '../core/secret.ts';
import { quote } from '../core/shell.ts';
import { ageFile } from './age-places.ts';
import type { Cluster } from './cluster.ts';
import type { Files } from './files.ts';
import type { NamedSecret, SecretKept } from './named-secret.ts';
import type { SecretRef } from './schema-parts.ts';
import type { SecretValues } from './secret-values.ts';

/** Where secrets are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** What `~` stands for. */
  readonly home: string;
  /** Those that are known already, and where others are kept; new ones where it is left out. */
  readonly values?: SecretValues;
}

/** `~/x` and paths relative to the inventory file, as a path that can be opened. */
const secretPath = (path: string, inventoryFile: string, home: string): string => {
  if (path === '~' || path.startsWith('~/')) return posix.join(home, path.slice(1));
  return posix.isAbsolute(path) ? path : posix.join(posix.dirname(inventoryFile), path);
};

const fromEnv = (name: string, env: SecretSources['env'], where: Place): string => {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value) return value;
  throw new FcopsError({
    kind: 'secret',
    what: `the secret ${name} is missing: the environment variable is ${value === '' ? 'empty' : 'not set'}`,
    where,
    next: [shellHere(`read -rs ${name} && export ${name}`)],
  });
};

/** What makes the folder of a file where it is not there yet. */
const folderOf = (path: string, files: Files): string => {
  const folder = posix.dirname(path);
  return files.list(folder) === undefined ? `mkdir -p ${quote(folder)} && ` : '';
};

const fromFile = (path: string, files: Files, where: Place): string => {
  const mode = files.mode(path);
  const text = mode === undefined ? undefined : files.read(path);
  if (mode === undefined || text === undefined)
    throw new FcopsError({
      kind: 'secret',
      what: `the secret file ${path} is missing`,
      where,
      next: [shellHere(`(umask 077; ${folderOf(path, files)}cat > ${quote(path)})`)],
    });
  if ((mode & 0o077) !== 0)
    throw new FcopsError({
      kind: 'secret',
      what: `the secret file ${path} can be read by others (mode ${mode.toString(8).padStart(4, '0')})`,
      where,
      next: [shellHere(`chmod 600 ${quote(path)}`)],
    });
  const value = text.trim();
  if (value === '') throw new FcopsError({ kind: 'secret', what: `the secret file ${path} is empty`, where });
  return value;
};

/** Why a value could not be kept secret; undefined: it can. Nothing of it is told. */
export const weakness = (name: string, value: string, where: Place): Problem | undefined => {
  const about = { kind: 'weak-secret', where } as const;
  if (/[\n\r\0\u2028\u2029]/.test(value))
    return {
      ...about,
      what: `the secret ${name} has several lines`,
      why: 'a secret is masked as a whole, so that its single lines would be shown',
      next: [edit('keep the one line that is the secret, without a line break')],
    };
  if (value.trim().length < SHORTEST_SECRET)
    return {
      ...about,
      what: `the secret ${name} is too short: ${SHORTEST_SECRET} characters are the least`,
      why: 'a short one would be masked within ordinary words, and what is left of them would give it away',
      next: [shellHere('openssl rand -hex 16', 'change it where it is asked for; a good one')],
    };
  if (value.length > LONGEST_SECRET)
    return {
      ...about,
      what: `the secret ${name} is too long: ${LONGEST_SECRET} characters are the most`,
      next: [edit('look whether it is the right one')],
    };
  return undefined;
};

/** The value where it can be kept secret; else says why not. */
const keepable = (name: string, value: string, where: Place): string => {
  const problem = weakness(name, value, where);
  if (problem) throw new FcopsError(problem);
  return value;
};

/** A secret that is looked up only when somebody needs it; `where` is the place that names it, `use` its section. */
export const secretFrom = (
  ref: SecretRef,
  where: Place,
  sources: SecretSources,
  values: SecretValues,
  use: string,
): NamedSecret => {
  const kept = keptAt(ref, where.file ?? '.', sources.home);
  const [name, key] = namesOf(kept);
  const read = readerOf(kept, where, sources);
  const value = read ? () => values.once(key, read) : () => workedOut(name, key, where, values);
  return { secret: new Secret(name, value), where, use, kept, key, values };
};

const keptAt = (ref: SecretRef, file: string, home: string): SecretKept => {
  if (ref.age !== undefined) return { kind: 'age', name: ref.age, file: ageFile(file, ref.age) };
  if (ref.exec !== undefined) return { kind: 'exec', argv: ref.exec, directory: posix.dirname(file) };
  if (ref.env !== undefined) return { kind: 'env', name: ref.env };
  return { kind: 'file', path: secretPath(ref.file ?? '', file, home) };
};

/** What it is called, and what nothing else is called, whichever directory it is from. */
const namesOf = (kept: SecretKept): readonly [name: string, key: string] => {
  switch (kept.kind) {
    case 'env':
      return [`env ${kept.name}`, `env ${kept.name}`];
    case 'file':
      return [`file ${kept.path}`, `file ${kept.path}`];
    case 'age':
      return [`age ${kept.name}`, `age ${kept.file}`];
    case 'exec': {
      const name = `exec ${kept.argv.map(quote).join(' ')}`;
      return [name, `${name} in ${kept.directory}`];
    }
  }
};

/** Reads what can be read at any time. */
const readerOf = (
  kept: SecretKept,
  where: Place,
  { env, files }: SecretSources,
): (() => string) | undefined => {
  if (kept.kind === 'env') return () => keepable(kept.name, fromEnv(kept.name, env, where), where);
  if (kept.kind === 'file')
    return () => keepable(`file ${kept.path}`, fromFile(kept.path, files, where), where);
  return undefined;
};

/** The value that somebody has worked out. */
const workedOut = (name: string, key: string, where: Place, values: SecretValues): string => {
  const found = values.get(key);
  if (found?.ok) return keepable(name, found.value, where);
  const problems = found?.error ?? [
    { kind: 'secret', what: `the secret ${name} has not been worked out` } as const,
  ];
  // What says itself where it is, such as the key that opens all of them, is told once.
  throw new FcopsError(problems.map((problem) => (problem.where ? problem : { ...problem, where })));
};

/** What secrets of a cluster are for: the section of its file that names them. */
export const SECRET_USES = ['api', 'artifacts', 'storage', 'ssh'] as const;
export type SecretUse = (typeof SECRET_USES)[number];

/** The secrets of a cluster for these uses, as its file names them. One for a use that is none of those is for all. */
export const namedFor = (
  { secrets }: Pick<Cluster, 'secrets'>,
  uses: readonly SecretUse[],
): readonly NamedSecret[] => {
  const others = SECRET_USES.filter((use) => !uses.includes(use));
  return secrets.filter(({ use }) => !others.some((other) => other === use));
};

/** The same, each once; all of them where no use is given. */
export const secretsOf = (
  cluster: Pick<Cluster, 'secrets'>,
  uses: readonly SecretUse[] = SECRET_USES,
): readonly Secret[] => eachOnce(namedFor(cluster, uses).map(({ secret }) => secret));

/** Of secrets with one name, the first place that names them counts. */
const eachOnce = (secrets: readonly Secret[]): readonly Secret[] => {
  const known = new Map<string, Secret>();
  for (const secret of secrets) if (!known.has(secret.name)) known.set(secret.name, secret);
  return [...known.values()];
};

/** The values of those secrets of a cluster that are there: what has to be masked. */
export const presentSecrets = (cluster: Pick<Cluster, 'secrets'>): readonly string[] =>
  secretsOf(cluster).flatMap((secret) => {
    try {
      return [secret.reveal()];
    } catch (error) {
      // Not there: nothing to mask; who needs it says so.
      if (error instanceof FcopsError) return [];
      throw error;
    }
  });

/** A text that is shown as it is: a secret that stands in it would be masked there, and so be told. */
export interface OpenText {
  /** As messages call it: `inventories/f0494733.yaml`. */
  readonly name: string;
  readonly text: string;
}

/**
 * What keeps the secrets of a cluster from being read or kept: named, never shown. Empty where all are there, and
 * none stands in what is shown anyway.
 */
export const missingSecrets = (cluster: Cluster, open: readonly OpenText[] = []): readonly Problem[] =>
  unkeepable(secretsOf(cluster), cluster.file, open);

/** The same of single secrets; `file` is the one that names them. */
export const unkeepable = (
  secrets: readonly Secret[],
  file: string,
  open: readonly OpenText[],
): readonly Problem[] => [...new Set(eachOnce(secrets).flatMap((secret) => problemsOf(secret, file, open)))];

const problemsOf = (secret: Secret, file: string, open: readonly OpenText[]): readonly Problem[] => {
  try {
    const value = secret.reveal();
    const where = { file };
    const known = open.find(({ text }) => text.includes(value));
    if (!known) return [];
    return [
      {
        kind: 'weak-secret',
        what: `the secret ${secret.name} is a text that stands in ${known.name} as well`,
        where,
        why: 'it would be masked there, and who knows the text knows the secret',
        next: [shellHere('openssl rand -hex 16', 'change it where it is asked for; a good one')],
      },
    ];
  } catch (error) {
    if (error instanceof FcopsError) return error.problems;
    throw error;
  }
};

/** The values of a cluster's secrets by their names. Throws an FcopsError where one is missing. */
export const revealOf = (cluster: Cluster): Reveal => {
  const byName = new Map(secretsOf(cluster).map((secret) => [secret.name, secret]));
  return (name) => {
    const secret = byName.get(name);
    if (secret === undefined) throw new RangeError(`no secret of ${cluster.miner} is called ${name}`);
    return secret.reveal();
  };
};
