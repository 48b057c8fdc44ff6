import { escapeUnseen } from '../../core/invisible.ts';
import { ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import type { Query } from '../../engine/query.ts';
import { PROFILE } from '../../roles/miner-places.ts';
import minerShell from '../miner-says.sh';
import shell from './pause.sh';

/** What came of pausing workers at the miner, or of resuming them. */
export type Paused =
  | { readonly type: 'told'; readonly did: readonly string[]; readonly failed: readonly Refused[] }
  /** This lotus-miner has no such command. */
  | { readonly type: 'none'; readonly why: string };

interface Refused {
  readonly id: string;
  readonly why: string;
}

export type PauseCommand = 'worker-pause' | 'worker-resume';

const LONGEST_REASON = 300;

/** Milliseconds for each worker, and for the help before them. */
const DEADLINE = 22_000;

/**
 * Keeps workers from new tasks, or lets them have them again (handbook: lotus-miner worker-pause). It changes what the
 * miner has in its memory and nothing on a disk, and may be asked twice. `kind`: of tasks, as `--tt` names them.
 */
export const pauseQuery = (command: PauseCommand, ids: readonly string[], kind = 'all'): Query<Paused> => ({
  name: `what came of ${command}`,
  script: `${minerShell}\n${shell}\n${words('pause_workers', PROFILE, command, kind, ...ids)}\nprintf 'over\\n'\n`,
  parse: (text) => {
    const told = toldRows(text);
    if (!told.ok) return told;
    const rows = told.value;
    const none = rows.find(([tag]) => tag === 'none');
    if (none) return ok({ type: 'none', why: said(none[1]) });
    const of = (wanted: string) => rows.filter(([tag]) => tag === wanted);
    return ok({
      type: 'told',
      did: of('did').map(([, id = '']) => id),
      failed: of('failed').map(([, id = '', why]) => ({ id, why: said(why) })),
    });
  },
  deadline: DEADLINE * (ids.length + 1),
});

const said = (base64 = ''): string => {
  const lines = Buffer.from(base64, 'base64').toString('utf8').split('\n').filter(Boolean);
  return escapeUnseen((lines[0] ?? 'it says nothing').replace(/^ERROR: /, '').slice(0, LONGEST_REASON));
};

/** What a person types on the miner host to let workers have tasks again. */
export const resumeCommand = (ids: readonly string[]): string =>
  `source ${PROFILE}; ${ids.map((id) => `lotus-miner worker-resume --uuid ${id}`).join('; ')} (with --tt all where it asks for a task type)`;
