import { createHash } from 'node:crypto';

/** What went through. */
export interface StreamHash {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The sum of what comes piece by piece, of which no more than one is held. `onBytes` hears how many have come by now. */
export const hashStream = async (
  pieces: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<StreamHash> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    onBytes(bytes);
  }
  return { sha256: hash.digest('hex'), bytes };
};
