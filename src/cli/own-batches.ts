import type { Size } from '../engine/batches.ts';
import type { RunRecord } from '../engine/runs/record.ts';

/** Batches of operations that nobody has told any; of others all hosts are one. */
export const OWN_BATCHES: Readonly<Partial<Record<RunRecord['operation'], readonly Size[]>>> = {
  upgrade: [{ percent: 25 }],
  reboot: [{ hosts: 1 }],
};
