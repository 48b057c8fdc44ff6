import type { Size } from '../../engine/batches.ts';
import { batchesOf } from '../../engine/batches.ts';
import type { Starting, StartRate } from './schedule.ts';
import { scheduleStarts } from './schedule.ts';

/** How long it takes to start what is to be started, where nothing goes wrong. */
export interface StartForecast {
  readonly hosts: number;
  readonly processes: number;
  readonly perMinute: number;
  /** From the first start to the last. */
  readonly seconds: number;
}

/** The same for hosts in batches, one after the other. */
export const forecastStarts = (
  hosts: readonly Starting[],
  rate: StartRate,
  batches: readonly Size[],
): StartForecast => {
  const lengths = batchesOf(hosts, batches).map((batch) => scheduleStarts(batch, rate).length);
  return {
    hosts: hosts.length,
    processes: hosts.reduce((sum, { pauses }) => sum + pauses.length, 0),
    perMinute: rate.perMinute,
    seconds: Math.round(lengths.reduce((sum, length) => sum + length, 0) / 100),
  };
};
