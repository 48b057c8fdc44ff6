/** One line of what a probe printed, cut at the tabs. The first field says what it is. */
export type Row = readonly string[];

/** What a sort of probes makes of its rows. Keys that are missing from both were not answered. */
export interface Parsed<Seen, Key = string> {
  readonly seen: ReadonlyMap<Key, Seen>;
  readonly reasons: ReadonlyMap<Key, string>;
}

/**
 * How one sort of probe looks and how its answer is read. All its probes are looked at by one call, with as
 * few processes as can be: fifty hosts on one switch are looked at in the same second.
 */
export interface ProbeSort<P, Seen, Key = string> {
  readonly probe: string;
  /** Functions that `call` uses; sent only where the sort is used. */
  readonly shell: string;
  /** Probes with the same key are looked at once, as `merge` joins them. */
  key(probe: P): Key;
  merge(a: P, b: P): P;
  /** Bash 4.2 that prints the rows: tab-separated, free text through text.sh, nothing else on standard output. */
  call(probes: readonly P[]): string;
  /** First fields of the rows that belong to this sort. */
  readonly rows: readonly string[];
  parse(rows: readonly Row[]): Parsed<Seen, Key>;
}
