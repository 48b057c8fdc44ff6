import type { IncomingMessage } from 'node:http';
import { codeOf } from '../../core/error-code.ts';
import { messageOf } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';

/** User and password of a server. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface GetDeps {
  /** Who asked for it may give it up: its reason is thrown then. */
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which it is given up. */
  readonly idle: number;
  /** Milliseconds for all of it. */
  readonly deadline: number;
  /** `fcops/1.2.3`: what the server is told of who asks. */
  readonly agent: string;
}

/** Why nothing, or not all of it, came. Says nothing of user and password. */
export type GetFault =
  | { readonly type: 'status'; readonly status: number }
  | { readonly type: 'failed'; readonly why: string };

/** What a server sends: its bytes as they are on the wire, one piece after the other. */
export interface Got {
  /** As the server announces it; null where it does not. */
  readonly length: number | null;
  /** Fails with a GetError where it breaks off. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** What keeps the pieces from coming to their end. */
export class GetError extends Error {
  override readonly name = 'GetError';
}

/** As curl -L has it, less what nobody's server needs. */
const MOST_REDIRECTS = 20;

/**
 * Gets what is at a URL, over redirects. The credentials, or those that stand in the URL, are for its own server alone: no
 * other one that a redirect names gets them. Throws only the reason of the signal.
 */
export const httpGet = async (
  start: URL,
  credentials: Credentials | null,
  deps: GetDeps,
): Promise<Result<Got, GetFault>> => {
  const watch = new Watch(deps);
  const own = ownCredentials(start) ?? credentials;
  let url = start;
  try {
    for (let followed = 0; followed <= MOST_REDIRECTS; followed += 1) {
      const allowed = ownCredentials(url) ?? (url.origin === start.origin ? own : null);
      const answer = await ask(url, allowed, deps.agent, watch);
      const { statusCode: status = 0, headers } = answer;
      const next = REDIRECTS.has(status) ? nextUrl(headers.location, url) : null;
      if (next === null) {
        if (status === 200) return ok({ length: lengthOf(answer), pieces: piecesOf(answer, watch) });
        answer.destroy();
        watch.end();
        return err({ type: 'status', status });
      }
      answer.destroy();
      if (!next.ok) {
        watch.end();
        return next;
      }
      url = next.value;
    }
    watch.end();
    return err({ type: 'failed', why: `more than ${MOST_REDIRECTS} redirects, each to another` });
  } catch (error) {
    watch.end();
    return err({ type: 'failed', why: watch.whyOf(error) });
  }
};

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Null: it does not say where to. */
const nextUrl = (location: string | undefined, from: URL): Result<URL, GetFault> | null => {
  if (location === undefined) return null;
  if (!URL.canParse(location, from.href))
    return err({ type: 'failed', why: 'the server redirects to what is no URL' });
  const url = new URL(location, from);
  return /^https?:$/.test(url.protocol)
    ? ok(url)
    : err({ type: 'failed', why: `the server redirects to ${url.protocol}, which is not followed` });
};

const ownCredentials = ({ username, password }: URL): Credentials | null =>
  username === '' && password === '' ? null : { user: decoded(username), password: decoded(password) };

/** A URL without its user and password. */
export const withoutCredentials = (url: URL): URL => {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
};

/** A part of a URL as it is meant: what is no escape stays as it is. */
export const decoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });

const ask = async (
  url: URL,
  credentials: Credentials | null,
  agent: string,
  watch: Watch,
): Promise<IncomingMessage> => {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const authorization =
    credentials && `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  return new Promise((resolve, reject) => {
    watch.moved();
    const asked = request(withoutCredentials(url), {
      signal: watch.signal,
      // The process ends when the answer has; a compressed one would be other bytes than those that are asked for.
      agent: false,
      headers: {
        'user-agent': agent,
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(authorization !== null && { authorization }),
      },
    });
    asked.once('response', resolve);
    asked.once('error', reject);
    asked.end();
  });
};

const lengthOf = ({ headers }: IncomingMessage): number | null => {
  const stated = headers['content-length'];
  return stated !== undefined && /^\d{1,15}$/.test(stated) ? Number(stated) : null;
};

async function* piecesOf(answer: IncomingMessage, watch: Watch): AsyncGenerator<Uint8Array> {
  const stated = lengthOf(answer);
  let got = 0;
  try {
    for await (const piece of answer) {
      watch.moved();
      got += piece.length;
      yield piece;
    }
  } catch (error) {
    throw new GetError(watch.whyOf(error));
  } finally {
    watch.end();
  }
  if (stated !== null && got !== stated) throw new GetError(`it ended after ${got} of ${stated} bytes`);
}

/** Sees that something comes, and that it comes to an end. */
class Watch {
  readonly signal: AbortSignal;
  readonly #deps: GetDeps;
  readonly #own = new AbortController();
  readonly #last: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  #why: string | null = null;

  constructor(deps: GetDeps) {
    this.#deps = deps;
    this.signal = AbortSignal.any([deps.signal, this.#own.signal]);
    this.#last = setTimeout(
      () => this.#giveUp(`it took longer than ${deps.deadline / 1000} s`),
      deps.deadline,
    );
  }

  /** Something has come: the time without a byte begins anew. */
  readonly moved = (): void => {
    const { idle } = this.#deps;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#giveUp(`nothing came for ${idle / 1000} s`), idle);
  };

  readonly end = (): void => {
    clearTimeout(this.#last);
    clearTimeout(this.#idle);
  };

  /** Why it failed, in words. Throws what the caller's signal says where that was it. */
  readonly whyOf = (error: unknown): string => {
    this.#deps.signal.throwIfAborted();
    if (this.#why === null && codeOf(error) === undefined) throw error;
    return this.#why ?? sayFault(error);
  };

  #giveUp(why: string): void {
    this.#why = why;
    this.#own.abort();
  }
}

const sayFault = (error: unknown): string => {
  const message = messageOf(error);
  if (message === 'aborted') return 'the connection broke off before its end';
  // Of several addresses that were tried, the last.
  if (error instanceof AggregateError) return messageOf(error.errors.at(-1));
  return message;
};
