import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, hostKey } from '../../../src/transport/host-keys/host-key.ts';
import {
  hashedName,
  judge,
  knownKeys,
  knownName,
  parseKnownHosts,
} from '../../../src/transport/host-keys/known-hosts.ts';

/** A made-up key: SSH wire format needs the type first, and these tests nothing more. */
const makeBlob = (type: string, rest: string): Buffer => {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from(rest)]);
};
const KEY = makeBlob('ssh-ed25519', 'the key of the host');
const OTHER = makeBlob('ssh-ed25519', 'the key of somebody else');
const RSA = makeBlob('ssh-rsa', 'the RSA key of the host');
const line = (hosts: string, blob: Buffer) => `${hosts} ${hostKey(blob).type} ${blob.toString('base64')}`;

const verdict = (text: string, address: string, port = 22, blob = KEY) =>
  judge(knownKeys(parseKnownHosts(text, 'known_hosts'), { address, port }), hostKey(blob)).kind;

describe('a known_hosts file', () => {
  it.each([
    ['a plain name', line('gate', KEY), 'gate', 22, 'match'],
    ['another name', line('gate', KEY), 'door', 22, 'unknown'],
    ['upper case in the file', line('GATE', KEY), 'gate', 22, 'match'],
    ['upper case asked for', line('gate', KEY), 'Gate', 22, 'match'],
    ['a list of names', line('gate,192.168.10.1', KEY), '192.168.10.1', 22, 'match'],
    ['a port', line('[gate]:2222', KEY), 'gate', 2222, 'match'],
    ['another port', line('[gate]:2222', KEY), 'gate', 2223, 'unknown'],
    ['port 22 where a port is recorded', line('[gate]:2222', KEY), 'gate', 22, 'unknown'],
    ['a port where none is recorded', line('gate', KEY), 'gate', 2222, 'match'],
    ['another key for the address, none for the port', line('gate', OTHER), 'gate', 2222, 'unknown'],
    [
      'another key for the port',
      `${line('[gate]:2222', OTHER)}\n${line('gate', KEY)}`,
      'gate',
      2222,
      'changed',
    ],
    ['another key for another port', line('[gate]:2222', OTHER), 'gate', 22, 'unknown'],
    ['a key revoked for the address', `@revoked ${line('gate', KEY)}`, 'gate', 2222, 'revoked'],
    [
      'the key of the address beside what is said of every host',
      `@revoked ${line('*', OTHER)}\n@cert-authority ${line('*', OTHER)}\n${line('gate', KEY)}`,
      'gate',
      2222,
      'match',
    ],
    ['a wildcard', line('192.168.10.*', KEY), '192.168.10.50', 22, 'match'],
    ['a wildcard that does not fit', line('192.168.10.*', KEY), '192.168.11.50', 22, 'unknown'],
    ['a question mark', line('p1-?', KEY), 'p1-5', 22, 'match'],
    ['a question mark that does not fit', line('p1-?', KEY), 'p1-50', 22, 'unknown'],
    ['a dot is no wildcard', line('10.0.0.1*', KEY), '10x0x0x1', 22, 'unknown'],
    ['an exception', line('p1-*,!p1-5', KEY), 'p1-5', 22, 'unknown'],
    ['beside an exception', line('p1-*,!p1-5', KEY), 'p1-6', 22, 'match'],
    ['an exception alone', line('!p1-5', KEY), 'p1-6', 22, 'unknown'],
    ['IPv6', line('[fe80::1]:2222', KEY), 'fe80::1', 2222, 'match'],
    ['another key', line('gate', OTHER), 'gate', 22, 'changed'],
    ['a key of another type only', line('gate', RSA), 'gate', 22, 'changed'],
    ['several keys, one of them right', `${line('gate', OTHER)}\n${line('gate', KEY)}`, 'gate', 22, 'match'],
    ['a revoked key', `@revoked ${line('*', KEY)}`, 'gate', 22, 'revoked'],
    [
      'a revoked key that is also good',
      `${line('gate', KEY)}\n@revoked ${line('gate', KEY)}`,
      'gate',
      22,
      'revoked',
    ],
    ['a key revoked elsewhere', `${line('gate', KEY)}\n@revoked ${line('door', KEY)}`, 'gate', 22, 'match'],
    ['another key revoked', `@revoked ${line('gate', OTHER)}`, 'gate', 22, 'unknown'],
    ['a certificate authority', `@cert-authority ${line('*', OTHER)}`, 'gate', 22, 'certificate-only'],
    [
      'an authority beside a key',
      `@cert-authority ${line('*', OTHER)}\n${line('gate', KEY)}`,
      'gate',
      22,
      'match',
    ],
    [
      'an authority never vouches as a key',
      `@cert-authority ${line('*', KEY)}`,
      'gate',
      22,
      'certificate-only',
    ],
    ['a comment', `# ${line('gate', KEY)}`, 'gate', 22, 'unknown'],
    ['a comment behind the key', `${line('gate', KEY)} me@home # x`, 'gate', 22, 'match'],
    ['blanks and tabs', `  ${line('gate', KEY).replaceAll(' ', '\t ')}\r`, 'gate', 22, 'match'],
    ['an unknown marker', `@new ${line('gate', KEY)}`, 'gate', 22, 'unknown'],
    [
      'a type that is not that of the key',
      line('gate', KEY).replace('ssh-ed25519', 'ssh-rsa'),
      'gate',
      22,
      'unknown',
    ],
    ['nonsense', 'gate\nnot base64 !!!\n\0', 'gate', 22, 'unknown'],
    ['nothing', '', 'gate', 22, 'unknown'],
  ] as const)('with %s', (_, text, address, port, expected) => {
    expect(verdict(text, address, port)).toBe(expected);
  });

  it('tells where the recorded key is', () => {
    const known = parseKnownHosts(`# one\n\n${line('gate', OTHER)}\n`, '/home/me/known_hosts');
    const result = judge(knownKeys(known, { address: 'gate', port: 22 }), hostKey(KEY));
    expect(result).toMatchObject({
      kind: 'changed',
      recorded: [{ file: '/home/me/known_hosts', line: 3 }],
    });
  });

  it('is searched for the alias, without port, where there is one', () => {
    const known = parseKnownHosts(line('Cluster', KEY), 'f');
    const server = { address: 'gate', port: 2222, hostKeyAlias: 'cluster' };
    expect(judge(knownKeys(known, server), hostKey(KEY)).kind).toBe('match');
    expect(judge(knownKeys(known, server), hostKey(OTHER)).kind).toBe('changed');
  });

  it.each([22, 2222])('says nothing by address where there is an alias, on port %i', (port) => {
    const known = parseKnownHosts(`${line('gate', OTHER)}\n${line('[gate]:2222', OTHER)}`, 'f');
    const server = { address: 'gate', port, hostKeyAlias: 'cluster' };
    expect(judge(knownKeys(known, server), hostKey(OTHER)).kind).toBe('unknown');
    expect(judge(knownKeys(known, server), hostKey(KEY)).kind).toBe('unknown');
  });

  it('matches a hashed name as ssh-keygen -H writes it', () => {
    // From `ssh-keygen -H` of OpenSSH 9.2 over "gate.example.com".
    const hashed = '|1|YPGzjkBDdnN1i9P6vI7Zl8DO4Zc=|xoY0eioaWanbyf0G0C0AnusuxXA=';
    expect(verdict(line(hashed, KEY), 'gate.example.com')).toBe('match');
    expect(verdict(line(hashed, KEY), 'door.example.com')).toBe('unknown');
  });

  it('matches whatever name was hashed, and no other', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), fc.integer({ min: 1, max: 65_535 }), (name, other, port) => {
        const text = line(hashedName(randomBytes(20), knownName(name, port)), KEY);
        expect(verdict(text, name, port)).toBe('match');
        if (other.toLowerCase() !== name.toLowerCase()) expect(verdict(text, other, port)).toBe('unknown');
      }),
    );
  });

  it('never trusts a key that is not written in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, address) => {
        expect(verdict(text, address)).not.toBe('match');
      }),
    );
  });
});

describe('a fingerprint', () => {
  it('is written as ssh-keygen writes it', () => {
    const blob = Buffer.from(
      'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
      'base64',
    );
    // GitHub's published Ed25519 host key.
    expect(fingerprint(hostKey(blob))).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  });
});
