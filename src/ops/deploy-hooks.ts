import type { Host } from '../inventory/cluster.ts';
import type { Target } from '../transport/connection.ts';
import type { OnHardware } from './reboot/hardware.ts';
import type { PlannedHost } from './travellers.ts';

/** What is asked of whoever called for the deploy, and how hosts are reached. */
export interface DeployHooks {
  readonly targetOf: (host: Host) => Target;
  /**
   * Shown the plan of all hosts of a leg before anything of it is changed; false: nothing is, `unasked`: as nobody can
   * be asked. `later`: names of the hosts that are planned when this is done.
   */
  readonly confirm: (
    planned: readonly PlannedHost[],
    later: readonly string[],
  ) => Promise<boolean | 'unasked'>;
  /** Told the name of the run before its first event. */
  readonly onBegin?: (run: string) => void;
  /** Of a reboot that looks at it: what the hardware of a host is now. */
  readonly onHardware?: OnHardware;
}
