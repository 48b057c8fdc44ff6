import { GRUB } from '../../core/distributions.ts';
import { edit } from '../../core/next.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { words } from '../../core/shell.ts';
import type { GuardState } from '../guard/look.ts';
import { askGuard, BARE_STATUS, guardLook } from '../guard/look.ts';
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
  | {
      readonly state: 'known';
      /** Why it has to be written anew, null where it has not. */
      readonly owed: string | null;
      /** The file that sets the arguments after /etc/default/grub, without ours. */
      readonly shadowedBy: string | null;
    }
  /** This host is not started by GRUB, or in a way that is not for us. */
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'unread'; readonly output: string };

const parseState = ({ status, output }: GuardState): GrubState => {
  const text = output.trim();
  // A host that is only thought of, and whose boot loader nobody has written yet.
  if (status === BARE_STATUS) return { state: 'known', owed: 'not written yet', shadowedBy: null };
  const [first = '', second = ''] = text.split('\n');
  const [state = '', ...rest] = first.split(' ');
  const why = rest.join(' ');
  const shadowedBy = second.startsWith('shadowed ') ? second.slice('shadowed '.length) : null;
  switch (state) {
    case 'none':
      return { state, why };
    case 'same':
      return { state: 'known', owed: null, shadowedBy };
    case 'owed':
      return { state: 'known', owed: why, shadowedBy };
    default:
      return { state: 'unread', output: text };
  }
};

/**
 * The boot loader's own configuration has the arguments for every kernel of this machine but the rescue ones. Owed
 * where it lacks them, and where /etc/default/grub changes in this run; then it is written anew. Where another file
 * takes the arguments away again, that is said before anything is written.
 */
export const grubConfig = (spec: GrubSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  const { program, maker, config, efiLink, variable } = GRUB[spec.family];
  const call = words('grub_config_state', program, maker, config, efiLink, variable, ...wanted);
  const name = `grub.cfg ${wanted.join(' ')}`;
  return {
    kind: 'grub-config',
    id: `grub-config:${nameOfMany(wanted)}`,
    title: `grub-config ${nameOfMany(wanted)}`,
    asks: [askGuard(name, `${commonShell}${stateShell}${call}`)],
    needs: [{ type: 'boot-settings' }, { type: 'path', path: GRUB_DEFAULTS }],
    leaves: (host) => host.put(guardLook, name, { status: 0, output: 'same\n' }),
    manages: [],
    diff: (seen, { pending }) => {
      const guard = guardLook.seen(seen, name);
      if (!guard) return guardLook.unseen(seen, name);
      const now = parseState(guard);
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
      if (now.state === 'unread') return { state: 'unknown', reason: maskOutput(now.output) };
      const changing = pending({ type: 'boot-settings' }) || pending({ type: 'path', path: GRUB_DEFAULTS });
      const why = now.owed ?? (changing ? `${GRUB_DEFAULTS} changes in this run` : null);
      if (why !== null && now.shadowedBy !== null) {
        return {
          state: 'violated',
          violation: {
            message: `${now.shadowedBy} sets ${variable} anew: what ${GRUB_DEFAULTS} has of it reaches no kernel`,
            next: [
              edit(
                `write ${wanted.join(' ')} there too, or make it ${variable}="$${variable} …", then run again`,
              ),
            ],
            severity: 'enforce',
          },
        };
      }
      return changeOr(detail('grub.cfg', why, why === null ? null : 'written anew'), {
        action: 'run',
        steps: [{ step: 'update-grub', family: spec.family, arguments: wanted, deadline: GRUB_DEADLINE }],
      });
    },
  };
};
