/** A file of a support archive, or why there is none. */
export type Gathered =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly why: string };

export const had = (name: string, text: string): Gathered => ({ name, text });
export const lacks = (name: string, why: string): Gathered => ({ name, why });
