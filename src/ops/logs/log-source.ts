import type { Process } from '../../resources/process/process.ts';

/** Where what a process says is read. */
export interface LogSource {
  readonly type: 'file';
  readonly path: string;
}

/** The log of a process. */
export const logSource = ({ log }: Pick<Process, 'log'>): LogSource => ({ type: 'file', path: log });
