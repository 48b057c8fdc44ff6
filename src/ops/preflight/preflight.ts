import type { Problem } from '../../core/problem.ts';
import { FcopsError, problemsOf } from '../../core/problem.ts';
import { inParallel } from '../../engine/parallel.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { beforeLook } from '../miner-api.ts';
import type { RoleHosts, RoleWork } from '../role-work.ts';
import { roleWork } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Sources } from '../sources.ts';
import type { ProcessesOf } from '../status/status.ts';
import { processesBy, rolesOf } from '../status/status.ts';
import { askHost } from './ask-hosts.ts';
import type { Finding } from './finding.ts';

/** Whether a host is ready to be deployed and started. */
export type HostPreflight = {
  readonly host: string;
  readonly address: string;
  /** That its workers listen on. */
  readonly listen: string;
} & (
  | { readonly state: 'asked'; readonly findings: readonly Finding[] }
  /** It could not be asked. */
  | { readonly state: 'unseen'; readonly problems: readonly Problem[] }
);

/** Asks every host all that can be told before anything is changed. Nothing is. */
export const preflightHosts = async (
  sources: Sources,
  hosts: RoleHosts,
  targetOf: (host: Host) => Target,
  given: OpsDeps,
): Promise<readonly HostPreflight[]> => {
  const deps = interruptible(given);
  const work = await roleWork(hosts, { tags: [], start: true });
  const processesOf = await processesBy(sources, rolesOf(hosts.hosts));
  const before = beforeLook(hosts, [], targetOf, deps);
  deps.emit({
    type: 'run-begin',
    run: '',
    hosts: hosts.hosts.map(({ name }) => name),
    stages: ['look'],
  });
  return inParallel(hosts.hosts, deps.widths.look, async (host): Promise<HostPreflight> => {
    const { name, address, listen } = host;
    deps.emit({ type: 'phase', host: name, phase: 'look' });
    try {
      const findings = await ask({ work, processesOf, before, targetOf, deps }, host);
      return { host: name, address, listen, state: 'asked', findings };
    } catch (error) {
      const problems = error instanceof FcopsError ? problemsOf(error, name) : [deps.defect(error, name)];
      return { host: name, address, listen, state: 'unseen', problems };
    } finally {
      deps.emit({ type: 'phase', host: name, phase: 'done' });
    }
  });
};

interface Asking {
  readonly work: RoleWork;
  readonly processesOf: ProcessesOf;
  readonly before: ReturnType<typeof beforeLook>;
  readonly targetOf: (host: Host) => Target;
  readonly deps: OpsDeps;
}

const ask = async (
  { work, processesOf, before, targetOf, deps }: Asking,
  host: Host,
): Promise<readonly Finding[]> => {
  const session = sessionOf(targetOf(host), work, deps);
  try {
    // Where the miner host does not tell its API, all else can be asked.
    const unknown = await before(host);
    const findings = await askHost(
      work,
      processesOf,
      {
        ...{ host, session },
        tasks: work.tasksOf(host),
        processes: work.processesOf(host),
        withoutApi: unknown.length > 0,
      },
      deps,
    );
    return [...unknown.map(withoutApi), ...findings];
  } finally {
    await session.close();
  }
};

const withoutApi = ({ what, why, next }: Problem): Finding => ({
  check: 'api',
  state: 'off',
  about: 'API of lotus-miner',
  message: what,
  ...(why !== undefined && { why }),
  ...(next && { next }),
});
