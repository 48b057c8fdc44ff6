import type { Problem } from '../../core/problem.ts';
import type { LogSource } from './log-source.ts';

/** What becomes known while logs are read. */
export type LogEvent =
  | { readonly type: 'line'; readonly host: string; readonly process: string; readonly line: string }
  /** Processes that have no log. */
  | { readonly type: 'absent'; readonly host: string; readonly logs: readonly NamedLog[] }
  /**
   * rotated: what comes now stands in a new file. truncated: it begins anew. missed: the end of what was read before
   * the connection was lost could not be found.
   */
  | {
      readonly type: 'rotated' | 'truncated' | 'missed';
      readonly host: string;
      readonly process: string;
    }
  | { readonly type: 'lost'; readonly host: string; readonly problem: Problem }
  | { readonly type: 'back'; readonly host: string }
  | { readonly type: 'failed'; readonly host: string; readonly problems: readonly Problem[] };

/** The log of a process. */
export interface NamedLog {
  readonly process: string;
  readonly source: LogSource;
}
