import { maskOthers } from '../../core/others-secrets.ts';
import { DIRECTORY_DEADLINE } from '../directory/step.ts';
import { FILE_DEADLINE } from '../file/step.ts';
import type { Step } from '../kinds.ts';
import { LINK_DEADLINE } from '../link/step.ts';
import type { Observation } from '../look.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askPath, askText, pathLook } from '../path/look.ts';
import type { PathState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import type { Change, Detail, Diff, DiffContext, Resource } from '../resource.ts';
import { detail, SAME } from '../resource.ts';
import type { KeptChange, KeptState } from './kept.ts';
import { copyOf } from './kept.ts';
import { lineDifference } from './lines.ts';
import { RESTORE_DEADLINE } from './step.ts';
import type { Undoing } from './undoing.ts';
import { changedSince, compareWith, copyGone, isState } from './undoing.ts';

const LINK = 'link:';

const isFile = ({ state }: KeptState): boolean => /^[0-9a-f]{64}$/.test(state);

/** The word for what a path was: file, link, directory. */
export const wordOf = (change: KeptChange): string => {
  const [{ state }] = [change.was.state === 'absent' ? (change.lefts.at(-1) ?? change.was) : change.was];
  if (state === 'directory') return 'directory';
  return state.startsWith(LINK) ? 'link' : 'file';
};

/**
 * A file, a link, or the mode of a directory as it was before a run: only where it still is as the run left it. What
 * was not there is taken away again; directories that a run made are a matter of their own (`keptDirectory`).
 */
export const keptPath = (change: KeptChange, undoing: Undoing): Resource => {
  const path = checkedPath(change.key);
  const { was, lefts } = change;
  const copy = isFile(was) ? copyOf(change) : null;
  const target = was.state.startsWith(LINK) ? targetOf(path, was.state.slice(LINK.length)) : null;
  return {
    kind: wordOf(change),
    id: `kept:${path}`,
    title: `${wordOf(change)} ${path}`,
    asks: [
      askText(path),
      ...(copy === null ? [] : [askText(checkedPath(copy))]),
      ...(target === null ? [] : [askPath(target)]),
    ],
    provides: [{ type: 'path', path }],
    needs: target === null ? [] : [{ type: 'path', path: target }],
    diff: (seen, { pending, showReplaced = false }) => {
      const now = pathLook.seen(seen, path);
      if (!now) return pathLook.unseen(seen, path);
      if (isState(now, was)) return SAME;
      if (!lefts.some((left) => isState(now, left)))
        return undoing.later.has(path)
          ? SAME
          : changedSince(undoing, {
              what: path,
              how: howChanged(now, lefts.at(-1) ?? was),
              next: compareWith(copy, path),
            });
      // What a rollback has taken away comes back in the run that undoes that.
      const comes = target !== null && pending({ type: 'path', path: target });
      return backTo(change, now, { seen, target, comes, undoing, showReplaced });
    },
  };
};

interface Given extends Required<Pick<DiffContext, 'showReplaced'>> {
  readonly seen: Observation;
  /** Where the link led that was there before. */
  readonly target: string | null;
  /** Whether that comes back before it in this run. */
  readonly comes: boolean;
  readonly undoing: Undoing;
}

/** What brings it back from what it is now, which is what the run has left. */
const backTo = (change: KeptChange, now: PathState, given: Given): Diff => {
  const { key: path, was } = change;
  if (was.state === 'absent')
    return {
      state: 'change',
      change: {
        action: 'remove',
        details: [{ name: 'it was not there before', before: null, after: null }],
        steps: [{ step: 'take-away', path, seen: stateWord(now), deadline: RESTORE_DEADLINE }],
      },
    };
  if (was.state.startsWith(LINK)) return backToLink(change, now, given);
  const { mode, owner, group } = was;
  const details = ownershipDetails(now, was);
  if (was.state === 'directory') {
    const step: Step = { step: 'put-directory', path, mode, owner, group, deadline: DIRECTORY_DEADLINE };
    return { state: 'change', change: { action: actionFrom(now), details, steps: [step] } };
  }
  if (stateWord(now) === was.state) {
    const step: Step = { step: 'set-ownership', path, mode, owner, group, deadline: FILE_DEADLINE };
    return { state: 'change', change: { action: 'update', details, steps: [step] } };
  }
  return backToFile(change, now, { ...given, details });
};

const MASKED_DIFFERS: Detail = { name: 'a value that is masked differs', before: null, after: null };

const actionFrom = (now: PathState): Change['action'] => (now.type === 'absent' ? 'create' : 'update');

const backToFile = (
  change: KeptChange,
  now: PathState,
  { seen, undoing, showReplaced, details }: Given & { readonly details: readonly Detail[] },
): Diff => {
  const { key: path, was } = change;
  const copy = copyOf(change);
  const kept = pathLook.seen(seen, copy);
  if (!kept) return pathLook.unseen(seen, copy);
  if (kept.type !== 'file' || kept.sha256 !== was.state) return copyGone(undoing, { what: path, copy });
  const texts = now.type === 'file' ? { now: now.text, kept: kept.text } : { now: '', kept: kept.text };
  const shown =
    texts.now === undefined || texts.kept === undefined
      ? {}
      : shownDifference(path, { now: texts.now, kept: texts.kept }, undoing, showReplaced);
  return {
    state: 'change',
    change: {
      action: actionFrom(now),
      details: [
        ...(now.type === 'link' ? detail('type', `link to ${now.target}`, 'file') : []),
        ...(shown.text && shown.text.before === shown.text.after ? [MASKED_DIFFERS] : []),
        ...details,
      ],
      ...shown,
      steps: [
        {
          step: 'restore-file',
          path,
          copy,
          sha256: was.state,
          seen: stateWord(now),
          deadline: RESTORE_DEADLINE,
        },
      ],
    },
  };
};

const backToLink = (change: KeptChange, now: PathState, { seen, target, comes, undoing }: Given): Diff => {
  const { key: path, was } = change;
  const wanted = was.state.slice(LINK.length);
  const there = target === null ? undefined : pathLook.seen(seen, target);
  if (!there) return pathLook.unseen(seen, target ?? wanted);
  if (there.type === 'absent' && !comes)
    return {
      state: 'violated',
      violation: {
        message: `${path} led to ${wanted}, and that has been removed since: of versions that nothing leads to, one is kept`,
        next: undoing.versionGone(wanted),
        severity: 'enforce',
      },
    };
  return {
    state: 'change',
    change: {
      action: actionFrom(now),
      details: detail('target', now.type === 'link' ? now.target : now.type, wanted),
      steps: [
        {
          step: 'put-link',
          path,
          target: wanted,
          mustExist: true,
          seen: stateWord(now),
          deadline: LINK_DEADLINE,
        },
      ],
    },
  };
};

/** Where a link at a path leads. */
const targetOf = (path: string, target: string): string | null => {
  const parts = (target.startsWith('/') ? target : `${path.replace(/[^/]*$/, '')}${target}`).split('/');
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === '..') resolved.pop();
    else if (part !== '' && part !== '.') resolved.push(part);
  }
  return `/${resolved.join('/')}`;
};

