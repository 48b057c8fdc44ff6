/** Words of a host that stand in its own values, each with the letter that stands for it: `{ a: '192.168.10.50' }`. */
export type OwnWords = Readonly<Record<string, string>>;

/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Values that have much in common: what stands in more than one place is written once. */
export interface Packed {
  /** What others refer to by its place, `{ "$": 3 }`; each refers only to what comes before it. */
  readonly common: readonly Json[];
  readonly values: readonly Json[];
}

/** A value, and the words in it that others have their own of in the same places. */
export interface Own {
  readonly value: Json;
  readonly words: OwnWords;
}

/** Before the letter of a word; twice where it stands for itself. */
const MARK = '§';
/** The only key of what refers to something in common. */
const REF = '$';
/** What is shorter as JSON is written where it stands: to refer to it would be as long. */
const SHORTEST = 16;
/** A word that stands in everything is no word of its own. */
const SHORTEST_WORD = 4;

/** A distinct value: its parts by number, and how many others it is a part of. */
interface Node {
  readonly shape:
    | string
    | number
    | boolean
    | null
    | readonly number[]
    | readonly (readonly [string, number])[];
  readonly isList: boolean;
  uses: number;
}

/** Writes values down with what they have in common once. `unpack` gives them back as they were. */
export const pack = (all: readonly Own[]): Packed => {
  const nodes: Node[] = [];
  const known = new Map<string, number>();
  const numberOf = (key: string, shape: Node['shape'], isList: boolean, parts: readonly number[]): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    for (const part of parts) {
      const node = nodes[part];
      if (node) node.uses += 1;
    }
    nodes.push({ shape, isList, uses: 0 });
    known.set(key, nodes.length - 1);
    return nodes.length - 1;
  };
  const roots = all.map(({ value, words }) => {
    const mark = marker(words);
    const visit = (one: Json): number => {
      if (typeof one === 'string') {
        const marked = mark(one);
        return numberOf(`s${marked}`, marked, false, []);
      }
      if (one === null || typeof one !== 'object') return numberOf(`v${one}`, one, false, []);
      if (isList(one)) {
        const parts = one.map(visit);
        return numberOf(`[${parts.join()}`, parts, true, parts);
      }
      const fields = Object.entries(one).map(([key, part]) => [mark(key), visit(part)] as const);
      const key = `{${fields.map(([name, part]) => `${JSON.stringify(name)}${part}`).join()}`;
      return numberOf(
        key,
        fields,
        false,
        fields.map(([, part]) => part),
      );
    };
    const root = visit(value);
    const node = nodes[root];
    if (node) node.uses += 1;
    return root;
  });
  return written(nodes, roots);
};

/** Parts come before what they are parts of, so one pass writes all. */
const written = (nodes: readonly Node[], roots: readonly number[]): Packed => {
  const common: Json[] = [];
  const forms: Json[] = [];
  const at = (number: number): Json => forms[number] ?? null;
  for (const { shape, isList: ordered, uses } of nodes) {
    const form = formOf(shape, ordered, at);
    if (uses < 2 || JSON.stringify(form).length < SHORTEST) forms.push(form);
    else {
      forms.push({ [REF]: common.length });
      common.push(form);
    }
  }
  return { common, values: roots.map(at) };
};

const formOf = (shape: Node['shape'], ordered: boolean, at: (number: number) => Json): Json => {
  if (shape === null || typeof shape !== 'object') return shape;
  if (ordered) return shape.flatMap((part) => (typeof part === 'number' ? [at(part)] : []));
  return Object.fromEntries(
    shape.flatMap((field) => (typeof field === 'number' ? [] : [[escapedKey(field[0]), at(field[1])]])),
  );
};

/** A key that could be taken for a reference has one `$` more. */
const escapedKey = (key: string): string => (key.startsWith(REF) ? `${REF}${key}` : key);
const plainKey = (key: string): string => (key.startsWith(REF) ? key.slice(REF.length) : key);

/** Reads what `pack` has written, a value at a time. */
export interface Unpacker {
  /** With the words of whom it is of. */
  readonly read: (value: Json, words: OwnWords) => Json;
  /** As it is written, with letters in their place: what is the same for several is one value then. */
  readonly readMarked: (value: Json) => Json;
}

