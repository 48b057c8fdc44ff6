import { GiB, KiB, MiB } from '../../src/core/units.ts';
import { minerParameterFiles } from '../../src/roles/proof-parameters.ts';
import { dual4216, dual7532, HUGEPAGE_BOOT } from './hardware.ts';
import type { PlainHost, SimulatedHostOptions } from './host-set.ts';
import { templateData } from './template-data.ts';

const DISK = 30e12;

/** Sizes of the 64 GiB proof parameters by path on a C2 machine, as published. */
const proofParameters = (): Readonly<Record<string, number>> => {
  const porep =
    'stacked-proof-of-replication-merkletree-poseidon_hasher-8-8-2-sha256_hasher-96f1b4a04c5c51e4759bbf224bbc2ef5a42c7100f16ec0637123f16a845ddfb2';
  const post = 'proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-2-';
  const sizes: Record<string, number> = {
    [`${porep}.params`]: 44.4 * GiB,
    [`${porep}.vk`]: 32 * KiB,
    [`${post}2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.params`]: 58.3 * GiB,
    [`${post}2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.vk`]: 2.3 * MiB,
    [`${post}b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.params`]: 190.7 * MiB,
    [`${post}b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.vk`]: 13 * KiB,
    'fil-inner-product-v1.srs': 301_990_192,
  };
  return Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [
      `/opt/filecoin-proof-parameters/v28-${name}`,
      Math.round(bytes),
    ]),
  );
};

/** A P1 machine as it comes from the racks: booted for 1 GiB pages, disks mounted, template data copied. */
export const p1Machine = (name: string): SimulatedHostOptions => ({
  name,
  os: 'ubuntu',
  hardware: dual7532({ kernelArguments: HUGEPAGE_BOOT }),
  raid0: DISK,
  sparse: templateData('64GiB'),
});

/** A machine for APx alone: it has no GPU. */
export const apxMachine = (name: string): SimulatedHostOptions => {
  const hardware = dual7532();
  return {
    name,
    os: 'ubuntu',
    hardware: { ...hardware, gpus: hardware.gpus.filter(({ vendor }) => vendor !== '0x10de') },
    raid0: DISK,
    sparse: templateData('64GiB'),
  };
};

/** A C2 machine with its four GPUs and the proof parameters. */
export const c2Machine = (name: string): SimulatedHostOptions => ({
  name,
  os: 'ubuntu',
  hardware: dual4216(),
  raid0: DISK,
  sparse: proofParameters(),
});

/** Sizes of the parameters that a miner of 64 GiB sectors has, by path: the keys of all sizes among them. */
const minerParameters = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.values(minerParameterFiles('64GiB'))
      .flat()
      .map(({ name, least, most }) => [
        `/opt/raid0/filecoin-proof-parameters/${name}`,
        // Of the test networks any size will do.
        Number.isFinite(most) ? Math.round((least + most) / 2) : KiB,
      ]),
  );

/** A miner host with its mirrored disk. */
export const minerMachine = (name: string): SimulatedHostOptions => ({
  name,
  os: 'ubuntu',
  hardware: dual7532(),
  raid0: 2e12,
});

/** The same with its proof parameters. */
export const minerMachineWithData = (name: string): SimulatedHostOptions => ({
  ...minerMachine(name),
  sparse: minerParameters(),
});

const PIECE_INFO = {
  '32GiB':
    '{"Size":34359738368,"PieceCID":{"/":"baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq"}}',
  '64GiB':
    '{"Size":68719476736,"PieceCID":{"/":"baga6ea4seaqomqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq"}}',
} as const;

/** Puts the one template file in place whose text matters (handbook 2.2.7). */
export const copyPieceInfo = (
  host: Pick<PlainHost, 'sh'>,
  sectorSize: keyof typeof PIECE_INFO = '64GiB',
): Promise<string> =>
  host.sh(
    `mkdir -p /opt/raid0/piecetemplate && echo '${PIECE_INFO[sectorSize]}' >/opt/raid0/piecetemplate/piece-info.json`,
  );
