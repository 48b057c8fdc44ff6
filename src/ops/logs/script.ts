import { quote, withoutComments } from '../../core/shell.ts';
import secretsShell from '../profile-secrets.sh';
import type { LogSource } from './log-source.ts';
import logsShell from './logs.sh';

/** What is read of logs. */
export interface LogsRequest {
  /** Lines of each from before. */
  readonly lines: number;
  /** An extended regular expression of grep: only lines that match. */
  readonly grep?: string;
  /** What is added later, too. */
  readonly follow: boolean;
}

/** Where a log is read on. */
export interface Position {
  /** Number of a file on its file system, or a place in the journal (`s=…`). */
  readonly file: string;
  /** Byte of the file. */
  readonly offset: number;
}

/** The script that reads logs; of those that have been read before, what has come since. */
export const logsScript = (
  logs: readonly { readonly source: LogSource; readonly position: Position | null }[],
  { lines, grep = '', follow }: LogsRequest,
  profile: string,
): string =>
  [
    `FCOPS_LOGS=(${logs.map(({ source }) => quote(source.path)).join(' ')})`,
    `FCOPS_UNITS=(${logs.map(({ source: { kept } }) => quote(kept.type === 'journal' ? kept.unit : '')).join(' ')})`,
    `FCOPS_FROM=(${logs.map(({ position }) => quote(position ? `${position.file} ${position.offset}` : '')).join(' ')})`,
    `FCOPS_GREP=${quote(grep)}`,
    `FCOPS_LINES=${lines}`,
    `FCOPS_FOLLOW=${follow ? 'yes' : 'no'}`,
    `FCOPS_PROFILE=${quote(profile)}`,
    withoutComments(secretsShell),
    withoutComments(logsShell),
  ].join('\n');
