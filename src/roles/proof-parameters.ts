import type { Next } from '../core/next.ts';
import { shellOnHost } from '../core/next.ts';
import type { SectorSize } from '../core/profile.ts';
import { count, formatBytes, GiB, KiB, MiB } from '../core/units.ts';
import { askPath, pathLook } from '../resources/path/look.ts';
import type { Requirement } from '../resources/process/process.ts';
import type { Severity } from './checks.ts';
import { noFile } from './checks.ts';
import { PARAMETERS, PROFILE } from './miner-places.ts';

/** A file of the network's proof parameters; its size lies between the two, in bytes. */
export interface ParameterFile {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** Where workers have them (handbook 2.3.3). */
export const WORKER_PARAMETERS = '/opt/filecoin-proof-parameters';

/**
 * A size that is published to one decimal (filecoin-project's files as ChainSafe/forest#7592 and directory
 * listings give them): anything that may have been rounded to it. It tells a file that was cut off or is of
 * another sector size; what is in it is for the worker's own checksums to say.
 */
const about = (size: number, unit: number, name: string): ParameterFile => ({
  name,
  least: Math.floor((size - 0.1) * unit),
  most: Math.ceil((size + 0.1) * unit),
});

/** A verifying key: some numbers of known size for each public input; listings give it in whole KiB. */
const key = (kib: number, name: string): ParameterFile => ({
  name,
  least: (kib - 1) * KiB,
  most: (kib + 1) * KiB,
});

const POREP = 'v28-stacked-proof-of-replication-merkletree-poseidon_hasher-';
const POST = 'v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-';

const FILES: Readonly<Record<SectorSize, readonly ParameterFile[]>> = {
  '32GiB': [
    about(
      44.1,
      GiB,
      `${POREP}8-8-0-sha256_hasher-82a357d2f2ca81dc61bb45f4a762807aedee1b0a53fd6c4e77b46a01bfef7820.params`,
    ),
    key(
      32,
      `${POREP}8-8-0-sha256_hasher-82a357d2f2ca81dc61bb45f4a762807aedee1b0a53fd6c4e77b46a01bfef7820.vk`,
    ),
    about(56.6, GiB, `${POST}8-8-0-0377ded656c6f524f1618760bffe4e0a1c51d5a70c4509eedae8a27555733edc.params`),
    about(2.4, MiB, `${POST}8-8-0-0377ded656c6f524f1618760bffe4e0a1c51d5a70c4509eedae8a27555733edc.vk`),
    about(183.2, MiB, `${POST}8-8-0-559e581f022bb4e4ec6e719e563bf0e026ad6de42e56c18714a2c692b1b88d7e.params`),
    key(13, `${POST}8-8-0-559e581f022bb4e4ec6e719e563bf0e026ad6de42e56c18714a2c692b1b88d7e.vk`),
  ],
  '64GiB': [
    about(
      44.4,
      GiB,
      `${POREP}8-8-2-sha256_hasher-96f1b4a04c5c51e4759bbf224bbc2ef5a42c7100f16ec0637123f16a845ddfb2.params`,
    ),
    key(
      32,
      `${POREP}8-8-2-sha256_hasher-96f1b4a04c5c51e4759bbf224bbc2ef5a42c7100f16ec0637123f16a845ddfb2.vk`,
    ),
    about(58.3, GiB, `${POST}8-8-2-2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.params`),
    about(2.3, MiB, `${POST}8-8-2-2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.vk`),
    about(190.7, MiB, `${POST}8-8-2-b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.params`),
    key(13, `${POST}8-8-2-b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.vk`),
  ],
  // As lotus's build/proof-params/parameters.json lists them.
  '2KiB': [
    small(`${POREP}8-0-0-sha256_hasher-032d3138d22506ec0082ed72b2dcba18df18477904e35bafee82b3793b06832f`),
    small(`${POST}8-0-0-0170db1f394b35d995252228ee359194b13199d259380541dc529fb0099096b0`),
    small(`${POST}8-0-0-3ea05428c9d11689f23529cde32fd30aabd50f7d2c93657c1d3650bca3e8ea9e`),
  ].flat(),
  '8MiB': [
    small(`${POREP}8-0-0-sha256_hasher-ecd683648512ab1765faa2a5f14bab48f676e633467f0aa8aad4b55dcb0652bb`),
    small(`${POST}8-0-0-50c7368dea9593ed0989e70974d28024efa9d156d585b7eea1be22b2e753f331`),
    small(`${POST}8-0-0-5294475db5237a2e83c3e52fd6c2b03859a1831d45ed08c4f35dbf9a803165a9`),
  ].flat(),
  '512MiB': [
    small(`${POREP}8-0-0-sha256_hasher-6babf46ce344ae495d558e7770a585b2382d54f225af8ed0397b8be7c3fcd472`),
    small(`${POST}8-0-0-0cfb4f178bbb71cf2ecfcd42accce558b27199ab4fb59cb78f2483fe21ef36d9`),
    small(`${POST}8-0-0-7d739b8cf60f1b0709eeebee7730e297683552e4b69cab6984ec0285663c5781`),
  ].flat(),
};

/** Of the test networks nobody publishes the sizes: that something is there is all that can be told. */
function small(name: string): readonly ParameterFile[] {
  return ['params', 'vk'].map((end) => ({
    name: `${name}.${end}`,
    least: 1,
    most: Number.POSITIVE_INFINITY,
  }));
}

/** Of every sector size; its exact size is published. */
const SRS: ParameterFile = { name: 'v28-fil-inner-product-v1.srs', least: 301_990_192, most: 301_990_192 };

const isKey = ({ name }: ParameterFile): boolean => name.endsWith('.vk');

/** What a worker of this sector size reads (handbook 2.3.3). */
export const workerParameterFiles = (sectorSize: SectorSize): readonly ParameterFile[] => [
  ...FILES[sectorSize],
  SRS,
];

/**
 * What lotus checks proofs of others by, which seal any sector size of their network: the keys of all of them; and what
 * lotus-miner proves with besides (handbook 2.1.5.2).
 */
export const minerParameterFiles = (
  sectorSize: SectorSize,
): { readonly keys: readonly ParameterFile[]; readonly parameters: readonly ParameterFile[] } => ({
  keys: [...Object.values(FILES).flat().filter(isKey), SRS],
  parameters: FILES[sectorSize].filter((one) => !isKey(one)),
});

/** Whether a file with so many bytes is the network's, as far as its size tells. */
export const hasSize = ({ least, most }: ParameterFile, bytes: number): boolean =>
  bytes >= least && bytes <= most;

/** Presence and size of the proof parameters that a worker of this sector size reads (handbook 2.3.3). */
export const proofParameters = (sectorSize: SectorSize, severity: Severity): Requirement[] =>
  workerParameterFiles(sectorSize).map(
    present(
      WORKER_PARAMETERS,
      [shellOnHost(`rsync -a MINER:${PARAMETERS} /opt/`, 'copy it from the miner')],
      severity,
    ),
  );

/** The same of lotus, and of lotus-miner besides. */
export const minerParameters = (
  sectorSize: SectorSize,
  directory: string,
  severity: Severity,
): { readonly keys: Requirement; readonly parameters: Requirement } => {
  const there = present(
    directory,
    [shellOnHost(`source ${PROFILE} && lotus fetch-params ${sectorSize}`, 'have lotus fetch it')],
    severity,
  );
  const { keys, parameters } = minerParameterFiles(sectorSize);
  return {
    keys: together('proof parameters: keys', severity, keys.map(there)),
    parameters: together('proof parameters: what is proven with', severity, parameters.map(there)),
  };
};

/** Several files as one thing to wait for: the first that is wrong is told, and how many more there are. */
const together = (name: string, severity: Severity, files: readonly Requirement[]): Requirement => ({
  name,
  asks: files.flatMap(({ asks }) => asks),
  severity,
  check: (seen, pending) => {
    const [first, ...more] = files.flatMap((file) => file.check(seen, pending) ?? []);
    if (first === undefined || 'unknown' in first || more.length === 0) return first ?? null;
    const others = `and ${count(more.length, 'more file')} of the proof parameters`;
    return { ...first, message: `${first.message}, ${others}` };
  },
});

const present =
  (directory: string, next: readonly Next[], severity: Severity) =>
  (parameter: ParameterFile): Requirement => {
    const path = `${directory}/${parameter.name}`;
    return {
      name: `proof parameters ${parameter.name}`,
      asks: [askPath(path)],
      severity,
      check: (seen) => {
        const state = pathLook.seen(seen, path);
        if (!state) return { unknown: pathLook.unseen(seen, path).reason };
        const message = state.type === 'file' ? wrongSize(parameter, path, state.bytes) : noFile(path, state);
        return message === null ? null : { message, next };
      },
    };
  };

const wrongSize = (file: ParameterFile, path: string, bytes: number): string | null => {
  const { least, most } = file;
  if (hasSize(file, bytes)) return null;
  if (most === Number.POSITIVE_INFINITY) return `${path} is empty`;
  const wanted =
    least === most ? `${least} bytes` : `${least} to ${most} bytes (${formatBytes((least + most) / 2)})`;
  return `${path} has ${count(bytes, 'byte')} (${formatBytes(bytes)}), the network's file has ${wanted}`;
};
