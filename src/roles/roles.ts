import { apxSection, type Profile, type SectorSize } from '../core/profile.ts';
import { solveApx } from '../layout/apx.ts';
import { solveC2 } from '../layout/c2.ts';
import { solveP1 } from '../layout/p1.ts';
import type { Layout } from '../layout/types.ts';
import { apx } from './apx.ts';
import { c2 } from './c2.ts';
import { p1 } from './p1.ts';
import type { Role } from './role.ts';
import type { DeployableRole, LayoutRole } from './role-names.ts';

/** How the processes of a role lie on a hardware model. */
interface RoleLayout {
  /** Whether the model says what the machine carries in this role. */
  readonly isFor: (profile: Profile) => boolean;
  readonly solve: (profile: Profile, sectorSize: SectorSize) => Layout;
}

/** For the roles for which that is worked out. */
export const layouts: Readonly<Record<LayoutRole, RoleLayout>> = {
  p1: { isFor: ({ p1 }) => p1 !== undefined, solve: solveP1 },
  c2: { isFor: ({ c2 }) => c2 !== undefined, solve: solveC2 },
  apx: { isFor: (profile) => apxSection(profile) !== undefined, solve: solveApx },
};

const ROLES: Readonly<Record<DeployableRole, () => Role | Promise<Role>>> = {
  // With a parser of TOML, a twentieth of all that a run reads: not for those who have no use for it.
  miner: async () => (await import('./miner.ts')).miner,
  p1: () => p1,
  c2: () => c2,
  apx: () => apx,
};

/** A role that can be deployed. */
export const loadRole = async (name: DeployableRole): Promise<Role> => ROLES[name]();
export type { DeployableRole } from './role-names.ts';

export const isDeployable = (name: string): name is DeployableRole => Object.hasOwn(ROLES, name);

export const hasLayout = (name: string): name is LayoutRole => Object.hasOwn(layouts, name);
