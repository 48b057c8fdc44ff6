import type { Facts } from '../../core/facts.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { FcopsError, inShort } from '../../core/problem.ts';
import type { Host } from '../../inventory/cluster.ts';
import { isDeployable } from '../../roles/roles.ts';
import { SHELL_ENVIRONMENTS } from '../../roles/shell-environment.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { shownFacts } from '../gather-facts.ts';
import { expectedOf } from '../hardware/expected.ts';
import type { HardwareReport } from '../hardware/hardware.ts';
import { askHardware } from '../hardware/hardware.ts';
import type { Known } from '../host-parts/known.ts';
import { told, unknown } from '../host-parts/known.ts';
import { interruptible } from '../interruptible.ts';
import { logsOf } from '../logs/logs.ts';
import { planHosts } from '../plan.ts';
import type { RoleHosts } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Sources } from '../sources.ts';
import type { ClusterStatus } from '../status/status.ts';
import type { PlannedHost } from '../travellers.ts';
import type { Verified } from '../verify/verify.ts';
import { verifier } from '../verify/verify.ts';
import type { Gathered } from './gathered.ts';
import { lacks } from './gathered.ts';
import { hostTextsQuery } from './host-texts.ts';

/** All that is known of one host, for whoever helps. */
export interface SupportOfHost {
  readonly plan: Known<readonly PlannedHost[]>;
  readonly looked: Known<{ readonly status: ClusterStatus; readonly verified: Verified }>;
  readonly hardware: Known<HardwareReport>;
  readonly facts: Known<Facts>;
  /** What it has written down itself. */
  readonly texts: readonly Gathered[];
}

/**
 * Asks one host for all that whoever helps wants to know, each question beside the others; what cannot be had is said, and
 * ends nothing. Changes nothing. `hosts`: of this one host.
 */
export const gatherSupport = async (
  sources: Sources,
  hosts: RoleHosts,
  host: Host,
  targetOf: (host: Host) => Target,
  given: OpsDeps,
): Promise<SupportOfHost> => {
  const deps = interruptible(given);
  const roles = host.roles.filter(isDeployable);
  const attempt = async <T>(work: () => Promise<T>): Promise<Known<T>> => {
    try {
      return told(await work());
    } catch (error) {
      const [first] = error instanceof FcopsError ? error.problems : [deps.defect(error, host.name)];
      return unknown(first ? inShort(first) : 'nobody knows why');
    }
  };
  deps.emit({ type: 'run-begin', run: '', hosts: [host.name], stages: ['look'] });
  deps.emit({ type: 'phase', host: host.name, phase: 'look' });
  // Each question of its own would tell of a run of its own.
  const quiet = { ...deps, emit: () => {} };
  const session = sessionOf(targetOf(host), hosts, quiet);
  const mask = (text: string) => maskOutput(hosts.redact(text));
  try {
    const request = { role: hosts.role, miner: hosts.cluster.miner, tags: [], start: false };
    const [plan, looked, hardware, texts] = await Promise.all([
      attempt(() => planHosts(sources, hosts, request, targetOf, quiet)),
      attempt(async () => {
        const all = await verifier(sources, hosts, roles, targetOf, quiet);
        try {
          const verified = await all.verify(1);
          return { status: all.looker.status(), verified };
        } finally {
          await all.close();
        }
      }),
      attempt(() => askHardware(session, expectedOf(hosts.cluster, host, roles), mask)),
      attempt(async () => {
        const [own] = await logsOf(sources, hosts, undefined);
        const profiles = [...new Set(roles.map((role) => SHELL_ENVIRONMENTS[role].profile))];
        return session.ask(hostTextsQuery(own?.logs ?? [], profiles, hosts.redact));
      }),
    ]);
    if (texts.type === 'told') deps.hide(texts.value.secrets);
    return {
      ...{ plan, looked, hardware },
      facts: hardware.type === 'told' ? told(shownFacts(hardware.value.seen.facts)) : hardware,
      texts:
        texts.type === 'told'
          ? texts.value.texts
          : ['logs', 'host-runs', 'kernel.txt', 'system'].map((name) => lacks(name, texts.why)),
    };
  } finally {
    deps.emit({ type: 'phase', host: host.name, phase: 'done' });
    await session.close();
  }
};
