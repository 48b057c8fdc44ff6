import type { Content } from '../../core/content.ts';
import { maskedText, secretsIn } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import { MASK } from '../../core/secret.ts';
import type { Observation } from '../look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { inTheWay } from '../path/in-the-way.ts';
import { askText, askUnless, pathLook } from '../path/look.ts';
import type { FileState, Ownership, PathState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import type { Detail, Diff, DiffContext, Resource, TextChange } from '../resource.ts';
import { changeOr, detail } from '../resource.ts';
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
    diff: (seen, context) =>
      diffFile(seen, path, typeof content === 'function' ? content(seen.facts) : content, wanted, context),
  };
};

const diffFile = (
  seen: Observation,
  path: string,
  content: Content,
  wanted: Ownership,
  { digest }: DiffContext,
): Diff => {
  const now = pathLook.seen(seen, path);
  if (!now) return pathLook.unseen(seen, path);
  if (now.type === 'file' && now.sha256 === digest(content)) {
    return changeOr(ownershipDetails(now, wanted), {
      action: 'update',
      steps: [{ step: 'set-ownership', path, ...wanted, deadline: FILE_DEADLINE }],
    });
  }
  if (now.type === 'directory' || now.type === 'other') return inTheWay(path, 'is not a file');
  if (now.type === 'file' && now.sha256 === undefined) {
    return { state: 'unknown', reason: `${path} could not be read` };
  }
  const text = shownChange(now, content);
  return {
    state: 'change',
    change: {
      action: now.type === 'absent' ? 'create' : 'update',
      details: [...secretOnly(text, content), ...otherDetails(now, wanted)],
      text,
      steps: [{ step: 'put-file', path, ...wanted, content, seen: stateWord(now), deadline: FILE_DEADLINE }],
    },
  };
};

const otherDetails = (now: PathState, wanted: Ownership): Detail[] => {
  if (now.type === 'link') return detail('type', `link to ${now.target}`, 'file');
  return now.type === 'file' ? ownershipDetails(now, wanted) : detail('mode', null, wanted.mode);
};

const ownershipDetails = (now: FileState, wanted: Ownership): Detail[] => [
  ...detail('mode', now.mode, wanted.mode),
  ...detail('owner', `${now.owner}:${now.group}`, `${wanted.owner}:${wanted.group}`),
];

/** Masked, both texts may read the same. */
const secretOnly = (text: TextChange, content: Content): Detail[] =>
  text.before === text.after ? detail('secret', 'another value', secretsIn(content).join(', ')) : [];

/**
 * Both texts as they may be shown. The wanted text shows the mask for each secret; of the present text, which
 * may hold a secret that nobody here knows, a line is shown only where the wanted text has the same line, and
 * else no further than its first `=`.
 */
const shownChange = (now: PathState, content: Content): TextChange => {
  const after = maskedText(content);
  if (now.type !== 'file') return { before: null, after };
  if (now.text === undefined) return { before: null, after, reason: 'the present file is too large to show' };
  if (secretsIn(content).length === 0) return { before: now.text, after };
  const known = new Set(after.split('\n').filter((line) => !line.includes(MASK)));
  const hide = (line: string) => (known.has(line) ? line : `${line.slice(0, line.indexOf('=') + 1)}${MASK}`);
  return { before: now.text.split('\n').map(hide).join('\n'), after };
};
