import type { ProcessLog } from '../../resources/process/log.ts';
import { logOf } from '../../resources/process/log.ts';
import type { Process } from '../../resources/process/process.ts';

/** Where what a process says is read. The host has the last word: one that its start script still runs has its file. */
export interface LogSource {
  readonly kept: ProcessLog;
  /** File of its start script. */
  readonly path: string;
}

/** The log of a process. */
export const logSource = (process: Pick<Process, 'log' | 'unit'>): LogSource => ({
  kept: logOf(process),
  path: process.log,
});
