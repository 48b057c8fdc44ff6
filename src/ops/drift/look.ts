import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { stateIn } from '../../engine/kept/kept.ts';
import type { Query } from '../../engine/query.ts';
import baseShell from '../../resources/base.sh';
import type { KeptState } from '../../resources/kept/kept.ts';
import shell from './look.sh';

/** Milliseconds to read what runs keep, and to look at what they left. */
const DEADLINE = 60_000;

/** What the last run that changed something left there, and what is there now. */
export interface Left {
  /** `r-20261122T103000Z-x7k2q` */
  readonly run: string;
  readonly left: KeptState;
  /** Of a path; null for what is none. */
  readonly now: KeptState | null;
}

/** What a host keeps of what runs have left on it. */
export interface LeftOnHost {
  /** False: fcops has never deployed anything there. */
  readonly isDeployed: boolean;
  /** By key (`KeptChange`); of what no run that is kept has changed there is nothing. */
  readonly byKey: ReadonlyMap<string, Left>;
}

/** Asks a host what its runs have left of these. */
export const leftQuery = (keys: readonly string[]): Query<LeftOnHost> => ({
  name: 'what runs have left on it',
  script: `set -u +e\n${baseShell}\n${shell}${words('fcops_drift', ...keys)}`,
  parse: parseLeft,
  deadline: DEADLINE,
});

/** Letters of the name of a run; another one behind it says which of its steps it were. */
const RUN_LENGTH = 'r-20261122T103000Z-x7k2q'.length;

/** Reads the answer of look.sh; whether it is whole is said by its last line. */
export const parseLeft = (text: string): Result<LeftOnHost, string> => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  if (rows.at(-1)?.[0] !== 'end') return err('the answer is not whole');
  const byKey = new Map(
    rows.flatMap(([tag, key, run, ...fields]): [string, Left][] => {
      if (tag !== 'left' || key === undefined || run === undefined || fields.length !== 12) return [];
      const now = key.startsWith('/') ? stateIn(fields.slice(8)) : null;
      return [[key, { run: run.slice(0, RUN_LENGTH), left: stateIn(fields.slice(4, 8)), now }]];
    }),
  );
  return ok({ isDeployed: rows.some(([tag]) => tag === 'stamp') || byKey.size > 0, byKey });
};
