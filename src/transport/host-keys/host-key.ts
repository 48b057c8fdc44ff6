import { createHash } from 'node:crypto';

/** A server's public key as SSH sends it. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  /** The key in SSH wire format; known_hosts has it in base64. */
  readonly blob: Buffer;
}

/** Reads the length-prefixed string at `offset` of SSH wire data; undefined where the data is too short. */
export const readString = (
  data: Buffer,
  offset: number,
): { readonly value: Buffer; readonly next: number } | undefined => {
  if (offset + 4 > data.length) return undefined;
  const next = offset + 4 + data.readUInt32BE(offset);
  return next > data.length ? undefined : { value: data.subarray(offset + 4, next), next };
};

/** A key from its wire format, which begins with the name of its type. */
export const hostKey = (blob: Buffer): HostKey => ({
  type: readString(blob, 0)?.value.toString('latin1') ?? 'unknown',
  blob,
});

/** `SHA256:…` as ssh-keygen prints it. */
export const fingerprint = ({ blob }: HostKey): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** `ssh-ed25519 SHA256:…`, for messages. */
export const describeKey = (key: HostKey): string => `${key.type} ${fingerprint(key)}`;
