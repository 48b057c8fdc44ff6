import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import ssh2 from 'ssh2';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

const generate = (type: KeyType, passphrase: string) => {
  const locked = passphrase ? { passphrase, cipher: 'aes256-cbc', rounds: 16 } : {};
  const comment = 'fcops-test';
  if (type === 'rsa') return ssh2.utils.generateKeyPairSync(type, { bits: 3072, comment, ...locked });
  if (type === 'ecdsa') return ssh2.utils.generateKeyPairSync(type, { bits: 256, comment, ...locked });
  return ssh2.utils.generateKeyPairSync(type, { comment, ...locked });
};

/** Makes a key pair, as ssh-keygen does, and returns the private key's path. */
export const makeKey = (file: string, type: KeyType = 'ed25519', passphrase = ''): string => {
  for (;;) {
    const key = generate(type, passphrase);
    // One in some hundred keys that ssh2 makes it cannot read itself.
    if (ssh2.utils.parseKey(key.private, passphrase || undefined) instanceof Error) continue;
    writeFileSync(file, key.private, { mode: 0o600 });
    writeFileSync(`${file}.pub`, `${key.public}\n`);
    return file;
  }
};

/** `type base64` of a public key file. */
export const publicKey = (file: string): string =>
  readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

/** The fingerprint of a key file as `ssh-keygen -l` shows it. */
export const fingerprintOf = (file: string): string => {
  const blob = Buffer.from(publicKey(file).split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
};
