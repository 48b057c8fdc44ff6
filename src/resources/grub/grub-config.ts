import { edit } from '../../core/next.ts';
import { words } from '../../core/shell.ts';
import { askGuard, guardLook } from '../guard/look.ts';
import { nameOfMany } from '../names.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import commonShell from './common.sh';
import type { GrubSpec } from './grub-arguments.ts';
import { GRUB_DEFAULTS } from './grub-arguments.ts';
import { argumentsOf } from './kernel-line.ts';
import stateShell from './state.sh';
import { GRUB_DEADLINE } from './step.ts';

/** What state.sh says of GRUB's own configuration. */
type GrubState =
  | { readonly state: 'same' }
  | { readonly state: 'owed'; readonly why: string }
  /** This host is not started by GRUB, or in a way that is not for us. */
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'unread'; readonly output: string };

const parseState = (output: string): GrubState => {
  const text = output.trim();
  const [state = '', ...rest] = text.split(' ');
  const why = rest.join(' ');
  if (state === 'same') return { state };
  return state === 'owed' || state === 'none' ? { state, why } : { state: 'unread', output: text };
};

/**
 * The boot loader's own configuration has the arguments for every kernel but the rescue ones. Owed where it lacks
 * them, where it is older than /etc/default/grub, and where that changes in this run; then it is written anew.
 */
export const grubConfig = (spec: GrubSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  const name = `grub.cfg ${wanted.join(' ')}`;
  return {
    kind: 'grub-config',
    id: `grub-config:${nameOfMany(wanted)}`,
    title: `grub-config ${nameOfMany(wanted)}`,
    asks: [
      askGuard(name, `${commonShell}${stateShell}${words('grub_config_state', spec.family, ...wanted)}`),
    ],
    needs: [{ type: 'boot-settings' }, { type: 'path', path: GRUB_DEFAULTS }],
    diff: (seen, { pending }) => {
      const guard = guardLook.seen(seen, name);
      if (!guard) return guardLook.unseen(seen, name);
      const now = parseState(guard.output);
      if (now.state === 'none') {
        return {
          state: 'violated',
          violation: {
            message: now.why,
            next: [edit(`give the kernel ${wanted.join(' ')} in the way that this host is started`)],
            severity: 'warn',
          },
        };
      }
      if (now.state === 'unread') return { state: 'unknown', reason: now.output };
      const changing = pending({ type: 'boot-settings' }) || pending({ type: 'path', path: GRUB_DEFAULTS });
      const why = now.state === 'owed' ? now.why : changing ? `${GRUB_DEFAULTS} changes in this run` : null;
      return changeOr(detail('grub.cfg', why, why === null ? null : 'written anew'), {
        action: 'run',
        steps: [{ step: 'update-grub', family: spec.family, arguments: wanted, deadline: GRUB_DEADLINE }],
      });
    },
  };
};
