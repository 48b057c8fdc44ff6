import { shellOnHost } from '../../core/next.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { count, formatBytes, parseSize } from '../../core/units.ts';
import { checkedPath } from '../path/checked-path.ts';
import type { Detail, Diff, Resource } from '../resource.ts';
import { detail } from '../resource.ts';
import type { MountState } from './look.ts';
import { askMount, mountLook } from './look.ts';
import { MOUNT_DEADLINE } from './step.ts';

export interface MountedSpec {
  readonly target: string;
  readonly fstype: string;
  /** As in /etc/fstab. Of those that are sizes (`size=64G`) the live mount has to have the same value. */
  readonly options?: readonly string[];
  /** Arguments (`hugepagesz=1G`) that the running kernel needs before this can be mounted. */
  readonly kernelArguments?: readonly string[];
}

/**
 * A directory with its file system mounted now, as /etc/fstab says. What has another size is unmounted and mounted
 * anew, as a remount does not change it (hugetlbfs, Linux 6.1), where nobody uses it; else that is owed.
 */
export const mounted = (spec: MountedSpec): Resource => {
  const target = checkedPath(spec.target);
  const sizes = (spec.options ?? []).filter(isSize);
  const steps = [{ step: 'mount' as const, target, fstype: spec.fstype, sizes, deadline: MOUNT_DEADLINE }];
  return {
    kind: 'mounted',
    id: `mounted:${target}`,
    title: `mounted ${target}`,
    asks: [askMount(target, { fstype: spec.fstype, options: sizes })],
    provides: [{ type: 'mounted', target }],
    leaves: (host) =>
      host.put(mountLook, target, {
        ...{ source: 'none', fstype: spec.fstype, options: spec.options ?? [], users: [] },
        ...{ bytes: 0, freeBytes: 0 },
      }),
    diff: (seen) => {
      const now = mountLook.seen(seen, target);
      if (now === undefined) return mountLook.unseen(seen, target);
      if (now !== null && now.fstype !== spec.fstype) return another(target, now, spec.fstype);
      const differing = now === null ? detail('mounted', null, spec.fstype) : differencesOf(sizes, now);
      if (differing.length === 0) return { state: 'same' };
      const lacking = (spec.kernelArguments ?? []).filter((one) => !seen.facts.kernelArguments.includes(one));
      if (lacking.length > 0) {
        return {
          state: 'reboot',
          reason: `${target} can be mounted${now === null ? '' : ' anew'} when the kernel runs with ${lacking.join(' ')}`,
        };
      }
      if (now !== null && now.users.length > 0)
        return { state: 'reboot', reason: inUse(target, now, differing) };
      return {
        state: 'change',
        change: {
          action: 'run',
          details: differing,
          steps,
        },
      };
    },
  };
};

const another = (target: string, { fstype, source }: MountState, wanted: string): Diff => ({
  state: 'violated',
  violation: {
    message: `${fstype} (${maskOutput(source)}) is mounted at ${target}, wanted is ${wanted}`,
    next: [shellOnHost(`umount ${target}`)],
    severity: 'enforce',
  },
});

const isSize = (option: string): boolean =>
  option.includes('=') && parseSize(option.slice(option.indexOf('=') + 1)) !== null;

/** The value of an option, null where the mount has none. */
const sizeIn = (options: readonly string[], name: string): string | null => {
  const option = options.find((one) => one.startsWith(`${name}=`));
  return option === undefined ? null : option.slice(name.length + 1);
};

/** Sizes by their value: the kernel shows them in its own form (`size=68719476736` for 64G). */
const differencesOf = (sizes: readonly string[], { options }: MountState): Detail[] =>
  sizes.flatMap((option) => {
    const [name = ''] = option.split('=', 1);
    return detail(name, said(sizeIn(options, name)), said(sizeIn([option], name)));
  });

const said = (value: string | null): string => {
  if (value === null) return 'not set';
  const bytes = parseSize(value);
  return bytes === null ? value : formatBytes(bytes);
};

const inUse = (target: string, { users }: MountState, differing: readonly Detail[]): string => {
  const differences = differing.map(({ name, before, after }) => `${name} ${before}, wanted is ${after}`);
  const shown = users.slice(0, 5).map(({ pid, name }) => (pid === 0 ? name : `${pid} ${name}`));
  const more = users.length > 5 ? `, and ${users.length - 5} more` : '';
  return (
    `${target} is mounted with ${differences.join(', ')}; ${count(users.length, 'process uses', 'processes use')} it ` +
    `(${shown.join(', ')}${more}), and it cannot be mounted anew before they have ended or the machine is started anew`
  );
};
