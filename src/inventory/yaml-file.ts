import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { edit } from '../core/next.ts';
import type { Place, Problem } from '../core/problem.ts';
import { tellFullWidth } from './full-width.ts';
import { syntaxProblems } from './yaml-syntax.ts';

/** Keys and list indexes that lead to a value, from the top of the file. */
export type Path = readonly PropertyKey[];

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

/** Reads YAML 1.2. Never throws: what is wrong is in `problems`. */
export const readYaml = (file: string, text: string): YamlFile => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });

  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };

  const inside = (around: Node | undefined, part: PropertyKey): Found => {
    const node = isAlias(around) ? around.resolve(document) : around;
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

  const mergeKeys: Problem[] = [];
  const lostAliases: Problem[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document) && alias.range)
        lostAliases.push({
          kind: 'inventory',
          what: `*${alias.source} refers to nothing`,
          where: placeAt(alias.range[0]),
          next: [edit(`put the anchor &${alias.source} on a value above`)],
        });
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '<<' && key.range)
        mergeKeys.push({
          kind: 'inventory',
          what: 'merge keys (<<) are not part of YAML 1.2',
          where: placeAt(key.range[0]),
          next: [edit('put what the hosts share at the top level of the file, where every host inherits it')],
        });
    },
  });

  const readable =
    lostAliases.length === 0 &&
    [...document.errors, ...document.warnings].every(({ code }) => code === 'DUPLICATE_KEY');
  const problems = [
    ...syntaxProblems([...document.errors, ...document.warnings], placeAt),
    ...lostAliases,
    ...mergeKeys,
  ];
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
      const node = isAlias(value) ? value.resolve(document) : value;
      return isScalar(node) ? node.source : undefined;
    },
  };
};
