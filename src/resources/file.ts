import type { Facts } from '../core/facts.ts';
import type { Secret } from '../core/secret.ts';
import { MASK, secretForms } from '../core/secret.ts';
import { sha256 } from '../core/sha256.ts';
import { words } from '../core/shell.ts';
import type { FileState, Observation, PathState } from './observation.ts';
import { unseen } from './observation.ts';
import { checkedPath } from './path.ts';
import type { Diff, Resource, TextChange } from './resource.ts';
import { changeOr, detail, inTheWay } from './resource.ts';
import type { FileAttributes } from './steps.ts';
import { putFile } from './steps.ts';

export interface FileSpec {
  /** Absolute path. */
  readonly path: string;
  /** The whole text, or how it follows from the machine's facts. */
  readonly text: string | ((facts: Facts) => string);
  /** Four octal digits; 0644 unless given. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  /** Secrets that stand in the text: they and all that replaces them is masked in diffs. */
  readonly secrets?: readonly Secret[];
}

/** A regular file with exactly this text, owner and mode. */
export const file = (spec: FileSpec): Resource => {
  const path = checkedPath(spec.path);
  const wanted: FileAttributes = {
    mode: spec.mode ?? '0644',
    owner: spec.owner ?? 'root',
    group: spec.group ?? 'root',
  };
  const fixed = typeof spec.text === 'string' ? spec.text : undefined;
  return {
    id: `file:${path}`,
    file: { path, mode: wanted.mode, text: spec.text },
    probes: [
      fixed === undefined
        ? { probe: 'path', path, text: 'always' }
        : { probe: 'path', path, text: 'unless', sha256: sha256(fixed) },
    ],
    diff: (seen) => {
      const text = fixed ?? (typeof spec.text === 'string' ? spec.text : spec.text(seen.facts));
      return diffFile(seen, path, text, wanted, spec.secrets ?? []);
    },
  };
};

const diffFile = (
  seen: Observation,
  path: string,
  text: string,
  wanted: FileAttributes,
  secrets: readonly Secret[],
): Diff => {
  const now = seen.paths.get(path);
  if (!now) return unseen(seen, `path ${path}`);
  const sum = sha256(text);
  if (now.type === 'file' && now.sha256 === sum) {
    return changeOr(ownershipDetails(now, wanted), {
      action: 'update',
      step: words('set_ownership', path, wanted.mode, wanted.owner, wanted.group),
    });
  }
  if (now.type === 'directory' || now.type === 'other') {
    return inTheWay(path, 'is not a file');
  }
  if (now.type === 'file' && now.sha256 === undefined) {
    return { state: 'unknown', reason: `${path} could not be read` };
  }
  const masked = maskText(now, text, secrets);
  // Masked, both texts may read the same.
  const secretOnly =
    masked.before === masked.after
      ? detail('secret', 'another value', secrets.map(({ name }) => name).join(', '))
      : [];
  return {
    state: 'change',
    change: {
      action: now.type === 'absent' ? 'create' : 'update',
      details: [
        ...secretOnly,
        ...(now.type === 'link'
          ? detail('type', `link to ${now.target}`, 'file')
          : now.type === 'file'
            ? ownershipDetails(now, wanted)
            : detail('mode', null, wanted.mode)),
      ],
      text: masked,
      step: putFile(path, text, wanted, now),
    },
  };
};

const ownershipDetails = (now: FileState, wanted: FileAttributes) => [
  ...detail('mode', now.mode, wanted.mode),
  ...detail('owner', `${now.owner}:${now.group}`, `${wanted.owner}:${wanted.group}`),
];

/**
 * Both texts as they may be shown. The wanted text shows the mask for each secret; of the present text, which
 * may hold a secret that nobody here knows, a line is shown only where the wanted text has the same line, and
 * else no further than its first `=`.
 */
const maskText = (now: PathState, text: string, secrets: readonly Secret[]): TextChange => {
  const before = now.type === 'file' ? now.text : undefined;
  const unread = now.type === 'file' && before === undefined;
  const values = secrets
    .map((secret) => secret.reveal())
    .filter((value) => value !== '')
    .flatMap(secretForms);
  const mask = (line: string) => values.reduce((masked, value) => masked.replaceAll(value, MASK), line);
  const after = mask(text);
  if (unread) return { before: null, after, reason: 'the present file is too large to show' };
  if (before === undefined) return { before: null, after };
  if (values.length === 0) return { before, after };
  const known = new Set(text.split('\n').filter((line) => mask(line) === line));
  const hide = (line: string) => (known.has(line) ? line : `${line.slice(0, line.indexOf('=') + 1)}${MASK}`);
  return { before: before.split('\n').map(hide).join('\n'), after };
};
