import type { Problem } from '../core/problem.ts';
import { byPlace } from '../inventory/yaml-file.ts';

/**
 * Order of problems of several files: first those of `files`, file by file, then those of others by their names, then
 * what is in no file; in each as its lines come.
 */
export const byFiles = (files: readonly string[]): ((a: Problem, b: Problem) => number) => {
  const ranks = new Map(files.map((file, index) => [file, index]));
  const rankOf = ({ where }: Problem): number =>
    where?.file === undefined ? files.length + 1 : (ranks.get(where.file) ?? files.length);
  return (a, b) =>
    rankOf(a) - rankOf(b) || compare(a.where?.file ?? '', b.where?.file ?? '') || byPlace(a, b);
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
