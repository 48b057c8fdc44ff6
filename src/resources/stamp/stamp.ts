import { contentOf } from '../../core/content.ts';
import type { Next } from '../../core/next.ts';
import { fcopsCommand } from '../../core/next.ts';
import { file } from '../file/file.ts';
import type { Observation } from '../look.ts';
import { askText, pathLook } from '../path/look.ts';
import type { Resource } from '../resource.ts';

/** Whose a host is: written by a deploy, kept with what fcops keeps on hosts. */
export const STAMP_FILE = '/var/lib/fcops/stamp';

export interface StampSpec {
  /** `f0494733` */
  readonly miner: string;
  /** Name of the host in its cluster. */
  readonly name: string;
}

/** How whose a host is comes to be said. */
export interface Stamping extends StampSpec {
  /** Whether a host of another miner is taken over: only where somebody has asked for that host by name. */
  readonly adopt?: boolean;
}

/** What a stamp says; undefined for a text that is none. */
export const readStamp = (text: string): StampSpec | undefined => {
  const [, miner, name] = /^miner: (\S+)\nhost: (\S+)\n$/.exec(text) ?? [];
  return miner === undefined || name === undefined ? undefined : { miner, name };
};

/** Another miner's stamp on a host of this miner; undefined where it carries none. */
export const otherStamp = (seen: Observation, miner: string): StampSpec | undefined => {
  const now = pathLook.seen(seen, STAMP_FILE);
  const stamped = now?.type === 'file' && now.text !== undefined ? readStamp(now.text) : undefined;
  return stamped?.miner === miner ? undefined : stamped;
};

/** What is said of a host that carries the stamp of another miner. */
export interface Belonging {
  readonly message: string;
  readonly next: readonly Next[];
}

/** The same, in the words of the miner that takes it for its own. */
export const belongsTo = (other: StampSpec, { miner, name }: StampSpec): Belonging => ({
  message: `the host belongs to ${other.miner}, where it is ${other.name} (${STAMP_FILE})`,
  next: [
    fcopsCommand(
      ['adopt', name, '--miner', miner],
      `correct its address; or, where ${other.miner} has given it up`,
    ),
  ],
});

/** What is looked at for it. */
export const askStamp = askText(STAMP_FILE);

/**
 * The host is stamped with its miner and name. One that is stamped by another miner is refused before anything is
 * changed: two clusters that both take a machine for theirs would change it back and forth.
 */
export const stamp = ({ miner, name, adopt = false }: Stamping): Resource => {
  const inner = file({ path: STAMP_FILE, content: contentOf(`miner: ${miner}\nhost: ${name}\n`) });
  return {
    kind: 'stamp',
    id: 'stamp:host',
    title: 'stamp of the host',
    asks: [askStamp],
    leaves: (host) => inner.leaves?.(host),
    manages: [],
    diff: (seen, context) => {
      const other = otherStamp(seen, miner);
      if (!other || adopt) return inner.diff(seen, context);
      return {
        state: 'violated',
        violation: { ...belongsTo(other, { miner, name }), severity: 'enforce' },
      };
    },
  };
};
