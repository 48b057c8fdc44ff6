import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import { roleHosts } from '../../ops/role-work.ts';
import { rolesOf } from '../../ops/status/status.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import type { Context } from '../context.ts';
import type { ClusterOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';

/** `--role` of commands that only look. */
export interface RolesOption {
  /** None: all. */
  readonly role: readonly DeployableRole[];
}

/** The hosts that are looked at, and which of their roles. */
export const lookedAtHosts = (
  context: Context,
  { role, miner, limit }: ClusterOptions & RolesOption,
): { readonly hosts: RoleHosts; readonly roles: readonly DeployableRole[] } => {
  const [first, second] = role;
  const hosts = roleHosts(sourcesOf(context), {
    role: first !== undefined && second === undefined ? first : 'all',
    tags: [],
    start: false,
    ...(miner !== undefined && { miner }),
    ...(limit !== undefined && { limit }),
  });
  if (role.length === 0) return { hosts, roles: rolesOf(hosts.hosts) };
  const chosen = hosts.hosts.filter(({ roles }) => roles.some((one) => role.includes(one)));
  if (chosen.length === 0)
    throw new FcopsError({
      kind: 'usage',
      what: `no host of ${hosts.cluster.miner} that --limit lets through has the role ${role.join(' or ')}`,
      where: { file: hosts.cluster.file },
      next: [edit('see fcops inventory list')],
    });
  return { hosts: { ...hosts, hosts: chosen }, roles: role };
};
