import { maskOutput } from '../../core/others-secrets.ts';
import { askGuard, guardLook } from '../guard/look.ts';
import { checkedScript } from '../names.ts';
import type { Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import { COMMAND_DEADLINE } from './step.ts';

export interface CommandSpec {
  readonly name: string;
  /** Read-only bash; status 0: nothing to do. 126 and 127, a program that is not there, say nothing. */
  readonly guard: string;
  /** Bash that makes the guard succeed. */
  readonly run: string;
  /** Seconds; an hour unless given. */
  readonly deadline?: number;
}

/** For what no other kind can say: a command that runs where its guard does not succeed, and has to make it. */
export const command = ({ name, guard, run, deadline = COMMAND_DEADLINE }: CommandSpec): Resource => {
  if (!/^[^\t\n]+$/.test(name)) throw new RangeError(`not a name: ${JSON.stringify(name)}`);
  checkedScript(guard);
  checkedScript(run);
  return {
    kind: 'command',
    id: `command:${name}`,
    title: name,
    asks: [askGuard(name, guard)],
    leaves: (host) => host.put(guardLook, name, { status: 0, output: '' }),
    diff: (seen) => {
      const now = guardLook.seen(seen, name);
      if (!now) return guardLook.unseen(seen, name);
      if (now.status === 0) return SAME;
      const first = maskOutput(now.output.trim().split('\n')[0] ?? '');
      if (now.status === 126 || now.status === 127) {
        return { state: 'unknown', reason: `the check cannot run (status ${now.status}): ${first}` };
      }
      const fails = now.status === 1 ? 'fails' : `fails with status ${now.status}`;
      return {
        state: 'change',
        change: {
          action: 'run',
          details: [{ name: 'its check', before: null, after: first === '' ? fails : `${fails}: ${first}` }],
          steps: [{ step: 'run-command', name, guard, run, deadline }],
        },
      };
    },
  };
};
