import type { Facts } from '../../core/facts.ts';
import type { Known } from '../host-parts/known.ts';
import type { Disk, Raid, RecordedRaid } from './disks.ts';
import type { CardSlot, MemorySlot } from './dmi.ts';
import type { BusGpu, DriverSaid, KernelSlot } from './gpus.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Nic } from './nics.ts';

export const MACHINE_NAMES = [
  'sys_vendor',
  'product_name',
  'product_version',
  'product_serial',
  'chassis_serial',
  'board_vendor',
  'board_name',
  'board_serial',
  'bios_version',
  'bios_date',
] as const;

/** The machine and its board, as the firmware calls them. What it does not say is not there. */
export type MachineNames = ReadonlyMap<(typeof MACHINE_NAMES)[number], string>;

/** Errors of a memory module that the kernel has counted since it was started. */
export interface ModuleErrors {
  /** As the firmware or the driver calls it. */
  readonly label: string;
  readonly corrected: number;
  readonly wrong: number;
}

/** What a machine has told of its hardware at one moment. */
export interface HardwareSeen {
  readonly facts: Facts;
  readonly names: MachineNames;
  /** When its kernel was started, seconds since 1970; null: not known. */
  readonly boot: number | null;
  readonly memory: Known<readonly MemorySlot[]>;
  readonly moduleErrors: Known<readonly ModuleErrors[]>;
  readonly bus: Known<readonly BusGpu[]>;
  readonly driver: DriverSaid;
  readonly kernelSlots: readonly KernelSlot[];
  readonly cardSlots: Known<readonly CardSlot[]>;
  readonly disks: Known<readonly Disk[]>;
  readonly raids: Known<readonly Raid[]>;
  readonly recorded: Known<readonly RecordedRaid[]>;
  /** /proc/mdstat; null: it was not read. */
  readonly mdstat: string | null;
  /** By directory that was asked for; one that is not there has nothing mounted. */
  readonly mounts: Known<ReadonlyMap<string, { readonly source: string; readonly fstype: string }>>;
  readonly nics: Known<readonly Nic[]>;
  readonly log: Known<KernelLog>;
}
