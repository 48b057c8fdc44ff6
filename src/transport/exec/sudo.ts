import type { Writable } from 'node:stream';
import type { Problem } from '../../core/problem.ts';
import type { Secret } from '../../core/secret.ts';
import type { Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { type Elevation, SUDO_PROMPT } from './command.ts';
import { SUDO_SILENT, SUDO_WRONG_PASSWORD } from './not-started.ts';
import type { Input } from './pipe.ts';

/** Milliseconds for sudo to ask or to go ahead. */
const SUDO_DEADLINE = 30_000;

/** How scripts become root on a target, and what they need for it. */
export interface Sudo {
  readonly kind: Elevation;
  readonly input: Pick<Input, 'sudoPassword'>;
}

/** Root needs nothing; others take sudo, with the password where one is given. */
export const elevation = (target: Pick<Target, 'user' | 'sudoPassword'>): Sudo => {
  if (target.user === 'root') return { kind: 'none', input: {} };
  if (!target.sudoPassword) return { kind: 'sudo', input: {} };
  return { kind: 'sudo-password', input: { sudoPassword: target.sudoPassword } };
};

/**
 * Gives sudo the password when it asks, once; where it does not ask, the password never leaves this machine,
 * so that it cannot end up in what the script reads.
 */
export const answerSudo = (
  deps: Pick<TransportDeps, 'after'>,
  stdin: Writable,
  password: Secret,
  giveUp: (why: Problem) => void,
): { readonly read: (chunk: Buffer) => void; readonly done: () => void } => {
  let heard = '';
  let answered = false;
  const done = deps.after(SUDO_DEADLINE, () => giveUp(SUDO_SILENT));
  const read = (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    const at = heard.indexOf(SUDO_PROMPT);
    if (at < 0) {
      heard = heard.slice(-SUDO_PROMPT.length);
      return;
    }
    heard = heard.slice(at + SUDO_PROMPT.length);
    // Asking again means that it was wrong; each further try would count towards a lock-out.
    if (answered) return giveUp(SUDO_WRONG_PASSWORD);
    answered = true;
    stdin.write(`${password.reveal()}\n`);
    if (heard.includes(SUDO_PROMPT)) giveUp(SUDO_WRONG_PASSWORD);
  };
  return { read, done };
};
