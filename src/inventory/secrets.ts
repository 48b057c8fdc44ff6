import { posix } from 'node:path';
import type { Reveal } from '../core/content.ts';
import { shellHere } from '../core/next.ts';
import { FcopsError, type Place, type Problem } from '../core/problem.ts';
import { Secret } from '../core/secret.ts';
import { quote } from '../core/shell.ts';
import type { Cluster } from './cluster.ts';
import type { Files } from './files.ts';
import type { SecretRef } from './inventory-file.ts';

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
  const value = env[name];
  if (value) return value;
  throw new FcopsError({
    kind: 'secret',
    what: `the secret ${name} is missing: the environment variable is ${value === '' ? 'empty' : 'not set'}`,
    where,
    next: [shellHere(`read -rs ${name} && export ${name}`)],
  });
};

const fromFile = (path: string, files: Files, where: Place): string => {
  const mode = files.mode(path);
  const text = mode === undefined ? undefined : files.read(path);
  if (mode === undefined || text === undefined)
    throw new FcopsError({
      kind: 'secret',
      what: `the secret file ${path} is missing`,
      where,
      next: [shellHere(`(umask 077; cat > ${quote(path)})`)],
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

/** A secret that is looked up only when somebody needs it; `where` is the place that names it. */
export const secretFrom = (ref: SecretRef, where: Place, sources: SecretSources): Secret => {
  if (ref.env !== undefined) {
    const { env: name } = ref;
    return new Secret(`env ${name}`, () => fromEnv(name, sources.env, where));
  }
  const path = secretPath(ref.file ?? '', where.file ?? '.', sources.home);
  return new Secret(`file ${path}`, () => fromFile(path, sources.files, where));
};

/** All secrets that a cluster names, each once. */
export const secretsOf = ({ api, artifacts, hosts }: Cluster): readonly Secret[] => {
  const all = [
    api.token,
    artifacts.password,
    ...hosts.flatMap(({ ssh }) => [ssh.password, ssh.sudoPassword]),
  ].filter((secret) => secret !== undefined);
  return [...new Map(all.map((secret) => [secret.name, secret])).values()];
};

/** What keeps the secrets of a cluster from being read: named, never shown. Empty where all are there. */
export const missingSecrets = (cluster: Cluster): readonly Problem[] =>
  secretsOf(cluster).flatMap((secret) => {
    try {
      secret.reveal();
      return [];
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
