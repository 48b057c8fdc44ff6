import { maskOutput } from '../../core/others-secrets.ts';
import type { Session } from '../../engine/session.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Process } from '../../resources/process/process.ts';
import type { Task } from '../../resources/resource.ts';
import type { OpsDeps } from '../deps.ts';
import type { RoleHosts } from '../role-work.ts';
import type { ProcessesOf } from '../status/status.ts';
import { preflightQuery } from './ask.ts';
import type { Finding } from './finding.ts';
import { CHECKS } from './finding.ts';
import { judge } from './judge.ts';
import { clockFinding } from './judge-machine.ts';
import type { SoughtOf } from './sought.ts';
import { credentialsFor, soughtOf } from './sought.ts';

/** What is asked of one host. */
export interface HostQuestion {
  readonly host: Host;
  readonly session: Pick<Session, 'open' | 'ask'>;
  readonly tasks: readonly Task[];
  /** Those that may be started. */
  readonly processes: readonly Process[];
  readonly only?: NonNullable<SoughtOf['only']>;
  /** Why the miner's API is not asked for; left out: it is. */
  readonly withoutApi?: boolean;
}

/** Asks a host, once. Rejects with an FcopsError where it cannot be asked. */
export const askHost = async (
  { cluster, reveal, redact }: RoleHosts,
  processesOf: ProcessesOf,
  { host, session, tasks, processes, only, withoutApi = false }: HostQuestion,
  { now, date }: Pick<OpsDeps, 'now' | 'date'>,
): Promise<readonly Finding[]> => {
  const all = processesOf({ cluster, host }, host.roles).processes.map(({ process }) => process);
  const sought = soughtOf({
    ...{ cluster, host, tasks, processes, reveal, withoutApi },
    own: all.length > 0 ? all : processes,
    ...(only && { only }),
  });
  const secrets = {
    token: sought.api ? reveal(cluster.api.token.name) : '',
    credentials: sought.archives.length > 0 ? (credentialsFor(tasks, reveal) ?? '') : '',
  };
  const query = preflightQuery(sought, secrets, redact);
  // The way in is no part of the trip by which its clock is told.
  await session.open();
  const sent = date().getTime();
  const start = now();
  const answers = await session.ask(query);
  const trip = { sent, received: sent + (now() - start) };
  const masked = (text: string) => maskOutput(redact(text));
  return [...judge(sought, answers), clockFinding(sought, answers, trip)]
    .map((finding) => ({
      ...finding,
      about: masked(finding.about),
      message: masked(finding.message),
      ...(finding.why !== undefined && { why: masked(finding.why) }),
    }))
    .toSorted((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
};
