import { c2 } from './c2.ts';
import { p1 } from './p1.ts';
import type { Role } from './role.ts';

/** The roles that can be deployed. */
export const roles = { p1, c2 } satisfies Record<string, Role>;
export type DeployableRole = keyof typeof roles;

export const isDeployable = (name: string): name is DeployableRole => Object.hasOwn(roles, name);
