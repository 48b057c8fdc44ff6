import { applyEdit, editableText, editDiff, linesOf } from '../edits/edits.ts';
import { EDIT_DEADLINE } from '../edits/step.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askText } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { decodeOctal } from './look.ts';

const FSTAB = '/etc/fstab';

export interface FstabSpec {
  readonly source: string;
  readonly target: string;
  readonly fstype: string;
  /** Mount options; empty for `defaults`. */
  readonly options: readonly string[];
}

/**
 * Exactly one line of /etc/fstab for this directory, so that the lines which `>>` added again and again
 * (handbook 2.2.5.2) become one. All other lines stay as they are; of a line that says the same in other
 * blanks, so does that.
 */
export const fstabEntry = (spec: FstabSpec): Resource => {
  const target = checkedPath(spec.target);
  const options = spec.options.length > 0 ? spec.options.join(',') : 'defaults';
  const wanted = [encode(spec.source), target, encode(spec.fstype), encode(options), '0', '0'];
  return {
    kind: 'fstab',
    id: `fstab:${target}`,
    title: `fstab ${target}`,
    asks: [askText(FSTAB)],
    leaves: (host) =>
      host.putText(FSTAB, applyEdit(host.textOf(FSTAB), { line: wanted.join(' '), drop: [] })),
    diff: (seen, { showReplaced = false }) => {
      const now = editableText(seen, FSTAB);
      if (!now.ok) return now.error;
      const text = now.value?.text ?? null;
      const entries = linesOf(text ?? '').filter((line) => targetOf(line) === target);
      const line = entries.find((entry) => sameFields(entry, wanted)) ?? wanted.join(' ');
      const drop = [...new Set(entries)].filter((entry) => entry !== line);
      const edit = { line, drop };
      const step = { step: 'edit-lines', path: FSTAB, ...edit, deadline: EDIT_DEADLINE } as const;
      return editDiff(text, edit, step, { wanted: wanted.join(' '), showReplaced });
    },
  };
};

const encode = (field: string): string => field.replaceAll(' ', '\\040').replaceAll('\t', '\\011');

const fieldsOf = (line: string): string[] =>
  line
    .trim()
    .split(/[ \t]+/)
    .filter(Boolean);

/** The directory of an entry; of comments and blank lines nothing. */
const targetOf = (line: string): string | undefined => {
  const [source = '#', target] = fieldsOf(line);
  if (source.startsWith('#') || target === undefined) return undefined;
  const directory = decodeOctal(target);
  return directory.length > 1 ? directory.replace(/\/+$/, '') : directory;
};

/** Dump and pass may be left out and mean 0. */
const sameFields = (line: string, wanted: readonly string[]): boolean => {
  const fields = fieldsOf(line);
  return wanted.every((field, index) => (fields[index] ?? (index > 3 ? '0' : undefined)) === field);
};
