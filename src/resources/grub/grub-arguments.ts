import type { OsFamily } from '../../core/distributions.ts';
import { GRUB } from '../../core/distributions.ts';
import { edit } from '../../core/next.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { MASK } from '../../core/secret.ts';
import { editableText, linesOf } from '../edits/edits.ts';
import { FILE_DEADLINE } from '../file/step.ts';
import { nameOfMany } from '../names.ts';
import { askText } from '../path/look.ts';
import { stateWord } from '../path/state.ts';
import type { Diff, LineChange, Resource, Violation } from '../resource.ts';
import { assignmentsOf, doubleQuoted } from '../text/shell-assignments.ts';
import type { KernelLine } from './kernel-line.ts';
import {
  argumentsOf,
  hasOtherHugepages,
  mergeKernelLine,
  shownArgument,
  splitKernelLine,
  withPagesSized,
} from './kernel-line.ts';

export const GRUB_DEFAULTS = '/etc/default/grub';

export interface GrubSpec {
  readonly family: OsFamily;
  /** Value by name of the kernel argument; empty for an argument without a value. */
  readonly arguments: KernelLine;
}

/**
 * Kernel arguments in /etc/default/grub, merged into those that are there: the handbook's (2.2.5.2) `>>` shadows
 * them. The file is shell, so the last assignment holds; several become one.
 */
export const grubArguments = (spec: GrubSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  const { variable } = GRUB[spec.family];
  return {
    kind: 'grub-arguments',
    id: `grub-arguments:${nameOfMany(wanted)}`,
    title: `grub-arguments ${nameOfMany(wanted)}`,
    asks: [askText(GRUB_DEFAULTS)],
    provides: [{ type: 'boot-settings' }],
    leaves: (host) => {
      const merged = mergeGrub(host.textOf(GRUB_DEFAULTS), variable, wanted);
      if (merged.ok) host.putText(GRUB_DEFAULTS, merged.value);
    },
    manages: wanted.map((argument) => `kernel argument ${argument}`),
    diff: (seen, { showReplaced = false }) => {
      const now = editableText(seen, GRUB_DEFAULTS);
      if (!now.ok) return now.error;
      if (now.value === null) return noGrub(wanted);
      const { text, state } = now.value;
      const merged = mergeGrub(text, variable, wanted);
      if (!merged.ok) return { state: 'violated', violation: merged.error };
      const after = merged.value;
      if (after === text) return { state: 'same' };
      return {
        state: 'change',
        change: {
          action: 'update',
          details: [],
          lines: grubLines(text, variable, wanted, showReplaced),
          steps: [
            {
              step: 'rewrite-file',
              path: GRUB_DEFAULTS,
              mode: state.mode,
              owner: state.owner,
              group: state.group,
              text: after,
              seen: stateWord(state),
              deadline: FILE_DEADLINE,
            },
          ],
        },
      };
    },
  };
};

/**
 * The text of /etc/default/grub with one assignment that has the arguments; a violation where it needs a shell to
 * read it, and where an argument more would give others another meaning.
 */
export const mergeGrub = (
  text: string,
  variable: string,
  wanted: readonly string[],
): Result<string, Violation> => {
  const lines = text.split('\n');
  const found = assignmentsOf(lines, variable);
  if (found === null) return err(cannotRead(variable, wanted));
  const [first] = found;
  const last = found.at(-1);
  if (!first || !last) {
    const end = text === '' || text.endsWith('\n') ? '' : '\n';
    return ok(`${text}${end}${variable}=${doubleQuoted(wanted.join(' '))}\n`);
  }
  const present = splitKernelLine(last.value);
  const merged = mergeKernelLine(present, wanted);
  const isThere = merged.join(' ') === present.join(' ');
  if (!isThere && hasOtherHugepages(present, wanted)) {
    return err(otherHugepages(variable, present, wanted));
  }
  if (found.length === 1 && isThere) return ok(text);
  const dropped = new Set(found.slice(1).map(({ line }) => line));
  return ok(
    lines
      .map((line, index) =>
        index === first.line ? `${first.before}${doubleQuoted(merged.join(' '))}${first.after}` : line,
      )
      .filter((_, index) => !dropped.has(index))
      .join('\n'),
  );
};

/**
 * The lines of the variable as they are and as they are to be, for people: the arguments are all that is shown of
 * them, and of those of others, which may hold a passphrase, only the names.
 */
const grubLines = (
  text: string,
  variable: string,
  wanted: readonly string[],
  showReplaced: boolean,
): LineChange[] => {
  const shown = (line: readonly string[]) =>
    `${variable}=${doubleQuoted(line.map((one) => (showReplaced ? one : shownArgument(one, wanted))).join(' '))}`;
  const found = assignmentsOf(text.split('\n'), variable) ?? [];
  const present = splitKernelLine(found.at(-1)?.value ?? '');
  const after = shown(mergeKernelLine(present, wanted));
  if (found.length === 0) return [{ line: linesOf(text).length + 1, before: null, after }];
  return found
    .map(({ line, value }, index) => ({
      line: line + 1,
      before: shown(splitKernelLine(value)),
      after: index === 0 ? after : null,
    }))
    .filter((one) => one.before !== one.after);
};

/** A host that boots without GRUB: nothing to write, and somebody has to know. */
const noGrub = (wanted: readonly string[]): Diff => ({
  state: 'violated',
  violation: {
    message: `${GRUB_DEFAULTS} is not there: this host is not started by GRUB`,
    next: [edit(`give its kernel the arguments ${wanted.join(' ')} in the way that it is started`)],
    severity: 'warn',
  },
});

const cannotRead = (variable: string, wanted: readonly string[]): Violation => ({
  message: `${GRUB_DEFAULTS} sets ${variable} in a way that only a shell can follow`,
  next: [edit(`write it as one plain line ${variable}="…" with ${wanted.join(' ')} in it, then run again`)],
  severity: 'enforce',
});

/** Somebody gave this host huge pages: which of them it still needs beside ours, and in its memory, is not for us to say. */
const otherHugepages = (
  variable: string,
  present: readonly string[],
  wanted: readonly string[],
): Violation => {
  const shown = (line: readonly string[]) => line.map((one) => shownArgument(one, wanted)).join(' ');
  const line = shown(mergeKernelLine(withPagesSized(present), wanted));
  const masked = line.includes(MASK) ? ` (${MASK}: as it is there)` : '';
  return {
    message: `${GRUB_DEFAULTS} gives this host other huge pages: ${shown(present)}`,
    next: [
      edit(
        `take out the pages that nothing here needs any more, and write it as ${variable}=${doubleQuoted(line)}${masked}, then run again`,
      ),
    ],
    severity: 'enforce',
  };
};
