import type { Alias, Node, Pair, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter } from 'yaml';
import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { composeBounded } from '../bounded-yaml.ts';
import { minerOfFile } from '../cluster-file-name.ts';
import { type ClusterFile, clusterFileSchema } from '../inventory-file.ts';
import { withNumberTexts } from '../number-texts.ts';
import { inventoryJsonSchema } from '../schema.ts';
import { lookThrough } from '../yaml-aliases.ts';
import { type Path, readYaml, type YamlFile } from '../yaml-file.ts';
import { zodProblems } from '../zod-problems.ts';

export type MapNode = YAMLMap<Node, Node | null>;
export type PairNode = Pair<Node, Node | null>;

/** The text of a cluster file of which it is known where everything stands. */
export interface Editable {
  readonly file: string;
  readonly text: string;
  /** What its lines end with. */
  readonly eol: '\n' | '\r\n';
  readonly root: MapNode;
  /** An alias that stands for a node as well: who changes the node changes what the alias means. */
  readonly aliasOf: ReadonlyMap<Node, Alias>;
  readonly lineAt: (offset: number) => number;
  readonly yaml: YamlFile;
}

/** One that says nothing that no cluster file may say. */
export interface SoundEditable extends Editable {
  readonly content: ClusterFile;
}

/** Opens a cluster file to be edited, whatever it says; as YAML it has to be right. */
export const openText = (file: string, text: string): Result<Editable, readonly Problem[]> => {
  const yaml = withNumberTexts(readYaml(file, text));
  if (yaml.problems.length > 0) return err(yaml.problems);
  const lines = new LineCounter();
  const composed = composeBounded(text, lines);
  if ('excess' in composed) throw new Error('a file that was read is not read');
  const { contents: root } = composed.document;
  if (!root)
    return err([
      {
        kind: 'inventory',
        what: 'the file is empty',
        where: { file },
        next: [fcopsCommand(['init', minerOfFile(file)], 'have it begun')],
      },
    ]);
  if (!isMap<Node, Node | null>(root)) return err([noClusterFile(file)]);
  const { targets } = lookThrough(composed.document);
  return ok({
    file,
    text,
    eol: /\r\n/.test(text) ? '\r\n' : '\n',
    root,
    aliasOf: new Map([...targets].map(([alias, node]) => [node, alias])),
    lineAt: (offset) => lines.linePos(offset).line,
    yaml,
  });
};

/** Of a file with a list or a word in it, which something else may need as it is. */
export const noClusterFile = (file: string): Problem => ({
  kind: 'inventory',
  what: 'this is no cluster file, so it stays as it is',
  where: { file },
  why: 'a cluster file has keys and values: `miner: f0494733`',
  next: [edit('move it away, or give the directory of your cluster files: --inventory DIR')],
});

/** Opens a cluster file whose values decide what is edited: what is wrong with them has to be mended before. */
export const openSound = (file: string, text: string): Result<SoundEditable, readonly Problem[]> => {
  const opened = openText(file, text);
  if (!opened.ok) return opened;
  const { yaml } = opened.value;
  const parsed = clusterFileSchema.safeParse(yaml.value);
  if (parsed.success) return ok({ ...opened.value, content: parsed.data });
  return err(zodProblems(parsed.error.issues, yaml, { zod: clusterFileSchema, json: inventoryJsonSchema() }));
};

/** Where the text of a node begins and ends; its anchor and tag stand before. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0;
export const endOf = (node: Node): number => node.range?.[1] ?? 0;

/** The end of the last text of a node: of collections in block style the library's own is somewhere behind it. */
export const lastOf = (node: Node): number => {
  if (isMap<Node, Node | null>(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last ? lastOfPair(last) : endOf(node);
  }
  if (isSeq<Node | null>(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last ? lastOf(last) : endOf(node);
  }
  return endOf(node);
};

export const lastOfPair = ({ key, value }: PairNode): number =>
  value && lastOf(value) > endOf(key) ? lastOf(value) : endOf(key);

/** Where the line begins that a place of the text is in. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** Where it ends, before what ends it; at the end of the text where that is its last. */
export const lineEnd = (text: string, offset: number): number => {
  const found = text.indexOf('\n', offset);
  const end = found === -1 ? text.length : found;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
};

export const pairOf = (map: MapNode, key: PropertyKey): PairNode | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));

/**
 * What stands at a path, which may be changed there: nothing else of the file means it too. Null: nothing stands there.
 * `byHand`: what a person has to write where fcops does not.
 */
export const nodeAt = (
  editable: Editable,
  path: Path,
  byHand: string,
): Result<Node | null, readonly Problem[]> => {
  let node: Node | null = editable.root;
  for (const key of [null, ...path]) {
    if (key !== null) node = childOf(node, key);
    if (!node) return ok(null);
    const shared = sharedProblem(editable, node, byHand);
    if (shared) return err([shared]);
  }
  return ok(node);
};

/** Whether a node is none, or says nothing: null, or a collection with nothing in it. */
export const isNone = (node: Node | null): boolean =>
  isMap(node) || isSeq(node)
    ? node.items.length === 0
    : node === null || (isScalar(node) && node.value === null);

/**
 * The text that says nothing behind a key which is the last of its line: an empty one, null or brackets. Null: another text
 * stands there.
 */
export const noneBehind = (
  text: string,
  key: Node,
): { readonly from: number; readonly to: number } | null => {
  const rest = text.slice(endOf(key), lineEnd(text, endOf(key)));
  const none = /^( *:)( *(?:\[ *\]|\{ *\}|~|null))? *(?:#.*)?$/.exec(rest);
  if (!none) return null;
  const [, colon = '', value = ''] = none;
  const from = endOf(key) + colon.length;
  return { from, to: from + value.length };
};

/** What stands under a key or index of a collection. */
export const childOf = (node: Node | null, key: PropertyKey): Node | null => {
  if (isMap<Node, Node | null>(node)) return pairOf(node, key)?.value ?? null;
  return isSeq<Node>(node) && typeof key === 'number' ? (node.items[key] ?? null) : null;
};

const sharedProblem = (editable: Editable, node: Node, byHand: string): Problem | null => {
  const { aliasOf, lineAt } = editable;
  if (isAlias(node)) {
    return refusal(editable, node, `*${node.source} stands here for a value of another place`, byHand);
  }
  const alias = aliasOf.get(node);
  if (!alias) return null;
  const other = `*${alias.source} in line ${lineAt(startOf(alias))} stands for this value too`;
  return refusal(editable, node, other, byHand);
};

/** That fcops does not write here, and what a person has to. */
export const refusal = (
  { file, lineAt }: Pick<Editable, 'file' | 'lineAt'>,
  node: Node,
  why: string,
  byHand: string,
): Problem => ({
  kind: 'inventory',
  what: 'this was not written into the file',
  where: { file, line: lineAt(startOf(node)) },
  why,
  next: [edit(byHand)],
});
