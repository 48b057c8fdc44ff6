import type { Alias, Document, Node, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isCollection, isMap, isPair, isScalar, YAMLParseError } from 'yaml';
import { type Excess, YAML_LIMITS } from './bounded-yaml.ts';

/** What a file has besides plain values. */
export interface Aliases {
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** What keeps the file from being plain data. */
  readonly broken: readonly Excess[];
  /** Keys that no file may have: `<<` is no part of YAML 1.2, and `__proto__` would be left out without a word. */
  readonly refusedKeys: readonly Excess[];
  /** Keys that are in their mapping already; the library's own search takes minutes where there are many. */
  readonly duplicates: readonly YAMLError[];
}

const offsetOf = (node: Node): number => node.range?.[0] ?? 0;

const lost = (alias: Alias): Excess => ({
  what: `*${alias.source} refers to nothing`,
  next: `put the anchor &${alias.source} on a value above`,
  offset: offsetOf(alias),
});
const circular = (alias: Alias): Excess => ({
  what: `*${alias.source} stands within what it refers to`,
  next: 'write out what belongs here',
  offset: offsetOf(alias),
});
const tooManyAliases = (alias: Alias): Excess => ({
  what: `there are more than ${YAML_LIMITS.aliases} aliases`,
  next: 'write the values out, or put what the hosts share at the top level of the file',
  offset: offsetOf(alias),
});
const tooMuch = (alias: Alias): Excess => ({
  what: `the file stands for more than ${YAML_LIMITS.values} values: aliases of aliases multiply`,
  next: 'write the values out, or put what the hosts share at the top level of the file',
  offset: offsetOf(alias),
});
const noText = (key: Node): Excess => ({
  what: 'a key has to be plain text',
  next: 'write the key as one word, or in quotes',
  offset: offsetOf(key),
});
const mergeKey = (key: Node): Excess => ({
  what: 'merge keys (<<) are not part of YAML 1.2',
  next: 'put what the hosts share at the top level of the file, where every host inherits it',
  offset: offsetOf(key),
});

const protoKey = (key: Node): Excess => ({
  what: '__proto__ cannot be a key',
  next: 'rename the key',
  offset: offsetOf(key),
});

const keysTwice = ({ items }: YAMLMap): readonly YAMLError[] => {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const twice = seen.has(name);
    seen.add(name);
    const offset = offsetOf(key);
    return twice ? [new YAMLParseError([offset, offset + 1], 'DUPLICATE_KEY', '')] : [];
  });
};

/**
 * Goes through a document once, in the order of its text: an alias stands for the last value above it with its
 * anchor. Counts what the whole stands for, and goes no further where that is too much.
 */
export const lookThrough = ({ contents }: Document.Parsed): Aliases => {
  const targets = new Map<Alias, Node>();
  const broken: Excess[] = [];
  const refusedKeys: Excess[] = [];
  const duplicates: YAMLError[] = [];
  const anchors = new Map<string, { readonly node: Node; values?: number }>();
  let stopped = false;

  const stop = (excess: Excess): number => {
    broken.push(excess);
    stopped = true;
    return 0;
  };

  const ofAlias = (alias: Alias): number => {
    const known = anchors.get(alias.source);
    if (!known) broken.push(lost(alias));
    else if (known.values === undefined) broken.push(circular(alias));
    else if (targets.size >= YAML_LIMITS.aliases) return stop(tooManyAliases(alias));
    else {
      targets.set(alias, known.node);
      return known.values > YAML_LIMITS.values ? stop(tooMuch(alias)) : known.values;
    }
    return 0;
  };

  const checkKey = (key: unknown): void => {
    if (isAlias(key) || isCollection(key)) broken.push(noText(key));
    if (isScalar(key) && key.value === '<<') refusedKeys.push(mergeKey(key));
    if (isScalar(key) && key.value === '__proto__') refusedKeys.push(protoKey(key));
  };

  const ofCollection = (node: YAMLMap | YAMLSeq): number => {
    const own: { readonly node: Node; values?: number } = { node };
    if (node.anchor !== undefined) anchors.set(node.anchor, own);
    if (isMap(node)) duplicates.push(...keysTwice(node));
    own.values = node.items.reduce<number>((sum, item) => sum + look(item), 1);
    return own.values;
  };

  /** Number of values that a node stands for. */
  const look = (node: unknown): number => {
    if (stopped) return 0;
    if (isPair(node)) {
      checkKey(node.key);
      return look(node.key) + look(node.value);
    }
    if (isAlias(node)) return ofAlias(node);
    if (isCollection(node)) return ofCollection(node);
    if (isScalar(node) && node.anchor !== undefined) anchors.set(node.anchor, { node, values: 1 });
    return 1;
  };

  const values = look(contents);
  if (!stopped && values > YAML_LIMITS.values) {
    const [last] = [...targets.keys()].slice(-1);
    if (last) broken.push(tooMuch(last));
  }
  return { targets, broken, refusedKeys, duplicates };
};