const ownershipDetails = (now: PathState, was: KeptState): Detail[] => {
  if (now.type !== 'file' && now.type !== 'directory') return detail('mode', null, was.mode);
  return [
    ...detail('mode', now.mode, was.mode),
    ...detail('owner', `${now.owner}:${now.group}`, `${was.owner}:${was.group}`),
  ];
};

const howChanged = (now: PathState, left: KeptState): string => {
  const word = stateWord(now);
  if (now.type === 'absent') return 'it is not there any more';
  if (left.state === 'absent') return `the run took it away, and a ${now.type} is there again`;
  if (word !== left.state) {
    if (now.type === 'link') return `it leads to ${now.target}`;
    return now.type === 'file' && isFile(left) ? 'it has another content' : `it is a ${now.type}`;
  }
  if (now.type !== 'file' && now.type !== 'directory') return 'it is another';
  return ownershipDetails(now, left)
    .map(({ name, before, after }) => `its ${name} is ${before}, the run left ${after}`)
    .join('; ');
};

/** Both texts as they may be shown: of what others write, who may have their secrets in it, only the lines that change. */
const shownDifference = (
  path: string,
  { now, kept }: { readonly now: string; readonly kept: string },
  { oursAt }: Pick<Undoing, 'oursAt'>,
  showReplaced: boolean,
): Pick<Change, 'text' | 'lines'> => {
  const ours = oursAt(path);
  if (ours === null) return { lines: lineDifference(now, kept, showReplaced) };
  return { text: { before: maskOthers(now, ours), after: maskOthers(kept, ours) } };
};
