import type { Problem } from '../../core/problem.ts';
import type { Stage } from '../../engine/flow.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import { checkStage } from '../check-stage.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { ChangeDeps } from '../deps.ts';
import type { RoleHosts } from '../role-work.ts';
import { roleOf } from '../role-work.ts';
import type { Sources } from '../sources.ts';
import { untilRegistered } from '../stop/registered.ts';
import type { Check } from '../verify/check.ts';
import { verifyUntilRight } from '../verify/until-right.ts';
import type { Verified } from '../verify/verify.ts';
import { verifier } from '../verify/verify.ts';
import type { RebootContext } from './context.ts';

/** Seconds that all has to be right in, and between two looks: a GPU's driver, a mount or a clock may need them. */
const RIGHT = { wait: 120, interval: 5, width: 1 } as const;

/** Looks at the host and at the miner: all of it runs, its workers are registered, and the machine is as it should be. */
export const machineCheck = (context: RebootContext): Stage<DeployHost> =>
  checkStage(context, context.startWork, async (host) => {
    const missing = await untilRegistered(host, context);
    return missing.length > 0 ? missing : context.verify(host, 'all');
  });

/** What `fcops verify` has against a host that this run holds, once that has had its time. */
export const verifyHost =
  (
    sources: Sources,
    hosts: RoleHosts,
    targetOf: (host: Host) => Target,
    deps: ChangeDeps,
    run: string,
  ): RebootContext['verify'] =>
  async (host, about) => {
    // Of a host whose checks are off nobody judges the machine.
    const isMeant = ({ process, kind }: Check) =>
      process === null ? host.host.checks !== 'off' && (about === 'all' || kind !== 'data') : about === 'all';
    const only = { ...hosts, hosts: [host.host] };
    // Its looks are no phases of the run.
    const quiet: ChangeDeps = { ...deps, emit: () => {} };
    const all = await verifier(sources, only, [roleOf(hosts, host.host)], targetOf, quiet, { run });
    const meant = (verified: Verified): Verified => ({
      ...verified,
      hosts: verified.hosts.map((one) => ({ ...one, checks: one.checks.filter(isMeant) })),
    });
    try {
      const looking = { verify: async (width: number) => meant(await all.verify(width)) };
      const verified = await verifyUntilRight(looking, RIGHT, deps, () => {});
      if (verified === null) return [notVerified(host.name)];
      return verified.hosts.flatMap(({ checks }) =>
        checks.flatMap((check) => checkProblems(host.name, check)),
      );
    } finally {
      await all.close();
    }
  };

const notVerified = (host: string): Problem => ({
  kind: 'stopped',
  what: 'stopped, as asked, before it was seen that all is right',
  where: { host },
});

const checkProblems = (host: string, { result, name, process, message, why, next }: Check): Problem[] =>
  result === 'ok'
    ? []
    : [
        {
          kind: result === 'off' ? 'verify' : 'unseen',
          what: `${process ?? name}: ${message}`,
          where: { host },
          ...(why !== undefined && { why }),
          ...(next && { next }),
        },
      ];
