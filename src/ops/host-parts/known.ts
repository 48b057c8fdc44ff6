/** A part of a machine as it tells it, or why nobody can say: that is never taken for none. */
export type Known<T> =
  | { readonly type: 'told'; readonly value: T }
  | { readonly type: 'unknown'; readonly why: string };

export const told = <T>(value: T): Known<T> => ({ type: 'told', value });
export const unknown = (why: string): { readonly type: 'unknown'; readonly why: string } => ({
  type: 'unknown',
  why,
});
