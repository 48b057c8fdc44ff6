import { again } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err } from '../../core/result.ts';
import { openText } from '../../inventory/edit/editable.ts';
import { written } from '../../inventory/edit/versions.ts';
import { editFile } from '../inventory-file.ts';

/** Sums in lower-case hex, by the names of their archives. */
export type NamedSums = ReadonlyMap<string, string>;

/**
 * Puts sums under `artifacts.sha256` of a cluster file, behind those that are there. One that is there with another value
 * is replaced only where that is asked for; else nothing is written.
 */
export const writeSums = (
  file: string,
  sums: NamedSums,
  replace: boolean,
): Promise<Result<'written' | 'same', readonly Problem[]>> =>
  editFile(file, (text) => withSums(file, text, sums, replace), {
    failed: 'the sums were not written',
    byHand: 'write them under `artifacts.sha256` by hand',
  });

const withSums = (
  file: string,
  text: string,
  sums: NamedSums,
  replace: boolean,
): Result<string, readonly Problem[]> => {
  const opened = openText(file, text);
  if (!opened.ok) return opened;
  const { content, yaml } = opened.value;
  const there = new Map(Object.entries(content.artifacts.sha256));
  const others = [...sums].flatMap(([name, sha256]): readonly Problem[] => {
    const before = there.get(name)?.toLowerCase();
    if (before === undefined || before === sha256 || replace) return [];
    return [
      {
        kind: 'inventory',
        what: `${name} is there already, with another sum`,
        where: yaml.valuePlace(['artifacts', 'sha256', name]),
        why: `${before} there, ${sha256} is what was read`,
        next: [again('where the new one is right, run again with --replace')],
      },
    ];
  });
  return others.length > 0 ? err(others) : written(file, text, { sha256: sums });
};
