import type { Content } from '../../core/content.ts';
import { revealedText } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import type { Observation } from '../look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { inTheWay } from '../path/in-the-way.ts';
import { askText, askUnless, pathLook } from '../path/look.ts';
import type { FileState, Ownership, PathState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import type { Detail, Diff, DiffContext, Resource } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
import { shownText } from './shown-text.ts';
import { FILE_DEADLINE } from './step.ts';

export interface FileSpec {
  /** Absolute path. */
  readonly path: string;
  /** The whole text, or how it follows from the machine's facts. */
  readonly content: Content | ((facts: Facts) => Content);
  /** Four octal digits; 0644 unless given. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** A regular file with exactly this text, owner and mode. */
export const file = (spec: FileSpec): Resource => {
  const path = checkedPath(spec.path);
  const wanted: Ownership = {
    mode: spec.mode ?? '0644',
    owner: spec.owner ?? 'root',
    group: spec.group ?? 'root',
  };
  const { content } = spec;
  return {
    kind: 'file',
    id: `file:${path}`,
    title: `file ${path}`,
    file: { path, mode: wanted.mode, content },
    asks: [typeof content === 'function' ? askText(path) : askUnless(path, content)],
    provides: [{ type: 'path', path }],
    leaves: (host) => {
      const text = revealedText(typeof content === 'function' ? content(host.facts) : content, host.reveal);
      host.putText(path, text, wanted);
    },
    diff: (seen, context) =>
      diffFile(seen, path, typeof content === 'function' ? content(seen.facts) : content, wanted, context),
  };
};

const diffFile = (
  seen: Observation,
  path: string,
  content: Content,
  wanted: Ownership,
  context: DiffContext,
): Diff => {
  const now = pathLook.seen(seen, path);
  if (!now) return pathLook.unseen(seen, path);
  if (now.type === 'file' && now.sha256 === context.digest(content)) {
    return changeOr(ownershipDetails(now, wanted), {
      action: 'update',
      steps: [{ step: 'set-ownership', path, ...wanted, deadline: FILE_DEADLINE }],
    });
  }
  if (now.type === 'directory' || now.type === 'other') return inTheWay(path, 'is not a file');
  if (now.type === 'file' && now.sha256 === undefined) {
    return { state: 'unknown', reason: `${path} could not be read` };
  }
  const { text, differing } = shownText(now, content, context);
  return {
    state: 'change',
    change: {
      action: now.type === 'absent' ? 'create' : 'update',
      details: [...differing.map(differs), ...otherDetails(now, wanted)],
      text,
      steps: [{ step: 'put-file', path, ...wanted, content, seen: stateWord(now), deadline: FILE_DEADLINE }],
    },
  };
};

/** Whether it tells of a secret whose value differs. */
export const isOfSecret = ({ name, before, after }: Detail): boolean =>
  before === null && after === null && name.startsWith('the value of ');

const differs = (secret: string): Detail => ({
  name: `the value of ${secret} differs`,
  before: null,
  after: null,
});

const otherDetails = (now: PathState, wanted: Ownership): Detail[] => {
  if (now.type === 'link') return detail('type', `link to ${now.target}`, 'file');
  return now.type === 'file' ? ownershipDetails(now, wanted) : detail('mode', null, wanted.mode);
};

const ownershipDetails = (now: FileState, wanted: Ownership): Detail[] => [
  ...detail('mode', now.mode, wanted.mode),
  ...detail('owner', `${now.owner}:${now.group}`, `${wanted.owner}:${wanted.group}`),
];
