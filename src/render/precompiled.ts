/** A template that is ready to be filled in. */
export interface Precompiled {
  /** What Handlebars' runtime makes a template of. */
  readonly spec: object;
  /** Line of the first use of each variable, for messages. */
  readonly lines: ReadonlyMap<string, number>;
}

/** By the sha256 of its text: a shipped template that somebody has changed is not among them. */
export type PrecompiledTemplates = ReadonlyMap<string, Precompiled>;
