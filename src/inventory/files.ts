/** How the inventory looks at files. Paths are as the user gave them; `undefined` says that nothing is there. */
export interface Files {
  /** Names in a directory, in any order. */
  readonly list: (directory: string) => readonly string[] | undefined;
  readonly read: (file: string) => string | undefined;
  /** Permission bits, `0o600`. */
  readonly mode: (file: string) => number | undefined;
}
