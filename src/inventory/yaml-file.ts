import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import { edit } from '../core/next.ts';
import type { Place, Problem } from '../core/problem.ts';
import { composeBounded, type Excess, YAML_LIMITS } from './bounded-yaml.ts';
import { tellFullWidth } from './full-width.ts';
import { lookThrough } from './yaml-aliases.ts';
import { syntaxProblems } from './yaml-syntax.ts';

/** Keys and list indexes that lead to a value, from the top of the file. */
export type Path = readonly PropertyKey[];

/** Whether plain data are keys with values. */
export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of plain data; undefined where nothing does. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? Reflect.get(part, key)
        : undefined,
    value,
  );

/** A YAML file that still knows where each of its values stands. */
export interface YamlFile {
  readonly file: string;
  /** The whole content as plain data; `null` for an empty file. */
  readonly value: unknown;
  /** What is wrong with the file as YAML, whatever it is meant to say. */
  readonly problems: readonly Problem[];
  /** False where the text could not be understood, so that `value` means nothing. */
  readonly readable: boolean;
  /** Place of the value at a path, or of the nearest thing around it that is there. */
  readonly valuePlace: (path: Path) => Place;
  /** Place of the key that a path ends in; of the item where it ends in a list index. */
  readonly keyPlace: (path: Path) => Place;
  /** A scalar as it is written in the file: `1.10` where the value is 1.1. */
  readonly written: (path: Path) => string | undefined;
  /** The problems with those in their place that full-width marks (：，) on the same lines explain. */
  readonly explained: (problems: readonly Problem[]) => readonly Problem[];
}

/** Order of problems in one file: as its lines come. */
export const byPlace = (a: Problem, b: Problem): number =>
  (a.where?.line ?? 0) - (b.where?.line ?? 0) || (a.where?.column ?? 0) - (b.where?.column ?? 0);

interface Found {
  readonly key?: Node;
  readonly value?: Node;
}

const unreadable = (file: string, what: string, where: Place, next: string): YamlFile => ({
  file,
  value: undefined,
  readable: false,
  problems: [{ kind: 'inventory', what, where, next: [edit(next)] }],
  explained: (problems) => problems,
  valuePlace: () => where,
  keyPlace: () => where,
  written: () => undefined,
});

/**
 * Reads YAML 1.2, and so JSON. Never throws: what is wrong is in `problems`, and a text that is more than any
 * file should be (YAML_LIMITS) is not read.
 */
export const readYaml = (file: string, text: string): YamlFile => {
  const lines = new LineCounter();
  const composed = composeBounded(text, lines);
  if ('excess' in composed) {
    const { what, next, offset } = composed.excess;
    const { line, col } = lines.linePos(offset);
    const whole = unreadable(file, what, { file, line, column: col }, next);
    if (text.length > YAML_LIMITS.characters) return whole;
    // A key without its colon takes the lists after it for parts of one another.
    return { ...whole, problems: tellFullWidth(file, text, whole.problems, false) };
  }
  const { document } = composed;

  const aliases = lookThrough(document);
  const faults = [...composed.faults, ...aliases.duplicates];
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };

  const inside = (around: Node | undefined, part: PropertyKey): Found => {
    const node = isAlias(around) ? aliases.targets.get(around) : around;
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) return {};
      return pair.value ? { key: pair.key, value: pair.value } : { key: pair.key };
    }
    const item = isSeq<Node>(node) && typeof part === 'number' ? node.items[part] : undefined;
    return item ? { value: item } : {};
  };

  const find = (path: Path): Found =>
    path.reduce<Found>(
      ({ value }, part) => inside(value, part),
      document.contents ? { value: document.contents } : {},
    );

  const place = (path: Path, part: 'key' | 'value'): Place => {
    const { key, value } = find(path);
    const node = part === 'key' ? (key ?? value) : (value ?? key);
    if (node?.range) return placeAt(node.range[0]);
    return path.length > 0 ? place(path.slice(0, -1), 'key') : { file, line: 1, column: 1 };
  };

  const problemAt = ({ what, next, offset }: Excess): Problem => ({
    kind: 'inventory',
    what,
    where: placeAt(offset),
    next: [edit(next)],
  });
  const broken = aliases.broken.map(problemAt);
  const readable = broken.length === 0 && faults.every(({ code }) => code === 'DUPLICATE_KEY');
  const problems = [...syntaxProblems(faults, placeAt), ...broken, ...aliases.refusedKeys.map(problemAt)];
  return {
    file,
    value: readable ? document.toJS({ maxAliasCount: -1 }) : undefined,
    readable,
    problems: readable ? problems : tellFullWidth(file, text, problems, readable),
    explained: (found) => tellFullWidth(file, text, found, readable),
    valuePlace: (path) => place(path, 'value'),
    keyPlace: (path) => place(path, 'key'),
    written: (path) => {
      const { value } = find(path);
      const node = isAlias(value) ? aliases.targets.get(value) : value;
      return isScalar(node) ? node.source : undefined;
    },
  };
};
