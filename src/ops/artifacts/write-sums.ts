import { again } from '../../core/next.ts';
import { FcopsError, type Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err } from '../../core/result.ts';
import { openText } from '../../inventory/edit/editable.ts';
import { type NamedSums, sumsIn, sumsWritten } from '../../inventory/edit/sums.ts';
import { type EditWords, editFile, notWritten, textToEdit } from '../inventory-file.ts';
import { chosenFile, type Sources } from '../sources.ts';

/** The cluster file that is meant. Throws an FcopsError where nothing could be written into it as it is. */
export const fileForSums = async (sources: Sources, miner: string | undefined): Promise<string> => {
  const file = chosenFile(sources, miner);
  const opened = openText(file, await textToEdit(file, WORDS));
  if (!opened.ok) throw new FcopsError(opened.error.map(notWritten));
  return file;
};

/**
 * Puts sums under `artifacts.sha256` of a cluster file, behind those that are there. One that is there with another value
 * is replaced only where that is asked for; else nothing is written.
 */
export const writeSums = (
  file: string,
  sums: NamedSums,
  replace: boolean,
): Promise<Result<'written' | 'same', readonly Problem[]>> =>
  editFile(file, (text) => withSums(file, text, sums, replace), WORDS);

const WORDS: EditWords = {
  failed: 'the sums were not written',
  byHand: 'write them under `artifacts.sha256` by hand',
};

const withSums = (
  file: string,
  text: string,
  sums: NamedSums,
  replace: boolean,
): Result<string, readonly Problem[]> => {
  const opened = openText(file, text);
  if (!opened.ok) return opened;
  const { yaml } = opened.value;
  const there = sumsIn(opened.value);
  const others = [...sums].flatMap(([name, sha256]): readonly Problem[] => {
    if (!there.has(name) || replace) return [];
    const before = String(there.get(name)).toLowerCase();
    if (before === sha256) return [];
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
  return others.length > 0 ? err(others) : sumsWritten(opened.value, sums);
};
