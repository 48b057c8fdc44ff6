import { posix } from 'node:path';
import type { Reveal } from '../core/content.ts';
import { edit, shellHere } from '../core/next.ts';
import { FcopsError, type Place, type Problem } from '../core/problem.ts';
import { Secret, SHORTEST_SECRET } from '../core/secret.ts';
import { quote } from '../core/shell.ts';
import type { Cluster } from './cluster.ts';
import type { Files } from './files.ts';
import type { SecretRef } from './schema-parts.ts';

/** Where secrets are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** What `~` stands for. */
  readonly home: string;
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

/** The value where it can be kept secret; else says why not. */
const keepable = (name: string, value: string, where: Place): string => {
  if (/[\n\r\0\u2028\u2029]/.test(value))
    throw new FcopsError({
      kind: 'weak-secret',
      what: `the secret ${name} has several lines`,
      where,
      why: 'a secret is masked as a whole, so that its single lines would be shown',
      next: [edit('keep the one line that is the secret, without a line break')],
    });
  if (value.length < SHORTEST_SECRET)
    throw new FcopsError({
      kind: 'weak-secret',
      what: `the secret ${name} is too short: ${SHORTEST_SECRET} characters are the least`,
      where,
      why: 'a short one would be masked within ordinary words, and what is left of them would give it away',
      next: [shellHere('openssl rand -hex 16', 'change it where it is asked for; a good one')],
    });
  return value;
};

/** A secret that is looked up only when somebody needs it; `where` is the place that names it. */
export const secretFrom = (ref: SecretRef, where: Place, sources: SecretSources): Secret => {
  if (ref.env !== undefined) {
    const { env: name } = ref;
    return new Secret(`env ${name}`, () => keepable(name, fromEnv(name, sources.env, where), where));
  }
  const path = secretPath(ref.file ?? '', where.file ?? '.', sources.home);
  return new Secret(`file ${path}`, () =>
    keepable(`file ${path}`, fromFile(path, sources.files, where), where),
  );
};

/** What secrets of a cluster are for. */
export const SECRET_USES = ['api', 'artifacts', 'storage', 'ssh'] as const;
export type SecretUse = (typeof SECRET_USES)[number];

/** The secrets that a cluster names for these uses, each once; all of them where none is given. */
export const secretsOf = (
  { api, artifacts, storage, hosts }: Cluster,
  uses: readonly SecretUse[] = SECRET_USES,
): readonly Secret[] => {
  const all: Readonly<Record<SecretUse, readonly (Secret | undefined)[]>> = {
    // What the miner host has is read there, in the run that needs it.
    api: [api.from === 'inventory' ? api.token : undefined],
    artifacts: [artifacts.password],
    storage: storage.map((one) => (one.type === 'ceph' ? one.key : undefined)),
    ssh: hosts.flatMap(({ ssh }) => [ssh.password, ssh.sudoPassword]),
  };
  return eachOnce(uses.flatMap((use) => all[use]).filter((secret) => secret !== undefined));
};

/** Of secrets with one name, the first place that names them counts. */
const eachOnce = (secrets: readonly Secret[]): readonly Secret[] => {
  const known = new Map<string, Secret>();
  for (const secret of secrets) if (!known.has(secret.name)) known.set(secret.name, secret);
  return [...known.values()];
};

/** The values of those secrets of a cluster that are there: what has to be masked. */
export const presentSecrets = (cluster: Cluster): readonly string[] =>
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
): readonly Problem[] =>
  eachOnce(secrets).flatMap((secret): readonly Problem[] => {
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
  });

/** The values of a cluster's secrets by their names. Throws an FcopsError where one is missing. */
export const revealOf = (cluster: Cluster): Reveal => {
  const byName = new Map(secretsOf(cluster).map((secret) => [secret.name, secret]));
  return (name) => {
    const secret = byName.get(name);
    if (secret === undefined) throw new RangeError(`no secret of ${cluster.miner} is called ${name}`);
    return secret.reveal();
  };
};
