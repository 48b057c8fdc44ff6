import { edit } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { inParallel } from '../../engine/parallel.ts';
import type { Host } from '../../inventory/cluster.ts';
import { loadTemplates } from '../../render/load.ts';
import { createRenderer } from '../../render/renderer.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import { isDeployable, loadRole } from '../../roles/roles.ts';
import { SHELL_ENVIRONMENTS } from '../../roles/shell-environment.ts';
import type { Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { interruptible } from '../interruptible.ts';
import { nodeFiles } from '../node-files.ts';
import { checkProcesses, chosenOf } from '../process-work.ts';
import type { RoleHosts } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { Sources } from '../sources.ts';
import type { LogEvent } from './events.ts';
import { logSource } from './log-source.ts';
import type { LogsHost } from './read-host.ts';
import { readHost } from './read-host.ts';
import type { LogsRequest } from './script.ts';

/** Works out which logs are meant: of the processes of the role that is named, or of all roles of each host. */
export const logsOf = async (
  sources: Sources,
  { cluster, hosts, role }: RoleHosts,
  named: readonly string[] | undefined,
): Promise<readonly LogsHost[]> => {
  const render = await createRenderer(
    loadTemplates(nodeFiles, `${sources.packageRoot}/templates`, sources.templates),
  );
  const rolesOf = (host: Host): DeployableRole[] =>
    role === 'all' ? host.roles.filter(isDeployable) : [role];
  const each = await Promise.all(
    hosts.map(async (host) => {
      const processes = await Promise.all(
        rolesOf(host).map(async (name) => (await loadRole(name)).processes({ cluster, host, render })),
      );
      return { host, first: rolesOf(host)[0], processes: processes.flat() };
    }),
  );
  if (named)
    checkProcesses(
      named,
      each.flatMap(({ processes }) => processes),
    );
  const found = each.flatMap(({ host, first, processes }): LogsHost[] => {
    const logs = chosenOf(processes, named).map((process) => ({
      process: process.name,
      source: logSource(process),
    }));
    if (first === undefined || logs.length === 0) return [];
    return [{ host: host.name, logs, profile: SHELL_ENVIRONMENTS[first].profile }];
  });
  if (found.length > 0) return found;
  throw new FcopsError({
    kind: 'usage',
    what: 'none of these hosts runs a process',
    where: { file: cluster.file },
    next: [edit('give one of them a role')],
  });
};

/**
 * Reads logs of many hosts, and tells their lines as they come; where they are followed, until the signal. Gives the
 * hosts that could not be read, or not to their end. Rejects where grep refuses the expression.
 */
export const readLogs = async (
  hosts: RoleHosts,
  logs: readonly LogsHost[],
  request: LogsRequest,
  targetOf: (host: Host) => Target,
  tell: (event: LogEvent) => void,
  given: OpsDeps,
): Promise<readonly string[]> => {
  // One that grep refuses ends all of them.
  const refused = new AbortController();
  const deps = interruptible({ ...given, signal: AbortSignal.any([given.signal, refused.signal]) });
  const { after, signal, hide, defect, widths } = deps;
  const byName = new Map(hosts.hosts.map((host) => [host.name, host]));
  // Those that are followed never end, and none of them waits for another.
  const width = request.follow ? logs.length : widths.look;
  let problem: unknown;
  const wells = await inParallel(logs, width, async (one) => {
    const host = byName.get(one.host);
    if (!host || signal.aborted) return true;
    const session = () => sessionOf(targetOf(host), hosts, deps);
    try {
      return await readHost(one, request, {
        session,
        redact: hosts.redact,
        tell,
        after,
        signal,
        hide,
        defect,
      });
    } catch (error) {
      problem ??= error;
      refused.abort();
      return false;
    }
  });
  if (problem !== undefined) throw problem;
  return logs.filter((_, index) => !wells[index]).map(({ host }) => host);
};
