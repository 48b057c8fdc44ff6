import type { Digest } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import type { WorkOfProcesses } from './process/at-work.ts';

/** Stands for a value that only the host itself could tell. */
export const NOT_KNOWN = '?';

/** Something to look at on a host, as data; `look` names how. Equal ones are looked at once. */
export interface Ask {
  readonly look: string;
}

/** One line of a host's answer, cut at the tabs. The first field says what it is. */
export type Row = readonly string[];

/** The rows of one look at a host by their first field: what each way of looking reads its own from. */
export type Answer = ReadonlyMap<string, readonly Row[]>;

/** Everything that one look at a host brought back. */
export interface Observation {
  /** What contents follow from: as observed, with the facts that are stated by hand over them. */
  readonly facts: Facts;
  /** As observed, where facts are stated by hand: what a machine is judged by. */
  readonly observedFacts?: Facts;
  readonly answer: Answer;
  /** What the miner says that the processes of the host are at; left out where nobody asked it. */
  readonly atWork?: WorkOfProcesses;
}

/** What a way of looking makes of its rows. Keys that are missing from both were not answered. */
export interface Parsed<Seen> {
  readonly seen: ReadonlyMap<string, Seen>;
  /** Why something was not seen, where the host said so. */
  readonly reasons: ReadonlyMap<string, string>;
}

export interface LookSpec<A extends Ask, Seen> {
  /** `path`; what an ask of this sort has as its `look`. */
  readonly name: A['look'];
  readonly is: (ask: Ask) => ask is A;
  /** Bash functions that `call` uses, each text sent once and only where it is used; a function where that follows from the asks. */
  readonly shell: readonly string[] | ((asks: readonly A[]) => readonly string[]);
  /** Paths that a look at one touches: a mount there that may hang is asked before. */
  readonly touches?: (ask: A) => readonly string[];
  /**
   * What an ask is seen under. Asks with the same key are looked at once, as `merge` joins them; the first counts where
   * it is left out.
   */
  readonly key: (ask: A) => string;
  readonly merge?: (a: A, b: A) => A;
  /**
   * Bash 4.2 that looks at all of them with as few processes as can be and prints rows: tab-separated, free
   * text through text.sh, nothing else on standard output.
   */
  readonly call: (asks: readonly A[], digest: Digest) => string;
  /** First fields of the rows that belong to it. */
  readonly rows: readonly string[];
  readonly parse: (rows: readonly Row[]) => Parsed<Seen>;
  /** What is seen where nobody has done anything yet, on a host that is only thought of (`Deployed`). */
  readonly bare?: (ask: A) => Seen;
}

/** The answer for something that was not seen, with the reason that the host gave. */
export interface Unseen {
  readonly state: 'unknown';
  readonly reason: string;
}

/** What one way of looking adds to the script. */
export interface LookPart {
  readonly functions: readonly string[];
  readonly call: string;
  /** Paths that it touches. */
  readonly touches: readonly string[];
}

/** One way of looking: how asks become shell, and what came back. */
export interface Look<Seen> {
  readonly name: string;
  /** The shell for those of the asks that are of this sort: functions, then one call. Empty where there are none. */
  readonly script: (asks: readonly Ask[], digest: Digest) => LookPart | null;
  /** What was seen; undefined where it was not. */
  readonly seen: (observation: Pick<Observation, 'answer'>, key: string) => Seen | undefined;
  /** All that was seen, by key. */
  readonly all: (observation: Pick<Observation, 'answer'>) => ReadonlyMap<string, Seen>;
  readonly unseen: (observation: Pick<Observation, 'answer'>, key: string) => Unseen;
  /** States of what is asked for what is seen on a bare machine, where nothing has been stated of it yet. */
  readonly givenBare: (answer: Answer, asks: readonly Ask[]) => void;
}

/** The same, with hosts that are only thought of: their answers have no rows. */
export interface StatedLook<Seen> extends Look<Seen> {
  readonly given: (answer: Answer, key: string, seen: Seen) => void;
}

/** Makes a way of looking. The rows of an answer are parsed when somebody first asks for them, once. */
export const defineLook = <A extends Ask, Seen>(spec: LookSpec<A, Seen>): StatedLook<Seen> => {
  const known = new WeakMap<Answer, Parsed<Seen>>();
  const parsed = ({ answer }: Pick<Observation, 'answer'>): Parsed<Seen> => {
    const before = known.get(answer);
    if (before) return before;
    const fresh = spec.parse(spec.rows.flatMap((tag) => answer.get(tag) ?? []));
    known.set(answer, fresh);
    return fresh;
  };
  const stated = new WeakMap<Answer, Map<string, Seen>>();
  const statedIn = (answer: Answer): Map<string, Seen> => {
    const before = stated.get(answer);
    if (before) return before;
    const fresh = new Map<string, Seen>();
    stated.set(answer, fresh);
    known.set(answer, { seen: fresh, reasons: new Map() });
    return fresh;
  };
  return {
    name: spec.name,
    script: (asks, digest) => {
      const byKey = new Map<string, A>();
      for (const ask of asks) {
        if (!spec.is(ask)) continue;
        const key = spec.key(ask);
        const before = byKey.get(key);
        byKey.set(key, before === undefined ? ask : (spec.merge?.(before, ask) ?? before));
      }
      if (byKey.size === 0) return null;
      const all = [...byKey.values()];
      return {
        functions: typeof spec.shell === 'function' ? spec.shell(all) : spec.shell,
        call: spec.call(all, digest),
        touches: spec.touches ? all.flatMap(spec.touches) : [],
      };
    },
    seen: (observation, key) => parsed(observation).seen.get(key),
    all: (observation) => parsed(observation).seen,
    unseen: (observation, key) => {
      const { seen, reasons } = parsed(observation);
      const reason =
        seen.size === 0 && reasons.size === 0
          ? `the host gave no answer about any ${spec.name} that can be understood`
          : `the host did not answer for ${spec.name} ${key}`;
      return { state: 'unknown', reason: reasons.get(key) ?? reason };
    },
    given: (answer, key, seen) => {
      statedIn(answer).set(key, seen);
    },
    givenBare: (answer, asks) => {
      const { bare } = spec;
      if (!bare) return;
      const seen = statedIn(answer);
      for (const ask of asks) {
        if (!spec.is(ask)) continue;
        const key = spec.key(ask);
        if (!seen.has(key)) seen.set(key, bare(ask));
      }
    },
  };
};

/** The rows of an answer, by their first field. */
export const answerOf = (rows: readonly Row[]): Answer => {
  const byTag = new Map<string, Row[]>();
  for (const row of rows) {
    const [tag = ''] = row;
    const before = byTag.get(tag);
    if (before) before.push(row);
    else byTag.set(tag, [row]);
  }
  return byTag;
};
