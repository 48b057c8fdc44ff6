import type { Path, YamlFile } from './yaml-file.ts';

/**
 * Text that looks like a number: `vm.swappiness: 1`, a kernel 4.15, a sha256 of digits only. YAML reads a number
 * there, and a person means the text. It is taken as it is written, but only where nothing was lost on the way: of
 * 4.10 the number is 4.1, of 010 it is 10, and who wrote that is asked to quote it.
 */

/** Keys of such texts, `*` for each of a mapping; a group or a host may have all but the sums. */
const OF_CLUSTER: readonly Path[] = [['artifacts', 'sha256', '*']];
const OF_ALL: readonly Path[] = [
  ['versions', '*'],
  ['variables', 'sysctl', '*'],
  ['variables', 'environment', '*'],
  ['variables', 'minKernel'],
];

/** Nobody writes a number of 64 digits: that is a sha256, whatever YAML makes of it. */
const isSha256 = (written: string): boolean => /^[0-9a-fA-F]{64}$/.test(written);

const textOf = (value: number, written: string | undefined): string | number =>
  written !== undefined && (written === String(value) || isSha256(written)) ? written : value;

/** A copy in which the numbers at a pattern are the texts that they are written as. */
const withTextsAt = (value: unknown, [key, ...rest]: Path, path: Path, yaml: YamlFile): unknown => {
  if (key === undefined) return typeof value === 'number' ? textOf(value, yaml.written(path)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const wanted = (own: PropertyKey) => key === '*' || own === key;
  if (Array.isArray(value))
    return key === '*' ? value.map((item, index) => withTextsAt(item, rest, [...path, index], yaml)) : value;
  return Object.fromEntries(
    Object.entries(value).map(([own, part]) => [
      own,
      wanted(own) ? withTextsAt(part, rest, [...path, own], yaml) : part,
    ]),
  );
};

/** The file of a cluster with its numbers as texts where text is wanted and no doubt is left which. */
export const withNumberTexts = (yaml: YamlFile): YamlFile => {
  const patterns = [
    ...OF_CLUSTER,
    ...OF_ALL,
    ...['groups', 'hosts'].flatMap((section) => OF_ALL.map((pattern) => [section, '*', ...pattern])),
  ];
  const value = patterns.reduce<unknown>(
    (changed, pattern) => withTextsAt(changed, pattern, [], yaml),
    yaml.value,
  );
  return { ...yaml, value };
};
