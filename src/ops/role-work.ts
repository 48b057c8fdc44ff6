import type { Digest, Reveal } from '../core/content.ts';
import { digestBy } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { onDemand } from '../core/remember.ts';
import { redactor } from '../core/secret.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { readInventory } from '../inventory/load.ts';
import { withVersions } from '../inventory/other-version.ts';
import { knownFacts } from '../inventory/saved-facts.ts';
import { presentSecrets, revealOf, SECRET_USES } from '../inventory/secrets.ts';
import { selectHosts } from '../inventory/select.ts';
import { loadTemplates } from '../render/load.ts';
import type { Render } from '../render/renderer.ts';
import { createRenderer } from '../render/renderer.ts';
import type { Process } from '../resources/process/process.ts';
import type { Task } from '../resources/resource.ts';
import { stamp } from '../resources/stamp/stamp.ts';
import { processTask, requirementTask } from '../roles/processes.ts';
import type { Role, RoleContext } from '../roles/role.ts';
import { TAGS } from '../roles/role.ts';
import { ROLE_NAMES } from '../roles/role-names.ts';
import type { DeployableRole } from '../roles/roles.ts';
import { isDeployable, loadRole } from '../roles/roles.ts';
import { GivenSecrets } from './given-secrets.ts';
import { nodeFiles } from './node-files.ts';
import type { Operation } from './process-work.ts';
import { checkProcesses, processTasks } from './process-work.ts';
import { secretUses } from './secret-uses.ts';
import type { Selection, Sources } from './sources.ts';
import {
  chosenCluster,
  inventorySources,
  limitOf,
  refuseSharedHosts,
  requireSecrets,
  secretProblemsIn,
  theNamed,
} from './sources.ts';
import type { Upgrade } from './upgrade/programs.ts';

/** What an operation about a role's hosts is asked for. */
export interface RoleRequest extends Selection {
  readonly role: string;
  /** Only tasks with one of these tags; all of them where it is empty. */
  readonly tags: readonly string[];
  /** Processes that do not run are to be started. */
  readonly start: boolean;
  /** False: what can be told before a start is not asked first. */
  readonly preflight?: boolean;
  /** Replaced text of hosts is shown as it is, with secrets of others that may be in it; masked unless given. */
  readonly showReplaced?: boolean;
  /** Of a plan: only what somebody has changed on the hosts since fcops left it, and of what that is not known. */
  readonly onlyDrift?: boolean;
  /** Hosts that are another miner's are taken over. */
  readonly adopt?: boolean;
  /** A deploy where it is left out. */
  readonly operation?: Operation;
  /** Only these processes (`P1-3`), or those of such a group (`P1`); all where it is left out. */
  readonly processes?: readonly string[];
  /** Seconds after which a process that has not ended is killed; none is where it is left out. */
  readonly killAfter?: number;
  /** By host, processes that a run which is taken up was to stop: what was started since is not stopped again. */
  readonly stopOnly?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of what is stopped: only what runs with another token of the miner's API than it would be given now. */
  readonly otherToken?: boolean;
  /** By host, the boot that a run which is taken up was to end: a machine under another one is not rebooted again. */
  readonly boots?: ReadonlyMap<string, string>;
  /** The versions that programs get in the place of those in the inventory. */
  readonly upgrade?: Upgrade;
}

/** What of a request decides on the tasks. */
export type WorkRequest = Pick<
  RoleRequest,
  | 'tags'
  | 'start'
  | 'adopt'
  | 'showReplaced'
  | 'operation'
  | 'processes'
  | 'killAfter'
  | 'stopOnly'
  | 'otherToken'
  | 'boots'
  | 'upgrade'
>;

/** The roles that a request is about: one of them, or all that a cluster has. */
export type RequestedRole = DeployableRole | 'all';

/** The hosts of a cluster that a request is about. */
export interface RoleHosts {
  readonly role: RequestedRole;
  readonly cluster: Cluster;
  /** The cluster as its file has it, where that is not what the request is about: an upgrade has other versions. */
  readonly stated?: Cluster;
  readonly hosts: readonly Host[];
  readonly reveal: Reveal;
  readonly digest: Digest;
  /** Masks the cluster's secrets in what hosts say. */
  readonly redact: (text: string) => string;
  /** What hosts have given on the way: nothing before they are asked. */
  readonly given: GivenSecrets;
  /** Fills in templates; these are loaded when it is first asked for, once for all that is worked out of the hosts. */
  readonly renderer: () => Promise<Render>;
}

