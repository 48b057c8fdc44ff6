import { apx } from './apx.ts';
import { c2 } from './c2.ts';
import { p1 } from './p1.ts';
import type { Role } from './role.ts';
import type { DeployableRole } from './role-names.ts';

/** The roles that can be deployed. */
export const roles: Readonly<Record<DeployableRole, Role>> = { p1, c2, apx };
export type { DeployableRole } from './role-names.ts';

export const isDeployable = (name: string): name is DeployableRole => Object.hasOwn(roles, name);
