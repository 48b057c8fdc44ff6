import { PROFILE as C2_PROFILE, PROGRAM as C2_PROGRAM } from './c2.ts';
import { PROFILE as MINER_PROFILE, PROGRAMS } from './miner-places.ts';
import type { DeployableRole } from './role-names.ts';
import { PROFILE, PROGRAM } from './sealing-worker.ts';

/** What a shell needs to be as what a role runs. */
export interface ShellEnvironment {
  /** File with the variables, which exports them. */
  readonly profile: string;
  /** Directory of its programs. */
  readonly programs: string;
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

const SEALING: ShellEnvironment = { profile: PROFILE, programs: directoryOf(PROGRAM) };

/** By role: the profile that its processes read, and where its programs are. */
export const SHELL_ENVIRONMENTS: Readonly<Record<DeployableRole, ShellEnvironment>> = {
  miner: { profile: MINER_PROFILE, programs: directoryOf(PROGRAMS.lotus) },
  p1: SEALING,
  c2: { profile: C2_PROFILE, programs: directoryOf(C2_PROGRAM) },
  apx: SEALING,
};
