import type { Host } from '../../inventory/cluster.ts';
import type { RoleWork } from '../role-work.ts';
import type { StopContext } from '../stop/context.ts';
import type { Upgrade } from './programs.ts';
import type { Versions } from './versions.ts';

/** What the stages of an upgrade have in common. */
export interface UpgradeContext extends StopContext {
  readonly upgrade: Upgrade;
  /** Id of the miner whose hosts they are. */
  readonly cluster: string;
  /** The versions that a host had before, as far as they are known: what it goes back to. */
  readonly had: Map<Host, Versions>;
  /** What a host is to be at other versions. */
  readonly workAt: (versions: Versions) => Promise<RoleWork>;
  /** Work at other versions that starts what of these processes does not run, and ends nothing. */
  readonly startAt: (versions: Versions, names: readonly string[]) => Promise<RoleWork>;
  /** Hosts that this run has begun to move; others it has found as they are. */
  readonly moved: Set<Host>;
  /** Processes that this run has begun to start, by host: what others are at may have begun days ago. */
  readonly started: Map<Host, ReadonlySet<string>>;
  /** The versions that hosts have now; one that is on its way between two is left out. */
  readonly standing: Map<Host, Versions>;
  /** Told of the versions that a host has, seen on it, when nothing of them is under way; the inventory gets them. */
  readonly settled: (host: Host, versions: Versions) => Promise<void>;
}

/** The same where everything that is left to do is done at once. */
export const withoutFetch = ({ isFetched: _, ...context }: UpgradeContext): UpgradeContext => context;
