import { Secret } from '../core/secret.ts';
import { countOf } from './numbers.ts';
import { type Reading, reading, unclear } from './reading.ts';

/** Where an API listens. */
export interface ApiAddress {
  /** `/ip4/10.0.0.5/tcp/2345/http`, as MINER_API_INFO wants it. */
  readonly multiaddr: string;
  readonly host: string;
  readonly port: number;
}

/** Reads the file `api` of a repository: one multiaddr, without a line end; a worker's ends with its port. */
export const readApiFile = (text: string): Reading<ApiAddress> => reading(() => addressOf(oneLine(text)));

/** Reads the file `token` of a repository. Whatever it holds is in no reason. */
export const readTokenFile = (text: string): Reading<Secret> => reading(() => tokenOf(oneLine(text)));

/** Reads MINER_API_INFO and its like: `<token>:/ip4/…`, or an address without a token. */
export const readApiInfo = (
  text: string,
): Reading<{ readonly token: Secret | null; readonly address: ApiAddress }> =>
  reading(() => {
    const [, token, address] = /^([^:/]+):(\/.*)$/.exec(oneLine(text)) ?? [];
    if (token === undefined || address === undefined)
      return { token: null, address: addressOf(oneLine(text)) };
    return { token: tokenOf(token), address: addressOf(address) };
  });

const oneLine = (text: string): string => {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') unclear('it is empty');
  // What is beside an address may be a token: no line of it is told.
  if (/\s/.test(line)) unclear('it holds more than one word');
  return line;
};

const PARTS = /^\/(ip4|ip6|dns4|dns6|dns)\/([^/]+)\/tcp\/(\d{1,5})(?:\/(?:http|https|ws|wss))?$/;

const isHost = (kind: string | undefined, host: string): boolean => {
  if (kind === 'ip4') return host.split('.').length === 4 && host.split('.').every((part) => isByte(part));
  return kind === 'ip6' ? /^[\da-f:.]*:[\da-f:.]*$/i.test(host) : /^[\w.-]+$/.test(host);
};

const isByte = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) < 256;

const addressOf = (multiaddr: string): ApiAddress => {
  const [, kind, host, digits] = PARTS.exec(multiaddr) ?? [];
  const port = countOf(digits);
  if (host === undefined || !isHost(kind, host) || port === null || port < 1 || port > 65_535)
    return unclear('it is no address of an API');
  return { multiaddr, host, port };
};

/** Three parts of base64url: the header, what is allowed, the signature. */
const tokenOf = (text: string): Secret => {
  if (!/^[\w-]{4,}\.[\w-]{4,}\.[\w-]{4,}$/.test(text)) unclear('it is no token');
  return new Secret('API token', () => text);
};
