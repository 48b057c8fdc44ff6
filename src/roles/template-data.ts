import { look } from '../core/next.ts';
import { SECTOR_BYTES, type SectorSize } from '../core/profile.ts';
import { sha256 } from '../core/sha256.ts';
import { count, formatBytes } from '../core/units.ts';
import { askPath, askUnless, pathLook } from '../resources/path/look.ts';
import type { FileState } from '../resources/path/state.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';
import { noFile } from './checks.ts';

/** A file of the template data: its exact size and, where it is short, its text. Sizes are bytes. */
interface DataFile {
  readonly path: string;
  readonly bytes: number;
  /** Another size that is right as well. */
  readonly orBytes?: number;
  readonly text?: string;
}

/** What differs between the sectors' sizes (handbook 2.2.7.1, 2.2.7.2). */
const SECTORS: Readonly<Record<SectorSize, { readonly parents: string; readonly pieceCid: string }>> = {
  '32GiB': {
    parents: '21981246c370f9d76c7a77ab273d94bde0ceb4e938292334960bce05585dc117',
    pieceCid: 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
  },
  '64GiB': {
    parents: '4905486b7af19558ac3649bc6261411858b6add534438878c4ee3b29d8b9de0b',
    pieceCid: 'baga6ea4seaqomqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq',
  },
  // Of the test networks: names as rust-fil-proofs gives them, pieces as a sector of zeros has them.
  '2KiB': {
    parents: '494d91dc80f2df5272c4b9e129bc7ade9405225993af9fe34e6542a39a47554b',
    pieceCid: 'baga6ea4seaqpy7usqklokfx2vxuynmupslkeutzexe2uqurdg5vhtebhxqmpqmy',
  },
  '8MiB': {
    parents: '5eed212119fd91aa6220a27f31a8966444a9381842bceb3a1ea61525bd47a5b5',
    pieceCid: 'baga6ea4seaqgl4u6lwmnerwdrm4iz7ag3mpwwaqtapc2fciabpooqmvjypweeha',
  },
  '512MiB': {
    parents: '7ba215a1d2345774ab90b8cb1158d296e409d6068819d7b8c7baf0b25d63dc34',
    pieceCid: 'baga6ea4seaqdsvqopmj2soyhujb72jza76t4wpq5fzifvm3ctz47iyytkewnubq',
  },
};

/** Where APx finds the piece of a sector of zeros. */
const PIECE_TEMPLATE = '/opt/raid0/piecetemplate';

/** Data of a sector of zeros, the same for every such sector: made once and copied to every machine (2.2.7). */
const templateFiles = (sectorSize: SectorSize): DataFile[] => {
  const bytes = SECTOR_BYTES[sectorSize];
  const { parents, pieceCid } = SECTORS[sectorSize];
  const pieceInfo = `{"Size":${bytes},"PieceCID":{"/":"${pieceCid}"}}\n`;
  return [
    {
      path: `/opt/raid0/filecoin-parents/v28-sdr-parent-${parents}.cache`,
      // 56 bytes for the parents of each node of 32 bytes.
      bytes: (bytes / 32) * 56,
    },
    // A binary tree of hashes of 32 bytes has one hash less than two sectors. The handbook's listing, in whole
    // GiB, does not tell whether a copy is filled up, so both are taken.
    { path: '/opt/raid0/merklecache/mcache.dat', bytes: 2 * bytes - 32, orBytes: 2 * bytes },
    { path: `${PIECE_TEMPLATE}/piece-info.json`, bytes: pieceInfo.length, text: pieceInfo },
    { path: `${PIECE_TEMPLATE}/staged-file`, bytes },
  ];
};

/** Presence and exact size of every file of the template data, and the text of the short one. */
export const templateData = (sectorSize: SectorSize, severity: Severity): Requirement[] =>
  dataFiles(sectorSize, templateFiles(sectorSize), severity);

/** The same of what APx makes pieces from. */
export const pieceTemplate = (sectorSize: SectorSize, severity: Severity): Requirement[] =>
  dataFiles(
    sectorSize,
    templateFiles(sectorSize).filter(({ path }) => path.startsWith(`${PIECE_TEMPLATE}/`)),
    severity,
  );

const dataFiles = (sectorSize: SectorSize, files: readonly DataFile[], severity: Severity): Requirement[] =>
  files.map((data) => ({
    name: `template data ${data.path}`,
    asks: [data.text === undefined ? askPath(data.path) : askUnless(data.path, [data.text])],
    severity,
    check: (seen) => {
      const state = pathLook.seen(seen, data.path);
      if (!state) return { unknown: pathLook.unseen(seen, data.path).reason };
      const message = state.type === 'file' ? wrong(data, state, sectorSize) : noFile(data.path, state);
      return message === null
        ? null
        : {
            message,
            next: [
              look(
                'copy it from a machine that has it, or let the first machine make it once: APx and one P1 task, started by hand (handbook 2.2.7.3)',
              ),
            ],
          };
    },
  }));

const wrong = (
  { path, bytes, orBytes, text }: DataFile,
  state: FileState,
  sectorSize: SectorSize,
): string | null => {
  if (state.bytes !== bytes && state.bytes !== orBytes) {
    return `${path} has ${count(state.bytes, 'byte')} (${formatBytes(state.bytes)}), for ${sectorSize} sectors it has ${bytes} (${formatBytes(bytes)})`;
  }
  return text === undefined || state.sha256 === sha256(text)
    ? null
    : `${path} is not the one for ${sectorSize} sectors, which reads ${text.trimEnd()}`;
};
