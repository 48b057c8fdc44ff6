import { createHmac } from 'node:crypto';
import { matchesPatterns, parsePatterns } from '../ssh-config/host-patterns.ts';
import { type HostKey, hostKey } from './host-key.ts';

type Marker = 'key' | 'revoked' | 'authority';

/** A line of a known_hosts file. Lines count from 1. */
export interface KnownHost {
  readonly file: string;
  readonly line: number;
  readonly marker: Marker;
  readonly matches: (name: string) => boolean;
  readonly key: HostKey;
}

/** What the files say of one server. */
export interface KnownKeys {
  readonly keys: readonly KnownHost[];
  /**
   * For another port than 22: keys recorded for the address without a port, where none is for this one. They
   * vouch, as by ssh, but another key does not count as changed: another port is another server.
   */
  readonly portless: readonly KnownHost[];
  readonly revoked: readonly KnownHost[];
  /** Certificate authorities trusted for it: of no use to ssh2, which has no certificates. */
  readonly authorities: readonly KnownHost[];
}

/** What is to be thought of the key that a server presents. */
export type HostKeyVerdict =
  | { readonly kind: 'match' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly recorded: readonly KnownHost[] }
  | { readonly kind: 'revoked'; readonly recorded: KnownHost }
  | { readonly kind: 'certificate-only'; readonly recorded: KnownHost };

const MARKERS: Readonly<Record<string, Marker>> = { '@revoked': 'revoked', '@cert-authority': 'authority' };

/** Reads a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Lines that hold no key are skipped, as by ssh. */
export const parseKnownHosts = (text: string, file: string): readonly KnownHost[] =>
  text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/[ \t]+/);
    const marked = fields[0]?.startsWith('@');
    const marker = marked ? MARKERS[fields[0] ?? ''] : 'key';
    const [hosts, type, base64] = marked ? fields.slice(1) : fields;
    if (!marker || !hosts || hosts.startsWith('#') || !type || !base64) return [];
    const key = hostKey(Buffer.from(base64, 'base64'));
    if (key.type !== type) return [];
    return [{ file, line: index + 1, marker, matches: hostMatcher(hosts), key }];
  });

/** The name under which known_hosts holds a server: the address, in brackets with the port unless that is 22. */
export const knownName = (address: string, port: number): string =>
  port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;

/** Collects what the lines say of a server. An alias (ssh_config's HostKeyAlias) stands for address and port. */
export const knownKeys = (
  lines: readonly KnownHost[],
  server: { readonly address: string; readonly port: number; readonly hostKeyAlias?: string },
): KnownKeys => {
  const named = (name: string) => lines.filter((line) => line.matches(name));
  const found = named(server.hostKeyAlias?.toLowerCase() ?? knownName(server.address, server.port));
  const keys = found.filter(isMarked('key'));
  const alsoPlain = keys.length === 0 && !server.hostKeyAlias && server.port !== 22;
  const plain = alsoPlain ? named(server.address.toLowerCase()) : [];
  const all = [...new Set([...found, ...plain])];
  return {
    keys,
    portless: plain.filter(isMarked('key')),
    revoked: all.filter(isMarked('revoked')),
    authorities: all.filter(isMarked('authority')),
  };
};

const isMarked =
  (marker: Marker) =>
  (line: KnownHost): boolean =>
    line.marker === marker;

/** Judges the key that a server presents. Revoked wins over everything, a key of another type counts as changed. */
export const judge = (known: KnownKeys, key: HostKey): HostKeyVerdict => {
  const same = (line: KnownHost) => line.key.blob.equals(key.blob);
  const revoked = known.revoked.find(same);
  if (revoked) return { kind: 'revoked', recorded: revoked };
  if ([...known.keys, ...known.portless].some(same)) return { kind: 'match' };
  if (known.keys.length > 0) return { kind: 'changed', recorded: known.keys };
  const [authority] = known.authorities;
  return authority ? { kind: 'certificate-only', recorded: authority } : { kind: 'unknown' };
};

const hostMatcher = (field: string): ((name: string) => boolean) => {
  if (field.startsWith('|1|')) return hashedMatcher(field);
  const patterns = parsePatterns(field.split(','));
  return (name) => matchesPatterns(patterns, [name]);
};

/** `|1|salt|HMAC-SHA1 of the name`: ssh's HashKnownHosts. */
const hashedMatcher = (field: string): ((name: string) => boolean) => {
  const [, , salt = '', hash = ''] = field.split('|');
  const key = Buffer.from(salt, 'base64');
  return (name) => hashName(key, name) === hash;
};

const hashName = (salt: Buffer, name: string): string =>
  createHmac('sha1', salt).update(name).digest('base64');

/** A name as HashKnownHosts writes it, with this salt (20 bytes). */
export const hashedName = (salt: Buffer, name: string): string =>
  `|1|${salt.toString('base64')}|${hashName(salt, name)}`;
