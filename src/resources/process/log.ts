import { words } from '../../core/shell.ts';
import type { RunningProcess } from './look.ts';
import type { Process } from './process.ts';

/** Where what a process says is kept. */
export type ProcessLog =
  | { readonly type: 'file'; readonly path: string }
  /** The journal of its systemd unit. */
  | { readonly type: 'journal'; readonly unit: string };

/** Where what it says goes: while it runs by what runs it, and else by what is to run it. */
export const logOf = (
  { log, unit }: Pick<Process, 'log' | 'unit'>,
  running?: Pick<RunningProcess, 'unit'>,
): ProcessLog => {
  const name = running ? running.unit : (unit?.name ?? null);
  return name === null ? { type: 'file', path: log } : { type: 'journal', unit: name };
};

/** What shows the end of a log: `/opt/lotusworker/worker-3p1/log.txt`, or the command for a journal. */
export const logText = (log: ProcessLog): string =>
  log.type === 'file' ? log.path : words('journalctl', '-u', log.unit);
