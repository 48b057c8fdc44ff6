import type { Content } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import type { Finding } from '../assertion/assertion.ts';
import type { Ask, Observation } from '../look.ts';
import type { DiffContext, Provision } from '../resource.ts';
import type { Readiness } from './ready.ts';
import type { SoughtProcess } from './sought.ts';

/** What processes stand on when they are started, and no start brings about: a mount, data, a driver. */
export interface Requirement {
  /** `template data /opt/raid0/merklecache/mcache.dat`; unique on a host. */
  readonly name: string;
  readonly asks: readonly Ask[];
  /** What `check` may ask about: what the same run brings about before anything is started. */
  readonly needs?: readonly Provision[];
  /** `enforce`: what stands on it is not started without it; `warn`: it is only told. */
  readonly severity: 'enforce' | 'warn';
  readonly check: (seen: Observation, pending: DiffContext['pending']) => Finding;
}

/** What a process is given once in its life, while it runs: a directory of its own for sectors (handbook 2.2.8.3). */
export interface ProcessInit {
  /** The directory. */
  readonly cache: string;
  /** Script that gives it. */
  readonly script: string;
  /** How much it takes, for people: `30 sectors at a time`. */
  readonly limit: string;
}

/** The systemd unit that is to run a process, in the place of its start script. */
export interface ProcessUnit {
  /** `fcops-p1@3.service` */
  readonly name: string;
  /** Its file: `/etc/systemd/system/fcops-p1@.service`, of all tasks. */
  readonly file: string;
}

/** A file that a process reads when it is started, as it is to be. */
export interface EnvironmentFile {
  readonly path: string;
  readonly content: Content | ((facts: Facts) => Content);
}

/** What a start takes of a process. */
export type StartedProcess = Pick<
  Process,
  'name' | 'repository' | 'known' | 'log' | 'unit' | 'port' | 'program' | 'start'
>;

/**
 * What a role runs: a long-lived program, known by the repository that it works on. Everything that is said of it
 * (runs, since when, with what, a restart owed) is derived from the host at every look.
 */
export interface Process extends SoughtProcess {
  /** `P1-3`, `APx`, `C2-1`; unique on a host. */
  readonly name: string;
  /** Processes of one kind that are numbered: `P1`. */
  readonly group: string;
  /** TCP port that it listens on when it is ready. */
  readonly port: number;
  /** Where its start script writes what it says: `/opt/lotusworker/worker-3p1/log.txt`; see `logOf`. */
  readonly log: string;
  /** What is to run it; its start script where it is left out. */
  readonly unit?: ProcessUnit;
  /** Files that it reads only when it is started; `config`: one that is not there before its first start. */
  readonly reads: { readonly profile: string; readonly script: string; readonly config?: string };
  /** Files that `environment` is taken from: of a host that has them otherwise it says nothing. */
  readonly environmentFrom: readonly EnvironmentFile[];
  /** Whether that is all that the profile says. */
  readonly environmentIsWhole: boolean;
  /** CPUs that the kernel lets it run on, where the start script sets them; in any order. */
  readonly cpus?: readonly number[];
  readonly requires: readonly Requirement[];
  /** Other processes of the host, by name, without which it cannot run: they are started before it. */
  readonly after?: readonly string[];
  readonly start: {
    /** Bash that starts it and comes back: `bash /opt/lotusworker/worker-3p1/start_3p1.sh`. */
    readonly run: string;
    /** Seconds before the next process of the host may be started (handbook 2.2.6.4: 30 for P1). */
    readonly pause: number;
    /** Directory below a hugetlbfs whose content is its own and holds on to pages; emptied before it is started. */
    readonly leftovers?: string;
    /** Huge pages that have to be free by then. */
    readonly pages?: { readonly kib: number; readonly count: number };
    /** What has to be so before it is started: without it, it is not. */
    readonly before?: Readiness;
    /** What tells that it is ready: a start is over, and has succeeded, no sooner. */
    readonly ready?: Readiness;
  };
  readonly init?: ProcessInit;
  readonly stop: {
    /** Seconds that it has to end after SIGTERM, before SIGKILL. */
    readonly deadline: number;
    /** What its end may cost besides tasks of sectors, for people. */
    readonly atStake?: string;
  };
}
