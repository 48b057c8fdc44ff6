import type { Problem } from '../../core/problem.ts';
import type { DeployHost } from '../deploy-host.ts';
import type { RoleWork } from '../role-work.ts';
import type { StopContext } from '../stop/context.ts';

/** How machines are rebooted. */
export interface RebootRequest {
  /** Seconds that a machine has to come back. */
  readonly timeout: number;
  /** Whether its hardware is looked at before anything is started (handbook 4.2). */
  readonly hardware?: boolean;
}

/** Seconds that a machine has to come back where nobody says otherwise: two terabytes of memory are counted. */
export const REBOOT_TIMEOUT = 30 * 60;

/** What the stages that reboot machines have in common. */
export interface RebootContext extends StopContext {
  readonly timeout: number;
  /** What is started when a machine is back. */
  readonly startWork: () => Promise<RoleWork>;
  /** What of a machine is broken still, so that nothing is started on it; left out: nobody looks. */
  readonly brokenHardware?: (host: DeployHost) => Promise<readonly Problem[]>;
  /** Of a host that has come back or was started, what is off or not known; `machine`: without its processes. */
  readonly verify: (host: DeployHost, about: 'machine' | 'all') => Promise<readonly Problem[]>;
}
