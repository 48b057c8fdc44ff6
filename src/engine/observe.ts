import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { factsCall, factsShell, parseFacts } from '../resources/facts/facts.ts';
import type { Observation } from '../resources/observation.ts';
import { observeCalls, parseRows } from '../resources/probes/all.ts';
import type { Task } from '../resources/resource.ts';
import lockShell from './look-lock.sh';

/** What one look at a host brought back: the observation, and who is changing the host right now. */
export interface Look {
  readonly seen: Observation;
  /** Text of the lock where another run holds it. */
  readonly lockedBy: string | null;
}

/** The one read-only script that looks at everything the tasks need, facts included. */
export const observeScript = (tasks: readonly Task[]): string => {
  const probes = tasks.flatMap((task) => task.resources.flatMap((resource) => resource.probes));
  return ['set -u +e', factsShell, factsCall, observeCalls(probes), lockShell, "printf 'end\\n'", ''].join(
    '\n',
  );
};

/** Reads what `observeScript` printed. An answer without its end row broke off and is not used at all. */
export const parseLook = (text: string): Result<Look, string> => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  if (rows.at(-1)?.[0] !== 'end') return err('the answer of the host broke off before its end');
  const facts = parseFacts(rows);
  if (!facts.ok) return facts;
  const lockedBy = rows.find(([tag]) => tag === 'lock')?.[1] ?? null;
  return ok({ seen: { facts: facts.value, ...parseRows(rows) }, lockedBy });
};
