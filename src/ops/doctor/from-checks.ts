import { groupBy } from '../../core/group-by.ts';
import { fcopsCommand, look, type Next } from '../../core/next.ts';
import type { LockHolder } from '../../core/problem.ts';
import type { SectorSize } from '../../core/profile.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { toStart } from '../held-by.ts';
import type { ProcessStatus, SeenHost } from '../status/host-status.ts';
import type { Check, CheckKind, Since } from '../verify/check.ts';
import type { VerifiedHost } from '../verify/verify.ts';
import { blockedCost, PROOFS_COST, p1Cost, stageCost } from './costs.ts';
import type { Diagnosis, Finding, FindingKind, Severity, Unknown } from './finding.ts';
import { finding, unknown } from './finding.ts';

/** What is known of a host besides what a verification says. */
export interface CheckedHost {
  readonly host: VerifiedHost;
  /** Null: it was not seen. */
  readonly seen: SeenHost | null;
  readonly size: SectorSize;
  /** Seconds since 1970, by the clock of the host. */
  readonly now: number;
  /** The last lines that a process has logged. */
  readonly lastWords: (process: string) => readonly string[];
}

const KINDS: Readonly<Record<CheckKind, FindingKind>> = {
  look: 'mount',
  process: 'process',
  port: 'port',
  registration: 'registration',
  hugepages: 'hugepages',
  gpu: 'gpu',
  mount: 'mount',
  data: 'data',
  clock: 'clock',
  backup: 'metadata',
  overrides: 'overrides',
  stamp: 'stamp',
};

/** What a verification has found of a host, as findings with their price; what it could not tell as unknown. */
export const checksDiagnosis = (checked: CheckedHost): Diagnosis => {
  const { host } = checked;
  if (host.state !== 'seen')
    return {
      findings: [],
      unknowns:
        host.checks.length > 0
          ? host.checks.map(({ message, why, next }) =>
              unknown(host.host, `nothing is known of it: ${message}`, why ?? null, next),
            )
          : [unknown(host.host, 'it has not been looked at')],
    };
  const off = host.checks.filter(({ result }) => result === 'off');
  const sorts = [...groupBy(off, sortOf(checked)).values()];
  return {
    findings: [...sorts.flatMap((checks) => findingOf(checks, checked)), ...restartOwed(checked)],
    unknowns: unknownsOf(host),
  };
};

/** Why nobody can tell, each reason once: that the miner says nothing is one thing, whatever runs there. */
const unknownsOf = ({ host, checks }: VerifiedHost): readonly Unknown[] => {
  const of = checks.filter(({ result }) => result === 'unknown');
  return [...groupBy(of, ({ kind, why }) => JSON.stringify([kind, why])).values()].flatMap((ones) => {
    const [first] = ones;
    if (!first) return [];
    const more = ones.length - 1;
    // Which of its workers these are is the same for all of a host, most likely.
    const what =
      first.kind === 'registration' && more > 0
        ? 'it is not known which of its workers are registered'
        : `${first.process === null ? '' : `${first.process}: `}${first.message}${more > 0 ? `, and ${more} more like it` : ''}`;
    return [unknown(host, what, first.why ?? null, first.next)];
  });
};

/** Checks that are told as one: files, pages and cards are lost together, processes of a group of one cause. */
const sortOf =
  ({ seen }: CheckedHost) =>
  ({ kind, process, message, name }: Check): string => {
    if (kind === 'hugepages' || kind === 'data') return kind;
    if (process === null) return JSON.stringify([kind, name]);
    const group = seen?.processes.find((one) => one.name === process)?.group;
    // Numbers of ports and processes are each its own.
    return JSON.stringify([kind, group, message.replace(/\d+/g, '#')]);
  };

const findingOf = (checks: readonly Check[], checked: CheckedHost): readonly Finding[] => {
  const [first] = checks;
  if (!first) return [];
  const { host, size } = checked;
  const processes = checks.flatMap(({ process }) => process ?? []);
  const statuses = (checked.seen?.processes ?? []).filter(({ name }) => processes.includes(name));
  const [status] = statuses;
  const about = {
    host: host.host,
    lockedBy: host.lockedBy,
    roles: host.roles,
    size,
    status,
    n: processes.length,
  };
  return [
    finding(severityOf(first, about), KINDS[first.kind], host.host, messageOf(checks), {
      processes,
      evidence: evidenceOf(checks, checked),
      cost: costOf(first, about),
      next: nextOf(first, about, processes),
    }),
  ];
};

interface About {
  readonly host: string;
  /** Who is changing it right now. */
  readonly lockedBy: LockHolder | null;
  readonly roles: readonly string[];
  readonly size: SectorSize;
  /** Of the first of its processes. */
  readonly status: ProcessStatus | undefined;
  /** Processes. */
  readonly n: number;
}

const messageOf = (checks: readonly Check[]): string => {
  const [first] = checks;
  if (!first) return '';
  if (checks.length === 1 || first.process !== null) return first.message;
  if (first.kind === 'hugepages') return `huge pages are missing on ${count(checks.length, 'NUMA node')}`;
  return `${first.message}, and ${checks.length - 1} more of its data`;
};

