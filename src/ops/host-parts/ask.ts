import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { withoutComments, words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import shell from './parts.sh';
import type { TextSaid } from './said.ts';
import { textsOf } from './said.ts';

/** A question of several parts. */
export interface PartsQuestion {
  /** Bash that is run before: functions of the parts, and what prints rows of its own. */
  readonly before: readonly string[];
  /** Calls of functions, each asked beside the others. */
  readonly parts: readonly string[];
  /** That all parts have together. */
  readonly seconds: number;
}

/** Bash 4.2 that asks it. */
export const partsScript = ({ before, parts, seconds }: PartsQuestion): string =>
  [
    'set -u +e',
    // What bash keeps for a moment does not need room on a disk, which may be full or read-only.
    'if [[ -d /dev/shm && -w /dev/shm ]]; then TMPDIR=/dev/shm; fi',
    withoutComments(shell),
    ...before,
    words('ask_parts', String(seconds), ...parts),
    '',
  ].join('\n');

/** Milliseconds after which such a question has failed as a whole: each part that hangs is waited for a second more. */
export const partsDeadline = ({ parts, seconds }: PartsQuestion): number =>
  (seconds + 2 * parts.length + 15) * 1000;

/** What a host has answered. */
export interface PartsSaid {
  /** Rows that parts have printed, by their first field, without it. */
  readonly of: (tag: string) => readonly (readonly string[])[];
  /** Rows of what stands before the parts. */
  readonly before: readonly (readonly string[])[];
  /** Functions that came to their end. */
  readonly ended: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, TextSaid>;
}

/**
 * Reads such an answer; one without its last row broke off, and is not used at all. `mask`: what of the texts may be
 * shown.
 */
export const readParts = (text: string, mask: (text: string) => string): Result<PartsSaid, string> => {
  const told = toldRows(text);
  if (!told.ok) return told;
  const rows = told.value;
  const whole = rows.flatMap((row) => (row.length > 1 && row.at(-1) === '.' ? [row.slice(0, -1)] : []));
  const of = (tag: string) => whole.flatMap(([name, ...fields]) => (name === tag ? [fields] : []));
  return ok({
    of,
    before: rows.filter((row) => row.at(-1) !== '.'),
    ended: new Set(of('part').map(([name = '']) => name)),
    texts: textsOf(of('text'), mask),
  });
};
