import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { isBlank } from '../starting-file.ts';
import { isMapping, valueAt } from '../yaml-file.ts';
import { editedText } from './edit.ts';
import type { Editable } from './editable.ts';

/** Sums in lower-case hex, by the names of their archives. */
export type NamedSums = ReadonlyMap<string, string>;

/** Sums of a cluster file by the names of their archives, but for those that are still to be filled in. */
export const sumsIn = ({ yaml }: Pick<Editable, 'yaml'>): ReadonlyMap<string, unknown> => {
  const sums = valueAt(yaml.value, ['artifacts', 'sha256']);
  return new Map(Object.entries(isMapping(sums) ? sums : {}).filter(([, sum]) => !isBlank(sum)));
};

/**
 * The text of a cluster file with these sums besides those that are there; of one name they replace what is there. They can
 * be told whatever else of the file is not filled in yet.
 */
export const sumsWritten = (editable: Editable, sums: NamedSums): Result<string, readonly Problem[]> => {
  const there = sumsIn(editable);
  const other = [...sums].filter(
    ([name, sum]) => String(there.get(name)).toLowerCase() !== sum.toLowerCase(),
  );
  if (other.length === 0) return editedText(editable, []);
  const byHand = `write ${other.map(([name, sum]) => `${name}: ${sum}`).join(', ')} under \`artifacts.sha256\``;
  return editedText(editable, [
    { type: 'put', path: ['artifacts', 'sha256'], entries: new Map(other), byHand },
  ]);
};
