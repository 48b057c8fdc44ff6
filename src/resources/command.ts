import { words } from '../core/shell.ts';
import { checkedScript } from './names.ts';
import { unseen } from './observation.ts';
import type { Resource } from './resource.ts';
import { detail } from './resource.ts';

export interface CommandSpec {
  readonly name: string;
  /** Read-only bash; status 0: nothing to do. 126 and 127, a program that is not there, say nothing. */
  readonly guard: string;
  /** Bash that makes the guard succeed. */
  readonly run: string;
}

/** For what no other kind can say: a command that runs where its guard does not succeed, and has to make it. */
export const command = ({ name, guard, run }: CommandSpec): Resource => {
  if (!/^[^\t\n]+$/.test(name)) throw new RangeError(`not a name: ${JSON.stringify(name)}`);
  return {
    id: `command:${name}`,
    probes: [{ probe: 'guard', name, script: guard }],
    diff: (seen) => {
      const now = seen.guards.get(name);
      if (!now) return unseen(seen, `guard ${name}`);
      if (now.status === 0) return { state: 'same' };
      const first = now.output.trim().split('\n')[0] ?? '';
      if (now.status === 126 || now.status === 127) {
        return { state: 'unknown', reason: `the check cannot run (status ${now.status}): ${first}` };
      }
      return {
        state: 'change',
        change: {
          action: 'run',
          details: detail('check', `status ${now.status}${first && `: ${first}`}`, 'status 0'),
          step: `${words('run_guarded', name)} 3<<'FCOPS_GUARD' 4<<'FCOPS_RUN'\n${checkedScript(guard)}\nFCOPS_GUARD\n${checkedScript(run)}\nFCOPS_RUN`,
        },
      };
    },
  };
};
