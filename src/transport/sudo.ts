import type { Elevation } from './command.ts';
import type { Target } from './connection.ts';
import type { Input } from './running.ts';

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
