import { resolve } from 'node:path';
import type { Size } from '../engine/batches.ts';
import type { RunRequest } from '../engine/runs/record.ts';
import type { Transport } from '../transport/connect.ts';
import type { RebootRequest } from './reboot/context.ts';
import type { RoleHosts, RoleRequest } from './role-work.ts';
import type { Sources } from './sources.ts';
import type { StopRequest } from './stop/begin.ts';

/** What a deploy is asked for. */
export interface DeployRequest extends RoleRequest {
  /** Sizes of the batches; empty: all hosts at once. */
  readonly batches: readonly Size[];
  /** Hosts that may fail before no further batch begins. */
  readonly maxFail: Size;
  /** How hosts are reached, for the journal. */
  readonly transport: Transport;
  /** How machines are rebooted; of a deploy that is not given this none is. */
  readonly reboot?: RebootRequest;
  /** The saved plan that is applied: what it does not say is not done. */
  readonly saved?: { readonly file: string; readonly digest: string };
  /** Of an operation that stops processes: what is done about tasks that would end with them. */
  readonly stop?: StopRequest;
}

/** The batches that the hosts of a request come in: a version is shown to run on one host before others get it. */
export const sizesOf = ({ batches, upgrade }: Pick<DeployRequest, 'batches' | 'upgrade'>): readonly Size[] =>
  upgrade ? [{ hosts: 1 }, ...batches] : batches;

/** Whether a request that is made anew does all of it again, what is done as well: only what takes its run up does not. */
export const repeatsAll = ({
  operation,
  otherToken,
}: Pick<DeployRequest, 'operation' | 'otherToken'>): boolean =>
  operation === 'reboot' || (operation === 'restart' && otherToken !== true);

/** Where everything is, so that the run can be taken up from any directory. */
export const requestRecord = (
  { inventory, profiles, templates }: Sources,
  { cluster, role }: RoleHosts,
  request: DeployRequest,
): RunRequest => {
  const {
    limit,
    tags,
    start,
    preflight,
    batches,
    maxFail,
    transport,
    processes,
    killAfter,
    stop,
    upgrade,
    reboot,
    otherToken,
    saved,
  } = request;
  return {
    role,
    miner: cluster.miner,
    ...(limit !== undefined && { limit }),
    tags,
    start,
    batches,
    maxFail,
    inventory: resolve(inventory),
    ...(profiles !== undefined && { profiles: resolve(profiles) }),
    ...(templates !== undefined && { templates: resolve(templates) }),
    transport,
    ...(preflight === false && { preflight }),
    ...(processes && { processes }),
    ...(killAfter !== undefined && { killAfter }),
    ...(otherToken && { otherToken }),
    ...(stop && { stop }),
    ...(reboot && { reboot }),
    ...(upgrade && { upgrade }),
    ...(saved && { saved: { ...saved, file: resolve(saved.file) } }),
  };
};
