import type { DeployHooks } from '../deploy-hooks.ts';
import type { StageContext } from '../deploy-stages.ts';
import type { ChangeDeps } from '../deps.ts';
import type { RoleHosts, WorkRequest } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { stopContext } from '../stop/begin.ts';
import type { StopContext } from '../stop/context.ts';
import { verifyHost } from './check.ts';
import type { RebootContext, RebootRequest } from './context.ts';
import { REBOOT_TIMEOUT } from './context.ts';
import { brokenHardware } from './hardware.ts';

/** What a reboot takes besides what every operation that stops processes does. */
interface Given {
  readonly sources: Sources;
  readonly hosts: RoleHosts;
  readonly request: WorkRequest & { readonly reboot?: RebootRequest };
  readonly hooks: Pick<DeployHooks, 'targetOf' | 'onHardware'>;
  readonly deps: ChangeDeps;
}

export const rebootContext = (
  stopping: StopContext,
  { sources, hosts, request, hooks, deps }: Given,
): RebootContext => ({
  ...stopping,
  goesOnSame: true,
  timeout: request.reboot?.timeout ?? REBOOT_TIMEOUT,
  startWork: stopping.startWork ?? stopping.work,
  ...(request.reboot?.hardware && { brokenHardware: brokenHardware(hosts, hooks.onHardware) }),
  verify: verifyHost(sources, hosts, hooks.targetOf, deps, stopping.holder.run),
});

/** The same for a deploy that reboots machines where that is owed and nothing runs: it stops nothing, and asks nobody. */
export const owedContext = (common: StageContext, given: Given): RebootContext => {
  const {
    atWork: _,
    refuses: __,
    ...stopping
  } = stopContext(common, { ...given, targetOf: given.hooks.targetOf });
  return { ...rebootContext(stopping, given), goesOnSame: false, rebootsOwed: true, startWork: common.work };
};
