import type { Result } from '../core/result.ts';
import { ok } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import { readApiFile, readTokenFile } from './api-info.ts';

/** What the repository of lotus-miner says of its API. */
export type FoundApi =
  | { readonly type: 'api'; readonly address: string; readonly token: Secret }
  | { readonly type: 'no repository' }
  /** It makes its token when it is first started. */
  | { readonly type: 'never started' }
  /** It listens on an address that no other machine reaches. */
  | { readonly type: 'for itself' }
  | { readonly type: 'not understood'; readonly why: string };

/**
 * Reads what a repository has of its API, one thing a line: `repository`, `api` and `token` with the content of the
 * file in base64, `listens` with what config.toml says. The file `api` is there only while lotus-miner runs; then the
 * address is what its configuration makes it. `own`: address of its machine, at which others reach it.
 */
export const readRepositoryApi = (text: string, own: string): Result<FoundApi, string> => {
  const lines = new Map(
    text.split('\n').map((line): [string, string] => {
      const [name = '', value = ''] = line.split('\t');
      return [name, value];
    }),
  );
  return ok(found(lines, own));
};

const found = (lines: ReadonlyMap<string, string>, own: string): FoundApi => {
  if (!lines.has('repository')) return { type: 'no repository' };
  const [api, token, listens] = [lines.get('api'), lines.get('token'), lines.get('listens')];
  if (token === undefined) return { type: 'never started' };
  if (api === undefined && listens === undefined) return { type: 'never started' };
  const listening = readApiFile(api === undefined ? (listens ?? '') : decoded(api));
  if (listening.type !== 'understood')
    return { type: 'not understood', why: `the file api: ${listening.why}` };
  const { host, multiaddr } = listening.value;
  if (host !== own && /^(127\.|::1$|localhost$)/.test(host)) return { type: 'for itself' };
  const read = readTokenFile(decoded(token));
  if (read.type !== 'understood') return { type: 'not understood', why: `the file token: ${read.why}` };
  // It listens on every address of its machine.
  const address = multiaddr.replace(/^\/ip4\/0\.0\.0\.0\//, `/ip4/${own}/`);
  return { type: 'api', address, token: read.value };
};

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
