import type { MinerYear, Upgrade } from './year.ts';

/** What a year of several miners comes to, as lines, and whether anything of it is wrong. */
export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** Hours of a window. */
const WINDOW_HOURS = 0.5;

export const reportOf = (years: readonly MinerYear[]): Report => {
  const upgrades = years.flatMap((year) => year.upgrades);
  const stopped = upgrades.filter(({ hours }) => hours !== null);
  const unsafe = upgrades.flatMap((one) => one.unsafe ?? []);
  const missed = years.flatMap((year) => year.missed);
  const ours = missed.filter(({ isOurs }) => isOurs);
  const windows = years.reduce((sum, year) => sum + year.windows, 0);
  const hours = stopped.flatMap((one) => one.hours ?? []).toSorted((a, b) => a - b);
  const median = quantile(hours, 0.5);
  const looks = new Map<string, number>();
  for (const year of years)
    for (const [key, count] of year.looks) looks.set(key, (looks.get(key) ?? 0) + count);
  const isGood = unsafe.length === 0 && ours.length === 0 && stopped.length > 0 && median < WINDOW_HOURS;
  const lines = [
    row('miners, a year each', years.length),
    row('upgrades asked for', upgrades.length),
    row('restarts', stopped.length),
    row('restarts that lost, or could have lost, a proof', unsafe.length, 'goal: 0'),
    ...unsafe.slice(0, 10).map((text) => `      ${text}`),
    row('restarts that took longer than was reckoned', upgrades.filter(({ isLonger }) => isLonger).length),
    ...counted(upgrades.flatMap(({ gaveUp }) => gaveUp ?? [])).map(([why, count]) =>
      row(`never restarted: ${why}`, count),
    ),
    row('hours waited, median', median.toFixed(2), `goal: under ${WINDOW_HOURS}`),
    row('hours waited, 95 of 100 within', quantile(hours, 0.95).toFixed(2)),
    row('hours waited, the longest', (hours.at(-1) ?? 0).toFixed(2)),
    '',
    row('windows with something to prove', windows),
    row('windows missed', missed.length),
    ...counted(missed.map(({ why, isOurs }) => (isOurs ? `OURS: ${why}` : why))).map(([why, count]) =>
      row(`  ${why}`, count),
    ),
    row(
      'recoveries that a restart has put off',
      years.reduce((sum, year) => sum + year.recoveriesLate, 0),
    ),
    '',
    'What the gate said when it was first asked:',
    ...counted(upgrades.map(({ first }: Upgrade) => first)).map(([key, count]) => row(`  ${key}`, count)),
    'What it said at all looks:',
    ...[...looks].toSorted(([, a], [, b]) => b - a).map(([key, count]) => row(`  ${key}`, count)),
  ];
  return { lines, isGood };
};

const counted = (names: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
};

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const row = (name: string, value: number | string, goal = ''): string =>
  `  ${name.padEnd(78)} ${String(value).padStart(8)}${goal === '' ? '' : `   ${goal}`}`;