/** What a host is, of what a request is about: of all roles its own, of which it has one. */
export const roleOf = ({ role }: Pick<RoleHosts, 'role'>, { name, roles: own }: Host): DeployableRole => {
  if (role !== 'all') return role;
  const [first] = own;
  if (first === undefined) throw new RangeError(`${name} has no role: its file was not checked`);
  return first;
};

/** The same with what each host is to be. */
export interface RoleWork extends RoleHosts {
  readonly showReplaced: boolean;
  /** Worked out anew at each call; throws an FcopsError where it cannot be. */
  readonly tasksOf: (host: Host) => readonly Task[];
  /** What a host runs, in the order in which it is started. */
  readonly processesOf: (host: Host) => readonly Process[];
}

/** Works out which hosts a request is about. Throws for an unknown role, tag, cluster or host. */
export const roleHosts = (sources: Sources, request: RoleRequest): RoleHosts => {
  const role = requestedRole(request.role);
  checkTags(request.tags);
  const stated = chosenCluster(sources, request.miner);
  const { limit, upgrade } = request;
  const cluster = upgrade ? withVersions(stated, upgrade.versions, upgrade.sha256) : stated;
  const selected = selectHosts(cluster, {
    ...(role !== 'all' && { role }),
    ...(limit !== undefined && { limit: limitOf(limit) }),
  });
  // The miner comes before the workers, which need it.
  const hosts = selected.toSorted((a, b) => Number(isMiner(b)) - Number(isMiner(a)));
  refuseSharedHosts(sources, cluster, hosts);
  const given = new GivenSecrets();
  const known = revealOf(cluster);
  const reveal: Reveal = (name) => given.reveal(name) ?? known(name);
  // Whoever masks has worked them out by then.
  const masked = onDemand(() => redactor(presentSecrets(cluster)));
  const redact = (text: string) => given.redact(masked()(text));
  return {
    role,
    cluster,
    ...(upgrade && { stated }),
    hosts,
    reveal,
    digest: digestBy(reveal),
    redact,
    given,
    renderer: onDemand(async () => createRenderer(templatesOf(sources))),
  };
};

/**
 * The same for an operation that needs secrets of the cluster. Throws one FcopsError with what is wrong with the cluster
 * file and with the secrets that it uses: who mends a mistake is not told of the next one then.
 */
export const readyHosts = async (sources: Sources, request: RoleRequest): Promise<RoleHosts> => {
  try {
    const hosts = roleHosts(sources, request);
    // A mistake of the command line is told before anybody looks for a secret.
    if (request.processes) await roleWork(hosts, request);
    else if (sources.templates !== undefined) await hosts.renderer();
    await requireSecrets(sources, hosts.cluster, secretUses(request));
    return hosts;
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    throw new FcopsError([...error.problems, ...(await secretsBeside(error.problems, sources, request))], {
      cause: error,
    });
  }
};

/** What is wrong with the secrets of the cluster files that have other mistakes. */
const secretsBeside = async (
  problems: readonly Problem[],
  sources: Sources,
  request: RoleRequest,
): Promise<readonly Problem[]> => {
  const wrong = new Set(
    problems.flatMap(({ kind, where }) =>
      kind === 'inventory' && where?.line !== undefined ? [where.file] : [],
    ),
  );
  if (wrong.size === 0) return [];
  // Which secret is for what cannot be told there.
  const isFew = secretUses(request).length < SECRET_USES.length;
  const { files } = readInventory(inventorySources(sources), theNamed(sources, request.miner));
  const found: Problem[] = [];
  // One after the other: a vault that several files name is asked once.
  for (const read of files.filter(({ file }) => wrong.has(file)))
    found.push(...(await secretProblemsIn(read, sources)));
  return found.filter(({ kind }) => !isFew || kind === 'weak-secret');
};

const templatesOf = ({ packageRoot, templates }: Sources) =>
  loadTemplates(nodeFiles, `${packageRoot}/templates`, templates);