const isPaused = ({ registration }: ProcessStatus): boolean =>
  registration?.type === 'registered' && registration.workers.some(({ disabled }) => !disabled);

const severityOf = ({ kind }: Check, { roles, status }: About): Severity => {
  if (kind === 'registration') return status !== undefined && isPaused(status) ? 'warn' : 'critical';
  if (kind === 'port' || kind === 'backup' || kind === 'overrides') return 'warn';
  if (kind === 'clock') return roles.includes('miner') ? 'critical' : 'warn';
  return 'critical';
};

const SINCE: Readonly<Record<Since['by'], string>> = {
  start: 'started',
  log: 'its log was last written',
  unit: 'it ended',
};
const MOST_LINES = 6;

const evidenceOf = (checks: readonly Check[], { now, lastWords }: CheckedHost): readonly string[] => {
  const [first] = checks;
  const several = checks.length > 1;
  const lines = checks.flatMap(({ process, message, since, why }): string[] => {
    const who = several && process !== null ? `${process}: ` : '';
    const when =
      since === undefined
        ? []
        : [`${who}${SINCE[since.by]} ${formatSeconds(Math.max(0, now - since.at))} ago`];
    const own = process === null && several ? [message] : [];
    const said =
      first?.kind === 'process' && process !== null
        ? lastWords(process).map((line) => `${who}its log ends: ${line}`)
        : [];
    return [...own, ...(why === undefined ? [] : [why]), ...when, ...said];
  });
  const left = lines.length - MOST_LINES;
  return left > 1 ? [...lines.slice(0, MOST_LINES), `and ${left} lines more`] : lines;
};

/** What it costs that processes of a group do nothing. */
const groupCost = (group: string | undefined, { size, n, roles }: About): string | null => {
  switch (group) {
    case 'P1':
      return p1Cost(size, n);
    case 'P2':
      return `${stageCost(size, 'PC2', n) ?? 'no sector gets past PC2'}; ${blockedCost(size, 0)}`;
    case 'C2':
      return stageCost(size, 'C2', n);
    case 'APx':
      return 'no sector begins on the host, and none that is finished there gets to the storage';
    case 'lotus':
    case 'lotus-miner':
      return PROOFS_COST;
    default:
      return roles.includes('miner') ? PROOFS_COST : null;
  }
};

const costOf = ({ kind, process }: Check, about: About): string | null => {
  const { roles, status, size } = about;
  switch (kind) {
    case 'process':
    case 'registration':
      return status !== undefined && kind === 'registration' && isPaused(status)
        ? 'it gets no tasks as long as it is paused'
        : groupCost(status?.group, about);
    case 'port':
      return process === null ? null : 'the miner cannot give it tasks, nor take files from it';
    case 'hugepages':
      return 'P1 tasks for which the pages do not suffice do not start';
    case 'gpu':
      return roles.includes('c2')
        ? (stageCost(size, 'C2', 1) ?? 'C2 of one worker fails')
        : roles.includes('p1')
          ? (stageCost(size, 'PC2', 1) ?? 'P2 of the host fails')
          : `proofs are made by the CPU, and may be late: ${PROOFS_COST}`;
    case 'mount':
      return 'what is kept there is gone for all that works on it: sectors do not land, or cannot be proven';
    case 'data':
      return roles.includes('p1')
        ? 'each sector that begins there fails, and P1 tasks and P2 do not start again'
        : 'what needs it fails at its next task, and does not start again';
    case 'clock':
      return 'blocks and proofs are late or refused; tokens and logs tell wrong times';
    case 'backup':
      return 'where the datastore of the miner is lost, so is every sector that was sealed since the newest backup';
    case 'stamp':
      return 'what the cluster of the other miner does to it and what this one does undo each other';
    case 'look':
    case 'overrides':
      return null;
  }
};

const nextOf = ({ kind, next }: Check, about: About, processes: readonly string[]): readonly Next[] => {
  const { host, status } = about;
  if (status === undefined || (kind !== 'process' && kind !== 'registration') || status.running?.length !== 0)
    return next ?? [];
  const { role } = status;
  return [
    fcopsCommand(['logs', role, '--limit', host, '--process', processes.join(',')], 'why'),
    toStart(about, role, processes),
  ];
};

/** They do their work, with something old. */
const restartOwed = ({
  host: { host, restartOwed: processes, roles },
  seen,
}: CheckedHost): readonly Finding[] => {
  if (processes.length === 0) return [];
  const [role = 'all'] = roles;
  const reasons = (seen?.processes ?? []).flatMap(({ restart }) => restart);
  return [
    finding('note', 'restart', host, 'a restart is owed: they do not run as they are to', {
      processes,
      evidence: [...new Set(reasons)].slice(0, MOST_LINES),
      next: [
        fcopsCommand(['status', '--limit', host], 'see why'),
        role === 'miner'
          ? look('restart lotus and lotus-miner only between two deadlines with sectors of theirs')
          : fcopsCommand(
              ['restart', role, '--limit', host, '--process', processes.join(','), '--drain'],
              'waits until their tasks have ended, so that none is lost',
            ),
      ],
    }),
  ];
};
