/** `2026-11-22T10:30:00Z` by the clock of this machine, without its year: `11-22 18:30`. */
export const shortMoment = (stamp: string): string => {
  const date = new Date(stamp);
  const two = (number: number) => `${number}`.padStart(2, '0');
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};
