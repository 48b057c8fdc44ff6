/**
 * A year of the window gate against simulated miners: random deadlines, partitions, proof times, nodes that fall behind,
 * restarts at any time. `npm run sim -- --seed N --miners N --upgrades N`; `--break RULE` lies to the gate about one
 * thing, which has to be found. Ends with 1 where a proof was lost that it should have kept.
 */
import { parseArgs } from 'node:util';
import type { Rule } from './asked.ts';
import { RULES } from './asked.ts';
import { reportOf } from './report.ts';
import { yearOf } from './year.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261130' },
    miners: { type: 'string', default: '14' },
    upgrades: { type: 'string', default: '52' },
    break: { type: 'string' },
  },
});

const whole = (name: 'seed' | 'miners' | 'upgrades'): number => {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  console.error(`--${name} is a whole number from 1`);
  process.exit(2);
};

const isRule = (name: string): name is Rule => name in RULES;
const name = values.break;
if (name !== undefined && !isRule(name)) {
  console.error(`--break takes one of: ${Object.keys(RULES).join(', ')}`);
  process.exit(2);
}

const begun = performance.now();
const [seed, miners, upgrades] = [whole('seed'), whole('miners'), whole('upgrades')];
const years = Array.from({ length: miners }, (_, number) => yearOf(seed, number, upgrades, name ?? null));
const { lines, isGood } = reportOf(years);
console.log(
  [
    `The window gate, seed ${seed}${name === undefined ? '' : `; broken: ${RULES[name]}`}`,
    ...lines,
    '',
    `${isGood ? 'Clean' : 'NOT CLEAN'}, in ${((performance.now() - begun) / 1000).toFixed(0)} s.`,
  ].join('\n'),
);
process.exitCode = isGood ? 0 : 1;
