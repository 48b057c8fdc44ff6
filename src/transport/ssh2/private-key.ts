import type { ParsedKey } from 'ssh2';
import { hostKey, readString } from '../host-keys/host-key.ts';
import { isEncrypted } from './errors.ts';
import type { Ssh2 } from './library.ts';

/** A private key file, as far as ssh2 can use it. */
export type PrivateKey =
  | { readonly kind: 'usable'; readonly key: ParsedKey }
  /** Its passphrase is needed, which the agent has asked for where it holds the key. */
  | { readonly kind: 'encrypted'; readonly blob?: Buffer }
  /** A type of key that ssh2 does not know, such as that of a security key. */
  | { readonly kind: 'unsupported'; readonly type: string }
  | { readonly kind: 'no-key'; readonly detail: string }
  | { readonly kind: 'public-key' };

const OPENSSH_BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const MAGIC = 'openssh-key-v1\0';

/** Reads the text of a private key file. fcops asks for no passphrase: an encrypted key is left to the agent. */
export const readPrivateKey = (ssh2: Ssh2, text: string): PrivateKey => {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    const blob = publicPart(text);
    if (isEncrypted(parsed)) return { kind: 'encrypted', ...(blob && { blob }) };
    if (blob) return { kind: 'unsupported', type: hostKey(blob).type };
    return { kind: 'no-key', detail: parsed.message };
  }
  // ssh2 gives an array for formats that can hold several keys.
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key?.isPrivateKey()) return { kind: 'public-key' };
  return { kind: 'usable', key };
};

/** The public key in a file of OpenSSH's format, where it stands unencrypted (OpenSSH's PROTOCOL.key). */
const publicPart = (text: string): Buffer | undefined => {
  const start = text.indexOf(OPENSSH_BEGIN);
  if (start < 0) return undefined;
  const body = text.slice(start + OPENSSH_BEGIN.length).split('-----')[0] ?? '';
  const data = Buffer.from(body, 'base64');
  if (!data.toString('latin1').startsWith(MAGIC)) return undefined;
  // After the magic: cipher, key derivation, its options, the number of keys (4 bytes), the public key.
  let next = MAGIC.length;
  for (const _ of ['cipher', 'kdf', 'kdf options']) next = readString(data, next)?.next ?? data.length;
  const blob = readString(data, next + 4)?.value;
  return blob && Buffer.from(blob);
};
