/** Thirty-two that nobody mistakes for each other, in the order in which names are sorted. */
const LETTERS = '23456789abcdefghijkmnpqrstuvwxyz';

/**
 * `r-20261122T103000Z-5vsxq`: a later run sorts after an earlier one. The first two letters are the milliseconds,
 * the others are by chance.
 */
export const runName = (date: Date, random: () => number): string => {
  const stamp = date.toISOString().replace(/[-:]|\.\d+/g, '');
  const milliseconds = date.getUTCMilliseconds();
  const digits = [
    Math.floor(milliseconds / LETTERS.length),
    milliseconds % LETTERS.length,
    ...[random(), random(), random()].map((chance) => Math.floor(chance * LETTERS.length)),
  ];
  return `r-${stamp}-${digits.map((digit) => LETTERS[digit]).join('')}`;
};

/** A moment as locks and journals have it: `2026-11-22T10:30:00Z`. */
export const stamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
