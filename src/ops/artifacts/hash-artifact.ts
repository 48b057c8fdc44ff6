import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../core/error-code.ts';
import { edit, look } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { MiB } from '../../core/units.ts';
import { whyOf } from '../../core/why-of.ts';
import { wholeText } from '../node-files.ts';
import type { ArtifactSource } from './artifact-source.ts';
import { besides, shownUrl } from './artifact-source.ts';
import { hashStream } from './hash-stream.ts';
import type { Credentials, GetDeps, GetFault } from './http-get.ts';
import { GetError, httpGet } from './http-get.ts';
import type { Published } from './published-sums.ts';
import { SUMS_FILE } from './published-sums.ts';
import { readSha256Sums } from './sha256-sums.ts';

/** An archive of which the sum is known. */
export interface HashedArtifact {
  readonly name: string;
  /** As it may be shown: a path, or a URL without credentials. */
  readonly from: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly list: ListSays;
}

/** What the list of sums beside an archive says of it: the same, nothing, or what could not be read, and why. */
export type ListSays =
  | { readonly type: 'same' }
  | { readonly type: 'nothing' }
  | { readonly type: 'unread'; readonly why: string };

export interface HashDeps extends GetDeps {
  /** Hears of every piece. `total`: null where nobody knows. */
  readonly progress: (name: string, bytes: number, total: number | null) => void;
}

/**
 * Works out the sum of an archive, reading it once and holding a piece of it at a time, and compares it with the list
 * beside it. Throws only what the signal says.
 */
export const hashArtifact = async (
  source: ArtifactSource,
  credentials: Credentials | null,
  deps: HashDeps,
): Promise<Result<HashedArtifact, Problem>> => {
  const from = source.type === 'file' ? source.file : shownUrl(source.url);
  const hashed =
    source.type === 'file'
      ? await ofFile(source.file, source.name, deps)
      : await ofUrl(source.url, source.name, credentials, deps);
  if (!hashed.ok) return hashed;
  const { sha256, bytes } = hashed.value;
  const published =
    source.type === 'file' ? listBeside(source.file) : await listAt(source.url, credentials, deps);
  const list = listSays(published, source.name, sha256, from);
  return list.ok ? ok({ name: source.name, from, sha256, bytes, list: list.value }) : list;
};

type Sum = Result<{ readonly sha256: string; readonly bytes: number }, Problem>;

const ofFile = async (file: string, name: string, { signal, progress }: HashDeps): Promise<Sum> => {
  try {
    const { size } = await stat(file);
    const pieces = createReadStream(file, { highWaterMark: MiB, signal });
    return ok(await hashStream(pieces, (bytes) => progress(name, bytes, size)));
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === undefined) throw error;
    return err({
      kind: 'file',
      what: 'cannot be read',
      where: { file },
      why: whyOf(error),
      next: [edit('name the archive itself')],
    });
  }
};

const ofUrl = async (
  url: URL,
  name: string,
  credentials: Credentials | null,
  deps: HashDeps,
): Promise<Sum> => {
  const got = await httpGet(url, credentials, deps);
  if (!got.ok) return err(faultProblem(url, got.error));
  const { length, pieces } = got.value;
  try {
    return ok(await hashStream(pieces, (bytes) => deps.progress(name, bytes, length)));
  } catch (error) {
    if (!(error instanceof GetError)) throw error;
    return err(faultProblem(url, { type: 'failed', why: error.message }));
  }
};

const faultProblem = (url: URL, fault: GetFault): Problem => {
  const about = { kind: 'connect', where: { file: shownUrl(url) } } as const;
  if (fault.type === 'failed')
    return {
      ...about,
      what: 'could not be downloaded',
      why: fault.why,
      next: [look('see whether this machine has a way there')],
    };
  switch (fault.status) {
    case 401:
    case 403:
      return {
        ...about,
        what: `the server refuses it (${fault.status})`,
        next: [
          edit(
            'give user and password: artifacts.user and artifacts.password of the inventory, for URLs below artifacts.url',
          ),
        ],
      };
    case 404:
    case 410:
      return {
        ...about,
        what: `the server has no such file (${fault.status})`,
        next: [
          look(
            'look for a slip of the keyboard in its name or in artifacts.url, and whether it was put there',
          ),
        ],
      };
    default:
      return {
        ...about,
        what: `the server answers with ${fault.status}`,
        next: [look('see what the log of that server says, or run again later')],
      };
  }
};

/** Bytes of a list: more is none. */
const LIST_BYTES = MiB;

const listBeside = (file: string): Published => {
  try {
    return published(wholeText(join(dirname(file), SUMS_FILE), LIST_BYTES));
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return { type: 'unknown', why: error.problems[0]?.why ?? error.problems[0]?.what ?? '' };
  }
};

const listAt = async (url: URL, credentials: Credentials | null, deps: HashDeps): Promise<Published> => {
  const got = await httpGet(besides(url, SUMS_FILE), credentials, deps);
  if (!got.ok) {
    const { error } = got;
    if (error.type === 'failed') return { type: 'unknown', why: error.why };
    if (error.status === 404 || error.status === 410) return { type: 'none' };
    return { type: 'unknown', why: `the server answers with ${error.status}` };
  }
  try {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of got.value.pieces) {
      bytes += piece.length;
      if (bytes > LIST_BYTES) return { type: 'unknown', why: 'it is longer than any list of sums' };
      parts.push(piece);
    }
    return published(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    if (!(error instanceof GetError)) throw error;
    return { type: 'unknown', why: error.message };
  }
};

const published = (text: string | undefined): Published => {
  if (text === undefined) return { type: 'none' };
  const sums = readSha256Sums(text);
  return sums.ok ? { type: 'sums', sums: sums.value } : { type: 'unknown', why: sums.error };
};

const listSays = (list: Published, name: string, sha256: string, from: string): Result<ListSays, Problem> => {
  if (list.type === 'unknown') return ok({ type: 'unread', why: list.why });
  const stated = list.type === 'sums' ? list.sums.get(name) : undefined;
  if (stated === undefined) return ok({ type: 'nothing' });
  if (stated === sha256) return ok({ type: 'same' });
  return err({
    kind: 'check',
    what: `${SUMS_FILE} beside it says another sum`,
    where: { file: from },
    why:
      stated === 'several'
        ? `it names ${name} with two sums that differ`
        : `${stated} there, ${sha256} is what was read`,
    next: [look('see which of the two is old, or broken: neither is to be trusted before')],
  });
};
