/** The last moment that a date can tell, in seconds since 1970. */
const LAST = 8.64e12;

/** Seconds since 1970 as `2026-11-22T10:30:00Z`; null where a host says something that is no moment. */
export const momentOf = (seconds: number): string | null =>
  Math.abs(seconds) <= LAST ? `${new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, '')}Z` : null;

/** The day of a moment where this program runs: `2026-11-22`. */
export const dayOf = (date: Date): string => {
  const two = (number: number) => `${number}`.padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
