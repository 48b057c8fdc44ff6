import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { chosenCluster, hostNamed } from '../../ops/sources.ts';
import { ONE_OF_THE_ROLES } from '../../roles/role-names.ts';
import { isDeployable } from '../../roles/roles.ts';
import type { Action } from '../context.ts';
import type { ConnectionOptions } from '../options.ts';
import { sourcesOf } from '../sources.ts';
import { carryOut } from './deploy.ts';

export interface AdoptOptions extends ConnectionOptions {
  readonly miner?: string;
  readonly yes?: boolean;
}

/**
 * `fcops adopt HOST`: a deploy of nothing but the stamp, to one host that is named. It shows whose the host is, and
 * asks.
 */
export const adopt: Action<AdoptOptions> = async (context, [name = ''], options) => {
  const sources = sourcesOf(context);
  const { cluster, host } = hostNamed([chosenCluster(sources, options.miner)], name);
  const role = host.roles.find(isDeployable);
  if (role === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: `${host.name} has no role that can be deployed, and needs no stamp`,
      where: { file: cluster.file, host: host.name },
      next: [edit(`add ${ONE_OF_THE_ROLES} to its roles`)],
    });
  const request = {
    role,
    miner: cluster.miner,
    limit: host.name,
    tags: ['stamp'],
    start: false,
    adopt: true,
    batches: [],
    maxFail: { hosts: 0 },
    transport: options.transport,
  };
  return carryOut(context, sources, request, { ...options, full: true });
};
