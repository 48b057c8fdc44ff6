import { shellOnHost } from '../../core/next.ts';
import { maskOthers, oursOf } from '../../core/others-secrets.ts';
import { editableText, linesOf } from '../edits/edits.ts';
import { putText } from '../file/put-text.ts';
import { FILE_DEADLINE } from '../file/step.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askPath, askText, pathLook } from '../path/look.ts';
import type { FileState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import type { Diff, DiffContext, LineChange, Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import type { Splice, TomlKey, TomlProblem } from './edit-toml.ts';
import { spliced, tomlEdits } from './edit-toml.ts';

export interface TomlKeysSpec {
  /** A file that others write too. */
  readonly path: string;
  readonly keys: readonly TomlKey[];
  /** What makes the file: where `sign` is not there it has not done so yet, and `message` says what is waited for. */
  readonly waitsFor: { readonly sign: string; readonly message: string };
}

/**
 * Keys of a TOML file, each with its value; comments, order and every key that is not named stay byte for byte. A file
 * that its program has not made yet is waited for: what is put there before would be in its way.
 */
export const tomlKeys = (spec: TomlKeysSpec): Resource => {
  const path = checkedPath(spec.path);
  const { sign, message } = spec.waitsFor;
  return {
    kind: 'toml',
    id: `toml:${path}`,
    title: `keys of ${path}`,
    asks: [askText(path), askPath(checkedPath(sign))],
    provides: [{ type: 'path', path }],
    leaves: (host) => {
      host.putPath(sign, { type: 'directory', mode: '0755', owner: 'root', group: 'root' });
      const text = host.textOf(path);
      const edits = tomlEdits(text, spec.keys);
      if (edits.ok) host.putText(path, spliced(text, edits.value));
    },
    manages: spec.keys.map((key) => `key ${key.path.join('.')} of ${path}`),
    diff: (seen, context) => {
      const now = editableText(seen, path);
      if (!now.ok) return now.error;
      if (now.value === null) {
        const made = pathLook.seen(seen, sign);
        if (!made) return pathLook.unseen(seen, sign);
        if (made.type === 'absent') return { state: 'violated', violation: { message, severity: 'warn' } };
      }
      const text = now.value?.text ?? '';
      const edits = tomlEdits(text, spec.keys);
      if (!edits.ok) return notEditable(path, edits.error);
      if (edits.value.length === 0 && now.value !== null) return SAME;
      return changeOf(path, text, now.value?.state, edits.value, spec.keys, context);
    },
  };
};

const notEditable = (path: string, { message, line }: TomlProblem): Diff => ({
  state: 'violated',
  violation: {
    message: `${path}${line === undefined ? '' : `:${line}`}: ${message}; nothing of it is changed`,
    next: [shellOnHost(`vi ${path}`, 'correct it')],
    severity: 'enforce',
  },
});

const changeOf = (
  path: string,
  text: string,
  now: FileState | undefined,
  splices: readonly Splice[],
  keys: readonly TomlKey[],
  { showReplaced = false }: Pick<DiffContext, 'showReplaced'>,
): Diff => {
  const after = spliced(text, splices);
  if (!now) {
    const step = putText(path, after, undefined);
    return {
      state: 'change',
      change: { action: 'create', details: [], text: { before: null, after }, steps: [step] },
    };
  }
  const { mode, owner, group } = now;
  // A value that a key of ours has is no secret; what else stands on its line may be one.
  const ours = oursOf(keys.map(({ path: own, value }) => `${own.at(-1)}=${value}`).join('\n'));
  const shown = (line: string | null) => (line === null || showReplaced ? line : maskOthers(line, ours));
  return {
    state: 'change',
    change: {
      action: 'update',
      details: [],
      lines: splices
        .toSorted((a, b) => a.start - b.start)
        .flatMap((splice) => linesOfSplice(text, splice))
        .map((one) => ({ ...one, before: shown(one.before), after: shown(one.after) })),
      steps: [
        {
          step: 'rewrite-file',
          path,
          mode,
          owner,
          group,
          text: after,
          seen: stateWord(now),
          deadline: FILE_DEADLINE,
        },
      ],
    },
  };
};

/** What a splice does, line by line, with what else stands on its lines. */
const linesOfSplice = (text: string, { start, end, text: put }: Splice): LineChange[] => {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const to = newline < 0 ? text.length : newline;
  const line = text.slice(0, from).split('\n').length;
  const present = bare(text.slice(from, to));
  // Whole new lines, behind the one that they are put after.
  const isNew = start === end && /^\r?\n|\n$/.test(put);
  if (isNew) {
    const at = present === '' ? line : line + 1;
    return linesOf(put.replace(/^\r?\n/, '')).map((added) => ({
      line: at,
      before: null,
      after: bare(added),
    }));
  }
  const wanted = bare(`${text.slice(from, start)}${put}${text.slice(end, to)}`);
  return [{ line, before: present.split('\n', 1)[0] ?? '', after: wanted }];
};

const bare = (line: string): string => line.replace(/\r$/, '');
