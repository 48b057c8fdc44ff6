import { shellOnHost } from '../../core/next.ts';
import { checkedPath } from '../path/checked-path.ts';
import type { Resource } from '../resource.ts';
import { detail } from '../resource.ts';
import { askMount, mountLook } from './look.ts';
import { MOUNT_DEADLINE } from './step.ts';

export interface MountedSpec {
  readonly target: string;
  readonly fstype: string;
  /** Arguments (`hugepagesz=1G`) that the running kernel needs before this can be mounted. */
  readonly kernelArguments?: readonly string[];
}

/** A directory with its file system mounted now, as /etc/fstab says. */
export const mounted = (spec: MountedSpec): Resource => {
  const target = checkedPath(spec.target);
  return {
    kind: 'mounted',
    id: `mounted:${target}`,
    title: `mounted ${target}`,
    asks: [askMount(target)],
    provides: [{ type: 'mounted', target }],
    diff: (seen) => {
      const now = mountLook.seen(seen, target);
      if (now === undefined) return mountLook.unseen(seen, target);
      if (now?.fstype === spec.fstype) return { state: 'same' };
      if (now !== null) {
        return {
          state: 'violated',
          violation: {
            message: `a ${now.fstype} (${now.source}) is mounted at ${target}, wanted is ${spec.fstype}`,
            next: [shellOnHost(`umount ${target}`)],
            severity: 'enforce',
          },
        };
      }
      const lacking = (spec.kernelArguments ?? []).filter((one) => !seen.facts.kernelArguments.includes(one));
      if (lacking.length > 0) {
        return {
          state: 'reboot',
          reason: `${target} can be mounted when the kernel runs with ${lacking.join(' ')}`,
        };
      }
      return {
        state: 'change',
        change: {
          action: 'run',
          details: detail('mounted', null, spec.fstype),
          steps: [{ step: 'mount', target, fstype: spec.fstype, deadline: MOUNT_DEADLINE }],
        },
      };
    },
  };
};
