import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { ChangeDeps } from '../deps.ts';
import type { RoleHosts } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import type { StopContext } from '../stop/context.ts';
import { verifyHost } from './check.ts';
import type { RebootContext, RebootRequest } from './context.ts';
import { REBOOT_TIMEOUT } from './context.ts';

/** What a reboot takes besides what every operation that stops processes does. */
interface Given {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly request: { readonly reboot?: RebootRequest };
  readonly targetOf: (host: Host) => Target;
  readonly deps: ChangeDeps;
}

export const rebootContext = (
  stopping: StopContext,
  { sources, hosts, request, targetOf, deps }: Given,
): RebootContext => ({
  ...stopping,
  goesOnSame: true,
  timeout: request.reboot?.timeout ?? REBOOT_TIMEOUT,
  startWork: stopping.startWork ?? stopping.work,
  verify: verifyHost(sources, hosts, targetOf, deps),
});