/**
 * Gives the values back that were packed with these. Throws a RangeError where something refers to nothing, or to what
 * does not come before it, and for what would be too large.
 */
export const unpacker = (common: readonly Json[]): Unpacker => {
  refuseLarge(common);
  const isOwn = ownIn(common);
  // What has no word of a host in it is the same for all.
  const shared = new Map<number, Json>();
  const reader = (unmark: (text: string) => string, memoryOf: (number: number) => Map<number, Json>) => {
    const referred = (number: number, before: number): Json => {
      const form = common[number];
      if (form === undefined || number >= before) throw new RangeError(`there is no ${number} before it`);
      const memory = memoryOf(number);
      const known = memory.get(number);
      if (known !== undefined) return known;
      const read = visit(form, number);
      memory.set(number, read);
      return read;
    };
    const visit = (one: Json, before: number): Json => {
      if (typeof one === 'string') return unmark(one);
      if (one === null || typeof one !== 'object') return one;
      if (isList(one)) return one.map((part) => visit(part, before));
      const number = referenceIn(one);
      if (number !== null) return referred(number, before);
      return Object.fromEntries(
        Object.entries(one).map(([key, part]) => [unmark(plainKey(key)), visit(part, before)]),
      );
    };
    return (value: Json) => visit(value, common.length);
  };
  const marked = new Map<number, Json>();
  return {
    read: (value, words) => {
      const own = new Map<number, Json>();
      return reader(unmarker(words), (number) => (isOwn[number] ? own : shared))(value);
    },
    readMarked: reader(
      (text) => text,
      () => marked,
    ),
  };
};

/** Values that any one may be made of: a farm of thousands has some hundred for each host. */
const MOST_PARTS = 1_000_000;

/** Some lines that refer to each other twice can stand for more than any machine holds. */
const refuseLarge = (common: readonly Json[]): void => {
  const sizes: number[] = [];
  const sizeOf = (one: Json): number => {
    if (one === null || typeof one !== 'object') return 1;
    if (isList(one)) return one.reduce<number>((sum, part) => sum + sizeOf(part), 1);
    const number = referenceIn(one);
    if (number !== null) return sizes[number] ?? 1;
    return Object.values(one).reduce<number>((sum, part) => sum + sizeOf(part), 1);
  };
  for (const one of common) sizes.push(sizeOf(one));
  if (sizes.some((size) => size > MOST_PARTS)) throw new RangeError('it stands for more than it may');
};

/** Which of what is in common has words of hosts in it, in itself or in what it refers to. */
const ownIn = (common: readonly Json[]): readonly boolean[] => {
  const found: boolean[] = [];
  const has = (one: Json): boolean => {
    if (typeof one === 'string') return one.includes(MARK);
    if (one === null || typeof one !== 'object') return false;
    if (isList(one)) return one.some(has);
    const number = referenceIn(one);
    if (number !== null) return found[number] ?? false;
    return Object.entries(one).some(([key, part]) => key.includes(MARK) || has(part));
  };
  for (const one of common) found.push(has(one));
  return found;
};

const referenceIn = (one: { readonly [key: string]: Json }): number | null => {
  const number = Object.hasOwn(one, REF) ? one[REF] : undefined;
  return typeof number === 'number' ? number : null;
};

const isList = (one: Json): one is readonly Json[] => Array.isArray(one);

/** Puts letters in the place of the words of a host, the longest word first. */
const marker = (words: OwnWords): ((text: string) => string) => {
  const letters = new Map(
    Object.entries(words)
      .filter(([, word]) => word.length >= SHORTEST_WORD)
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([letter, word]) => [word, letter]),
  );
  const sought = new RegExp([MARK, ...letters.keys()].map(escaped).join('|'), 'g');
  return (text) => text.replace(sought, (found) => `${MARK}${letters.get(found) ?? MARK}`);
};

const unmarker = (words: OwnWords): ((text: string) => string) => {
  const sought = new RegExp(`${MARK}(.)`, 'gs');
  return (text) =>
    text.includes(MARK)
      ? text.replace(sought, (_, letter: string) => (letter === MARK ? MARK : (words[letter] ?? '')))
      : text;
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
