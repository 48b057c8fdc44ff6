import { Secret } from '../../../../src/core/secret.ts';
import type { Cluster, Host, Variables } from '../../../../src/inventory/cluster.ts';
import type { Wanted } from '../../../../src/ops/plan-diff/thought-of.ts';
import { stamp } from '../../../../src/resources/stamp/stamp.ts';
import { apx } from '../../../../src/roles/apx.ts';
import { c2 } from '../../../../src/roles/c2.ts';
import { miner } from '../../../../src/roles/miner.ts';
import { p1 } from '../../../../src/roles/p1.ts';
import { processTask, requirementTask } from '../../../../src/roles/processes.ts';
import type { Role, RoleContext } from '../../../../src/roles/role.ts';
import type { DeployableRole } from '../../../../src/roles/role-names.ts';
import { shipped } from '../../layout/shipped.ts';
import { contextOf, minerContext } from '../../roles/support.ts';

export const ROLES: Readonly<Record<DeployableRole, Role>> = { p1, c2, apx, miner };

/** What a host of a role is to be, as a deploy has it. */
export const wanted = (context: RoleContext): Wanted => {
  const { cluster, host } = context;
  const [name] = host.roles;
  if (name === undefined) throw new Error('a host without a role');
  const role = ROLES[name];
  const processes = role.processes(context);
  return {
    host,
    tasks: [
      {
        name: 'whose it is',
        tags: ['stamp'],
        resources: [stamp({ miner: cluster.miner, name: host.name })],
      },
      ...role.tasks(context),
      requirementTask(processes),
      processTask(name, host, processes, false),
    ],
  };
};

export const secretOf = (name: string): Secret =>
  new Secret(name, () => {
    throw new Error(`nobody has ${name} here`);
  });

const api = (token: string): Cluster['api'] => ({
  from: 'inventory',
  address: '/ip4/192.168.10.1/tcp/2345/http',
  token: secretOf(token),
});

/** A host of a role without its secrets at hand. */
export const contextFor = (
  role: DeployableRole,
  host: Partial<Host> = {},
  cluster: Partial<Cluster> = {},
): RoleContext => {
  const profile = shipped(role === 'c2' ? 'intel-4216' : 'amd-7532');
  const own = { roles: [role], ...host };
  const settings = { api: api('env TOKEN'), ...cluster };
  return role === 'miner' ? minerContext(profile, own, settings) : contextOf(profile, own, settings);
};

/** The same host with other variables. */
export const withVariables = (context: RoleContext, variables: Partial<Variables>): RoleContext => ({
  ...context,
  host: { ...context.host, variables: { ...context.host.variables, ...variables } },
});

export const withApi = (context: RoleContext, token: string): RoleContext => ({
  ...context,
  cluster: { ...context.cluster, api: api(token) },
});