/** Throws where a request names processes that none of its hosts runs. */
export const requireProcesses = async (sources: Sources, request: RoleRequest): Promise<void> => {
  if (request.processes) await roleWork(roleHosts(sources, request), request);
};

/** Says what each host is to be. Throws where processes are named that none of them runs. */
export const roleWork = async (hosts: RoleHosts, request: WorkRequest): Promise<RoleWork> => {
  const render = await hosts.renderer();
  const names = [...new Set(hosts.hosts.map((host) => roleOf(hosts, host)))];
  const loaded = await Promise.all(names.map(async (name) => ({ name, role: await loadRole(name) })));
  const loadedFor = (host: Host): LoadedRole => {
    const found = loaded.find(({ name }) => name === roleOf(hosts, host));
    if (!found) throw new RangeError(`${host.name} is none of the hosts of this request`);
    return found;
  };
  const { showReplaced = false, processes: named } = request;
  const processesOf = (host: Host): readonly Process[] =>
    loadedFor(host).role.processes({ cluster: hosts.cluster, host, render });
  if (named) checkProcesses(named, hosts.hosts.flatMap(processesOf));
  return {
    ...hosts,
    showReplaced,
    tasksOf: (host) => tasksOf(hosts, loadedFor(host), { host, render }, request),
    processesOf,
  };
};

interface LoadedRole {
  readonly name: DeployableRole;
  readonly role: Role;
}

/** Whether a host runs lotus and lotus-miner. */
export const isMiner = ({ roles: own }: Pick<Host, 'roles'>): boolean => own.includes('miner');

const tasksOf = (
  { cluster }: RoleHosts,
  { name, role: { tasks, processes: processesOf } }: LoadedRole,
  { host, render }: Omit<RoleContext, 'cluster'>,
  request: WorkRequest,
): readonly Task[] => {
  const { tags, start, adopt = false, operation = 'deploy' } = request;
  const context = { cluster, host, render };
  const processes = processesOf(context);
  const stamped = stampTask(cluster, host, adopt);
  if (operation !== 'deploy') {
    const running = { role: name, host, processes, tasks: () => tasks(context) };
    const named = { ...request, ...(request.otherToken && { withOther: cluster.api.token.name }) };
    return [stamped, ...processTasks(operation, running, named)];
  }
  const last = [requirementTask(processes), processTask(name, host, processes, start)];
  const chosen = [...tasks(context), ...last].filter(withTags(tags));
  // Whose a host is matters whatever is done to it.
  return [stamped, ...chosen];
};

const stampTask = ({ miner }: Cluster, { name }: Host, adopt: boolean): Task => ({
  name: 'whose it is',
  tags: ['stamp'],
  resources: [stamp({ miner, name, adopt })],
});

/** Whether a task is selected; no tags select all. Checks guard what is changed, whatever that is. */
export const withTags =
  (tags: readonly string[]) =>
  (task: Task): boolean =>
    tags.length === 0 || task.tags.some((tag) => tag === 'checks' || tags.includes(tag));

/** The facts that count for a host, given those observed: what is stated by hand goes over them. */
export const factsFor = (host: Host): ((observed: Facts) => Facts) | undefined =>
  host.facts === undefined ? undefined : (observed) => knownFacts(host, observed);

/** A tag that no task has is a slip of the keyboard: it would leave things out without a word. */
export const checkTags = (tags: readonly string[]): void => {
  const known: readonly string[] = TAGS;
  const unknown = tags.filter((tag) => !known.includes(tag));
  if (unknown.length === 0) return;
  throw new FcopsError(
    unknown.map((tag) => ({
      kind: 'usage',
      what: `--tags: no task has the tag "${tag}"`,
      next: [edit(didYouMean(tag, known))],
    })),
  );
};

/** The roles of that name; an FcopsError where there is none to deploy. */
export const requestedRole = (name: string): RequestedRole => {
  if (name === 'all' || isDeployable(name)) return name;
  throw new FcopsError({
    kind: 'usage',
    what: `"${name}" is no role that can be deployed`,
    next: [edit(didYouMean(name, [...ROLE_NAMES, 'all']))],
  });
};
