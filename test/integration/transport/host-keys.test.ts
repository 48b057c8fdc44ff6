import { createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/transport/host-keys/host-key.ts';
import { recordKey } from '../../../src/transport/host-keys/record-key.ts';
import { fetchHostKey } from '../../../src/transport/ssh2/fetch-host-key.ts';
import { needs } from '../../support/needs.ts';
import { startFragileServer } from './fragile-server.ts';
import { BOTH, deps, eachTransport, never, problemOf, runOn } from './helpers.ts';
import { fingerprintOf, makeKey, publicKey } from './keys.ts';
import { asBastion, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let other: string;
beforeAll(async () => {
  sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
  other = makeKey(join(sshd.directory, 'not_the_host'));
});
afterAll(() => sshd.stop());

let files = 0;
const knownHosts = (...lines: readonly string[]): string => {
  files += 1;
  const file = join(sshd.directory, `known_${files}`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
};
const name = () => `[127.0.0.1]:${sshd.port}`;
const hostKeyOf = (type: string) => publicKey(sshd.hostKeys[type] ?? '');
/** The name as `ssh-keygen -H` writes it. */
const hashed = (host: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(host).digest('base64')}`;
};

eachTransport(BOTH, 'host keys by %s', (transport) => {
  const attempt = (file: string) => runOn(sshd.target({ knownHosts: file }), 'echo in', { transport });
  const refusal = (file: string) => problemOf(attempt(file));

  it.each(['ed25519', 'ecdsa', 'rsa'])('match where only the %s key is recorded', async (type) => {
    const { stdout } = await attempt(knownHosts(`${name()} ${hostKeyOf(type)}`));
    expect(stdout.toString()).toBe('in\n');
  });

  it('match a hashed name', async () => {
    const file = knownHosts(
      `${hashed('example.com')} ${publicKey(other)}`,
      `${hashed(name())} ${hostKeyOf('ed25519')}`,
    );
    expect((await attempt(file)).exit.status).toBe(0);
  });

  it('match a pattern, an address without port, and one of several keys', async () => {
    const key = hostKeyOf('ed25519');
    expect((await attempt(knownHosts(`[127.0.0.*]:${sshd.port} ${key}`))).exit.status).toBe(0);
    expect((await attempt(knownHosts(`127.0.0.1 ${key}`))).exit.status).toBe(0);
    const two = knownHosts(`${name()} ${publicKey(other)}`, `${name()} ${key}`);
    expect((await attempt(two)).exit.status).toBe(0);
  });

  it('are refused where unknown, with the command that records them', async () => {
    const message = await refusal(knownHosts());
    expect(message).toContain(`p1-test: the host key of ${name()} is not known`);
    expect(message).toContain('fcops trust p1-test');
    if (transport === 'ssh2') expect(message).toContain(fingerprintOf(sshd.hostKeys.ed25519 ?? ''));
  });

  it('are unknown, not changed, where the address has another key on port 22, and can be trusted', async () => {
    const file = knownHosts(`127.0.0.1 ${publicKey(other)}`);
    expect(await refusal(file)).toContain(`the host key of ${name()} is not known`);
    const { key, verdict } = await fetchHostKey(deps())(sshd.target({ knownHosts: file }), never());
    expect(verdict).toEqual({ kind: 'unknown' });
    await recordKey(file, '127.0.0.1', sshd.port, key);
    expect((await attempt(file)).exit.status).toBe(0);
  });

  it('are refused loudly where changed, with the place of the old one and both fingerprints', async () => {
    const file = knownHosts('# a comment', `${name()} ${publicKey(other)}`);
    const message = await refusal(file);
    expect(message).toContain(`THE HOST KEY OF ${name()} HAS CHANGED`);
    expect(message).toContain(`${file}:2`);
    expect(message).toContain(fingerprintOf(other));
    expect(message).toContain(fingerprintOf(sshd.hostKeys.ed25519 ?? ''));
    expect(message).toContain(`ssh-keygen -R '${name()}' -f ${file}`);
  });

  it('are refused where revoked, even if recorded as good as well', async () => {
    const key = hostKeyOf('ed25519');
    const message = await refusal(knownHosts(`${name()} ${key}`, `@revoked * ${key}`));
    expect(message).toContain('IS REVOKED');
  });

  it('are refused where only a certificate authority is known, and the other transport is named', async () => {
    const message = await refusal(knownHosts(`@cert-authority * ${publicKey(other)}`));
    expect(message).toContain('--transport openssh');
    expect(message).toContain('@cert-authority');
  });
});

describe('a bastion', () => {
  eachTransport(BOTH, 'by %s', (transport) => {
    it('has its host key checked as strictly', async () => {
      const inner = await startSshd();
      try {
        const bastion = asBastion(sshd, { knownHosts: knownHosts() });
        const message = await problemOf(runOn(inner.target({ proxyJump: [bastion] }), 'true', { transport }));
        expect(message).toContain(`bastion ${bastion.name}: the host key of ${name()} is not known`);
      } finally {
        await inner.stop();
      }
    });
  });
});

describe('trust', () => {
  it('fetches the key without logging in, records it, and then the host can be reached', async () => {
    const file = join(sshd.directory, 'new', 'known_hosts');
    const target = sshd.target({ knownHosts: file });
    const logins = sshd.log().match(/Accepted/g)?.length ?? 0;
    const { endpoint, key, verdict } = await fetchHostKey(deps())(target, never());
    expect(sshd.log().match(/Accepted/g)?.length ?? 0).toBe(logins);
    expect(verdict).toEqual({ kind: 'unknown' });
    expect(endpoint.name).toBe('p1-test');
    expect(fingerprint(key)).toBe(fingerprintOf(sshd.hostKeys.ed25519 ?? ''));

    expect(await recordKey(file, target.address, target.port, key)).toBe('added');
    expect(await recordKey(file, target.address, target.port, key)).toBe('present');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await runOn(target, 'true')).exit.status).toBe(0);
    expect((await fetchHostKey(deps())(target, never())).verdict).toEqual({ kind: 'match' });
  });

  it('records it so that the system ssh knows it too', { tags: needs('ssh') }, async () => {
    const target = sshd.target({ knownHosts: knownHosts() });
    const { key } = await fetchHostKey(deps())(target, never());
    await recordKey(target.knownHosts, target.address, target.port, key);
    expect((await runOn(target, 'true', { transport: 'openssh' })).exit.status).toBe(0);
  });

  it('leaves what is in the file, also where the last line is unfinished', async () => {
    const file = knownHosts('# mine', `other ${publicKey(other)}`);
    appendFileSync(file, `third ${publicKey(other)}`);
    const before = readFileSync(file, 'utf8');
    const { key } = await fetchHostKey(deps())(sshd.target({ knownHosts: file }), never());
    await recordKey(file, '127.0.0.1', sshd.port, key);
    expect(readFileSync(file, 'utf8')).toBe(`${before}\n${name()} ${hostKeyOf('ed25519')}\n`);
  });

  it('waits for its turn, and tries again where a server is too busy', async () => {
    const server = await startFragileServer(sshd.directory, { drop: 2 });
    try {
      const { verdict } = await fetchHostKey(deps())(server.target(), never());
      expect(verdict).toEqual({ kind: 'match' });
      expect(server.connections()).toBe(3);
    } finally {
      await server.stop();
    }
  });

  it('gives the key of a bastion first, where that is not trusted yet', async () => {
    const bastion = asBastion(sshd, { knownHosts: knownHosts() });
    const inner = await startSshd();
    try {
      const target = inner.target({ proxyJump: [bastion] });
      const first = await fetchHostKey(deps())(target, never());
      expect(first.endpoint).toBe(bastion);
      await recordKey(bastion.knownHosts, bastion.address, bastion.port, first.key);
      expect((await fetchHostKey(deps())(target, never())).endpoint).toBe(target);
    } finally {
      await inner.stop();
    }
  });
});
