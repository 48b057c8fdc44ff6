import { edit } from '../../core/next.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { editableText } from '../edits/edits.ts';
import { putText } from '../file/put-text.ts';
import { nameOfMany } from '../names.ts';
import { askText } from '../path/look.ts';
import type { Diff, Resource, Violation } from '../resource.ts';
import { assignmentsOf, doubleQuoted } from '../text/shell-assignments.ts';
import type { KernelLine } from './kernel-line.ts';
import {
  argumentsOf,
  hasOtherHugepages,
  mergeKernelLine,
  splitKernelLine,
  withPagesSized,
} from './kernel-line.ts';

export const GRUB_DEFAULTS = '/etc/default/grub';

export interface GrubSpec {
  readonly family: 'debian' | 'redhat';
  /** Value by name of the kernel argument; empty for an argument without a value. */
  readonly arguments: KernelLine;
}

/** The variable that the installer of the distribution fills, and update-grub reads for every kernel but rescue. */
export const GRUB_VARIABLES = { debian: 'GRUB_CMDLINE_LINUX_DEFAULT', redhat: 'GRUB_CMDLINE_LINUX' } as const;

/**
 * Kernel arguments in /etc/default/grub, merged into those that are there: the handbook's (2.2.5.2) `>>` shadows
 * them. The file is shell, so the last assignment holds; several become one.
 */
export const grubArguments = (spec: GrubSpec): Resource => {
  const wanted = argumentsOf(spec.arguments);
  const variable = GRUB_VARIABLES[spec.family];
  return {
    kind: 'grub-arguments',
    id: `grub-arguments:${nameOfMany(wanted)}`,
    title: `grub-arguments ${nameOfMany(wanted)}`,
    asks: [askText(GRUB_DEFAULTS)],
    provides: [{ type: 'boot-settings' }],
    diff: (seen) => {
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
          text: { before: text, after },
          steps: [putText(GRUB_DEFAULTS, after, state)],
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
    return err(otherHugepages(variable, present, mergeKernelLine(withPagesSized(present), wanted)));
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
  line: readonly string[],
): Violation => ({
  message: `${GRUB_DEFAULTS} gives this host other huge pages: ${present.join(' ')}`,
  next: [
    edit(
      `take out the pages that nothing here needs any more, and write it as ${variable}=${doubleQuoted(line.join(' '))}, then run again`,
    ),
  ],
  severity: 'enforce',
});
