import type { Next } from '../../core/next.ts';
import { look as lookAt, shellOnHost } from '../../core/next.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import { checkedPath } from '../path/checked-path.ts';
import type { Resource, Violation } from '../resource.ts';
import { SAME } from '../resource.ts';
import type { MountState } from './look.ts';
import { askMount, mountLook } from './look.ts';
import { STORAGE_DEADLINE } from './step.ts';

export interface StorageMountSpec {
  /** As the inventory calls it. */
  readonly name: string;
  readonly target: string;
  /** What the kernel may call its type once it is mounted: `nfs`, `nfs4`. */
  readonly fstypes: readonly string[];
  /** As people read it: `nas:/export`. */
  readonly source: string;
  /** Whether what is mounted comes from there; of what the kernel does not tell (ceph-fuse) it is taken as it is. */
  readonly isSource: (source: string) => boolean;
}

/**
 * A file system of another machine that is mounted now, of the type and from the source that are wanted. One that does
 * not answer is told, and no obstacle to anything else: nothing is done to it, as what works on it would lose its files.
 */
export const storageMount = (spec: StorageMountSpec): Resource => {
  const target = checkedPath(spec.target);
  const { fstypes } = spec;
  return {
    kind: 'storage',
    id: `storage:${target}`,
    title: `storage ${spec.name} at ${target}`,
    asks: [askMount(target)],
    provides: [{ type: 'mounted', target }],
    after: [{ type: 'packages' }],
    leaves: (host) =>
      host.put(mountLook, target, {
        ...{ source: spec.source, fstype: fstypes[0] ?? '', options: [], users: [] },
        ...{ bytes: 0, freeBytes: 0 },
      }),
    diff: (seen) => {
      const now = mountLook.seen(seen, target);
      if (now === undefined) return mountLook.unseen(seen, target);
      if (now === null) {
        return {
          state: 'change',
          change: {
            action: 'run',
            details: [{ name: 'mounted', before: null, after: `${fstypes[0]} (${spec.source})` }],
            steps: [{ step: 'mount-storage', target, fstypes, deadline: STORAGE_DEADLINE }],
          },
        };
      }
      if (!isMountOf(spec, now)) return { state: 'violated', violation: another(spec, now) };
      if (now.trouble === undefined) return SAME;
      const message = deadMessage(spec, now.trouble);
      return { state: 'violated', violation: { message, next: deadNext(spec), severity: 'warn' } };
    },
  };
};

/** Whether what is mounted is of the type and from the source that are wanted. */
export const isMountOf = (
  { fstypes, isSource }: StorageMountSpec,
  now: Pick<MountState, 'fstype' | 'source'>,
): boolean => fstypes.includes(now.fstype) && isSource(now.source);

/** What is told where something else is mounted. */
export const another = (
  { target, name, fstypes, source }: StorageMountSpec,
  now: Pick<MountState, 'fstype' | 'source'>,
): Violation & { readonly next: Next[] } => ({
  message: `${now.fstype} (${maskOutput(now.source)}) is mounted at ${target}, wanted is ${name}: ${fstypes[0]} (${source})`,
  next: [
    lookAt('see which of the two is right: sectors may have been written to what is there'),
    shellOnHost(`umount ${target}`, 'where the inventory is right, and nothing works there any more'),
  ],
  severity: 'enforce',
});

/** What is told of a storage that is mounted and does not answer. */
export const deadMessage = (
  { name, target, source }: Pick<StorageMountSpec, 'name' | 'target' | 'source'>,
  trouble: string,
): string => `storage ${name} (${source}) is mounted at ${target} and ${trouble}`;

/** What helps: never done, as nobody but the operator knows what works there. */
export const deadNext = ({ target }: Pick<StorageMountSpec, 'target'>): Next[] => [
  lookAt(
    'see that its server is up and that the host reaches it: most come back by themselves; df, ls and stat hang until then',
  ),
  shellOnHost(
    `umount -l ${target}`,
    'only where it is given up, and the workers that write there have been ended (what they write after it goes to ' +
      "the host's own disk): the next deploy mounts it anew. Then",
  ),
];
