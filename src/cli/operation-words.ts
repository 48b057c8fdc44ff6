import { count } from '../core/units.ts';
import { changesOf } from '../engine/plan.ts';
import type { Host } from '../inventory/cluster.ts';
import type { DeployRequest } from '../ops/deploy-request.ts';
import type { RoleHosts } from '../ops/role-work.ts';
import { isMiner } from '../ops/role-work.ts';
import { modeOf, tasksLost } from '../ops/stop/at-risk.ts';
import type { PlannedHost } from '../ops/travellers.ts';
import { keysIn, versionNames } from '../ops/upgrade/programs.ts';
import { IGNORE_FLAG, WAIT_FLAG } from '../ops/window/gate.ts';
import { stopsMiner } from '../ops/window/guard.ts';
import { DOWNTIME_FLAG } from '../ops/window/words.ts';
import { isReboot } from '../resources/reboot/reboot.ts';

type Asked = Pick<DeployRequest, 'operation' | 'stop' | 'upgrade' | 'otherToken' | 'reboot'>;

/** What is under way: `upgrade c2 of f0494733 to 1.11.1-3079a405a`. */
export const titleOf = (
  { role, cluster: { miner } }: Pick<RoleHosts, 'role' | 'cluster'>,
  { operation = 'deploy', upgrade, otherToken }: Asked,
): string => {
  if (otherToken) return `restart what has another token of ${miner}`;
  if (operation === 'deploy') return `deploy ${role} to ${miner}`;
  if (upgrade === undefined) return `${operation} ${role} of ${miner}`;
  const [key, ...others] = keysIn(upgrade);
  return `${operation} ${others.length === 0 ? key : role} of ${miner} to ${versionNames(upgrade)}`;
};

/** What is agreed to, with the tasks that end by it. `hosts`: `3 hosts of f0494733`. */
export const questionOf = (
  { operation = 'deploy', stop, upgrade, reboot }: Asked,
  planned: readonly PlannedHost[],
  hosts: string,
): string => {
  if (operation === 'deploy') {
    if (reboot === undefined) return `Apply these changes to ${hosts}?`;
    const changes = planned.some((one) => one.state === 'planned' && changesOf(one.plan).length > 0);
    return changes
      ? `Apply these changes to ${hosts}, and reboot those where that is owed then and nothing runs?`
      : 'Reboot the hosts where that is owed and nothing runs?';
  }
  const drain = stop?.drain ?? null;
  const when = [
    ...(drain === null ? [] : ['when their tasks have ended']),
    ...(stop?.window === 'wait' && endsMiner(planned) ? ['when no proof would be lost'] : []),
    ...(stop?.window === 'ignore' && endsMiner(planned) ? ['whatever is to be proven'] : []),
  ]
    .map((words) => ` ${words}`)
    .join(',');
  const lost = planned.reduce(
    (sum, one) => sum + (one.state === 'planned' ? tasksLost(one.plan, modeOf(stop)) : 0),
    0,
  );
  const price = lost === 0 ? '' : `, and lose the work of ${count(lost, 'task')}`;
  if (operation === 'upgrade')
    return `Bring ${upgrade ? versionNames(upgrade) : 'it'} to ${hosts}, one of them first, and restart these processes${when}${price}?`;
  if (operation === 'reboot') {
    const plans = planned.flatMap((one) => (one.state === 'planned' ? [one.plan] : []));
    return plans.some((plan) => changesOf(plan).some(isReboot))
      ? `Reboot ${hosts}${when}${price}, and start what runs there?`
      : `Start what runs on ${hosts}?`;
  }
  const what = { start: 'Start', stop: 'Stop', restart: 'Restart' }[operation];
  return `${what} these processes of ${hosts}${when}${price}?`;
};

/** What is said of proofs and of lotus-miner where none of the hosts has one. */
export const idleFlags = (
  { stop }: Pick<DeployRequest, 'stop'>,
  hosts: readonly Pick<Host, 'roles'>[],
): readonly string[] =>
  hosts.some(isMiner)
    ? []
    : [
        ...(stop?.downtime === undefined ? [] : [DOWNTIME_FLAG]),
        ...(stop?.window === 'wait' ? [WAIT_FLAG] : []),
        ...(stop?.window === 'ignore' ? [IGNORE_FLAG] : []),
      ];

/** Whether lotus or lotus-miner is stopped. */
export const endsMiner = (planned: readonly PlannedHost[]): boolean =>
  planned.some((one) => one.state === 'planned' && stopsMiner(one.plan));
