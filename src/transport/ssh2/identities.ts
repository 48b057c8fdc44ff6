import { join } from 'node:path';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { codeOf } from '../../core/error-code.ts';
import { messageOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Secret } from '../../core/secret.ts';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import type { SkippedIdentity } from '../failures/failure.ts';
import { describeKey, hostKey } from '../host-keys/host-key.ts';
import { type AgentKey, listAgentKeys } from './agent.ts';
import type { Ssh2 } from './library.ts';
import { type PrivateKey, readPrivateKey } from './private-key.ts';

/** Something to log in with. `label` names it in messages. */
export type Identity =
  | { readonly kind: 'key'; readonly label: string; readonly key: ParsedKey }
  | { readonly kind: 'agent'; readonly label: string; readonly agent: BaseAgent }
  | { readonly kind: 'password'; readonly label: string; readonly password: Secret };

export interface Identities {
  /** In the order in which they are tried. */
  readonly usable: readonly Identity[];
  readonly skipped: readonly SkippedIdentity[];
}

/** Key files of ssh's own, tried where none is named and there is no agent. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Reads what there is to log in with: key files, then the agent's keys, then the password. Each file and agent once. */
export const identityReader = (
  deps: Pick<TransportDeps, 'readFile' | 'exists' | 'home' | 'after'>,
): ((ssh2: Ssh2, endpoint: Endpoint) => Promise<Identities>) => {
  const files = new Map<string, Promise<Result<PrivateKey, SkippedIdentity>>>();
  const agents = new Map<string, Promise<Result<readonly AgentKey[], SkippedIdentity>>>();

  const keyFile = (ssh2: Ssh2, file: string) =>
    once(files, file, async () => {
      try {
        const key = readPrivateKey(ssh2, (await deps.readFile(file)).toString('utf8'));
        const blob = key.kind === 'encrypted' ? (key.blob ?? (await publicFile(deps, file))) : undefined;
        return ok(blob ? { kind: 'encrypted', blob } : key);
      } catch (error) {
        return err(unreadable(file, error));
      }
    });

  return async (ssh2, endpoint) => {
    const { agent: socket, password } = endpoint;
    const listed = socket ? await once(agents, socket, () => listAgentKeys(ssh2, deps, socket)) : ok([]);
    const held = listed.ok ? listed.value : [];
    const names = await keyFiles(deps, endpoint, held.length > 0);
    const read = await Promise.all(
      names.map(async (file) => fromFile(file, await keyFile(ssh2, file), held)),
    );
    const fromFiles = read.flatMap((entry) => (entry.ok ? [entry.value] : []));
    const used = new Set(
      fromFiles.flatMap((identity) => (identity.kind === 'agent' ? [identity.agent] : [])),
    );
    return {
      usable: [
        ...fromFiles,
        ...held.filter(({ agent }) => !used.has(agent)).map(agentIdentity),
        ...(password ? [passwordIdentity(password)] : []),
      ],
      skipped: [
        ...read.flatMap((entry) => (entry.ok ? [] : [entry.error])),
        ...(listed.ok ? [] : [listed.error]),
      ],
    };
  };
};

const once = <T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
};

const keyFiles = async (
  deps: Pick<TransportDeps, 'exists' | 'home'>,
  { privateKeys }: Endpoint,
  hasAgentKeys: boolean,
): Promise<readonly string[]> => {
  if (privateKeys.length > 0 || hasAgentKeys) return privateKeys;
  const files = DEFAULT_KEYS.map((name) => join(deps.home, '.ssh', name));
  const there = await Promise.all(files.map((file) => deps.exists(file)));
  return files.filter((_, index) => there[index]);
};

/** The identity that a key file stands for: itself, or for an encrypted one the same key in the agent. */
const fromFile = (
  file: string,
  read: Result<PrivateKey, SkippedIdentity>,
  held: readonly AgentKey[],
): Result<Identity, SkippedIdentity> => {
  if (!read.ok) return read;
  const key = read.value;
  switch (key.kind) {
    case 'usable':
      return ok({ kind: 'key', label: `key ${file}`, key: key.key });
    case 'encrypted': {
      const twin = held.find(({ blob }) => key.blob?.equals(blob));
      return twin ? ok(agentIdentity(twin)) : err({ kind: 'encrypted', file });
    }
    default:
      return err({ ...key, file });
  }
};

const agentIdentity = ({ blob, comment, agent }: AgentKey): Identity => ({
  kind: 'agent',
  label: `agent's ${describeKey(hostKey(blob))} ${comment}`.trim(),
  agent,
});

const passwordIdentity = (password: Secret): Identity => ({
  kind: 'password',
  label: `password (${password.name})`,
  password,
});

const unreadable = (file: string, error: unknown): SkippedIdentity => {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', file };
  if (code === 'EACCES') return { kind: 'forbidden', file };
  if (code === 'EISDIR') return { kind: 'directory', file };
  return { kind: 'unreadable', file, detail: messageOf(error) };
};

/** The public key beside a private key file, for formats that encrypt the public part as well. */
const publicFile = async (
  deps: Pick<TransportDeps, 'readFile'>,
  file: string,
): Promise<Buffer | undefined> => {
  try {
    const [, base64] = (await deps.readFile(`${file}.pub`)).toString('utf8').split(' ');
    return base64 ? Buffer.from(base64, 'base64') : undefined;
  } catch {
    return undefined;
  }
};
