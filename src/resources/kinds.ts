import * as z from 'zod';
import type { Reveal } from '../core/content.ts';
import { sha256 } from '../core/sha256.ts';
import { putArchive } from './archive/step.ts';
import { restoreMiner, takeBackup } from './backups/step.ts';
import baseShell from './base.sh';
import {
  attachStorage,
  backupMetadata,
  copyParameters,
  fetchParameters,
  importChain,
  initMiner,
  makeWallets,
} from './bootstrap/step.ts';
import { runCommand } from './command/step.ts';
import { crontabLook } from './cron/look.ts';
import { editCrontab } from './cron/step.ts';
import { entriesLook } from './directory/look.ts';
import { putDirectory } from './directory/step.ts';
import { editLines } from './edits/step.ts';
import { fetchFile } from './fetch/step.ts';
import { putFile, rewriteFile, setOwnership } from './file/step.ts';
import { gpusLook } from './gpus/look.ts';
import { restoreGrub, updateGrub } from './grub/step.ts';
import { guardLook } from './guard/look.ts';
import { setHostname } from './hostname/step.ts';
import { hugepagesLook } from './hugepages/look.ts';
import { allocateHugepages } from './hugepages/step.ts';
import { initProcess } from './init/step.ts';
import { restoreCrontab, restoreFile, takeAway } from './kept/step.ts';
import { putLink } from './link/step.ts';
import type { Look } from './look.ts';
import { mountLook, mountShell } from './mounts/look.ts';
import { mountStep, mountStorageStep } from './mounts/step.ts';
import { packageLook } from './packages/look.ts';
import { installPackages } from './packages/step.ts';
import { pathLook } from './path/look.ts';
import { pledgeSector } from './pledge/step.ts';
import { portLook } from './ports/look.ts';
import { processLook } from './process/look.ts';
import { startProcess } from './process/step.ts';
import { stopProcess } from './process/stop-step.ts';
import { rebootMachine } from './reboot/step.ts';
import { abortJob, removeSector, updateSector } from './sectors/step.ts';
import { sysctlLook } from './sysctl/look.ts';
import { setSysctl } from './sysctl/step.ts';
import { managerLook, unitLook } from './systemd/look.ts';
import { daemonReloadStep, putUnit, reexecManager, removeUnits } from './systemd/step.ts';

/**
 * The one list of the kinds: every way of looking, and every step. A new kind of resource is a folder beside
 * this file, and its lines here.
 */
export const LOOKS: readonly Look<unknown>[] = [
  pathLook,
  entriesLook,
  packageLook,
  sysctlLook,
  unitLook,
  managerLook,
  mountLook,
  crontabLook,
  hugepagesLook,
  guardLook,
  processLook,
  portLook,
  gpusLook,
];

const STEPS = [
  putFile,
  rewriteFile,
  setOwnership,
  putDirectory,
  putLink,
  editLines,
  editCrontab,
  installPackages,
  putArchive,
  setSysctl,
  mountStep,
  mountStorageStep,
  putUnit,
  daemonReloadStep,
  reexecManager,
  removeUnits,
  setHostname,
  updateGrub,
  allocateHugepages,
  runCommand,
  startProcess,
  stopProcess,
  initProcess,
  fetchFile,
  importChain,
  copyParameters,
  fetchParameters,
  makeWallets,
  initMiner,
  attachStorage,
  backupMetadata,
  pledgeSector,
  restoreFile,
  takeAway,
  restoreCrontab,
  restoreGrub,
  takeBackup,
  updateSector,
  removeSector,
  abortJob,
  restoreMiner,
  rebootMachine,
] as const;
const [first, ...others] = STEPS;

/** Every step that a change may have, as a value that can be written to JSON and read back. */
export const stepSchema = z.discriminatedUnion('step', [first.schema, ...others.map(({ schema }) => schema)]);
export type Step = z.infer<typeof stepSchema>;

/** The bash of a step, at the moment of sending: it may hold secrets, for standard input only. */
export const bashOf = (step: Step, reveal: Reveal): string => {
  for (const kind of STEPS) {
    const bash = kind.bashFor(step, reveal);
    if (bash !== null) return bash;
  }
  throw new RangeError(`no kind of step is called ${step.step}`);
};

/**
 * A step as it is kept: of text that stands on the host, where others may have their secrets in it, only the sum. Two
 * steps that do the same are kept as the same.
 */
export const keptStep = (step: Step): Step => {
  switch (step.step) {
    case 'edit-lines':
    case 'edit-crontab':
      return {
        ...step,
        line: step.line === null ? null : keptText(step.line),
        drop: step.drop.map(keptText),
      };
    case 'rewrite-file':
      return { ...step, text: keptText(step.text) };
    default:
      return step;
  }
};

const KEPT = /^sha256 [0-9a-f]{64}$/;

const keptText = (text: string): string => (KEPT.test(text) ? text : `sha256 ${sha256(text)}`);

/** The functions that the bash of steps calls, each text once: some kinds share theirs. */
export const STEP_SHELL: string = [
  ...new Set([baseShell, mountShell, ...STEPS.flatMap(({ shell }) => shell)]),
]
  .filter((shell) => shell !== '')
  .join('\n');
