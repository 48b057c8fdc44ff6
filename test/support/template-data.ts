import { GiB } from '../../src/core/units.ts';

const SECTORS = {
  '32GiB': { gib: 32, parents: '21981246c370f9d76c7a77ab273d94bde0ceb4e938292334960bce05585dc117' },
  '64GiB': { gib: 64, parents: '4905486b7af19558ac3649bc6261411858b6add534438878c4ee3b29d8b9de0b' },
} as const;

/** Bytes of the big files of the template data by their path on a P1 machine (handbook 2.2.7). */
export const templateData = (sector: keyof typeof SECTORS): Readonly<Record<string, number>> => {
  const { gib, parents } = SECTORS[sector];
  return {
    // 56 bytes for each of the sector's nodes of 32 bytes.
    [`/opt/raid0/filecoin-parents/v28-sdr-parent-${parents}.cache`]: ((gib * GiB) / 32) * 56,
    // A binary Merkle tree of hashes of 32 bytes: two sectors less one hash.
    '/opt/raid0/merklecache/mcache.dat': 2 * gib * GiB - 32,
    '/opt/raid0/piecetemplate/staged-file': gib * GiB,
  };
};
