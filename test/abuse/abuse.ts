/**
 * What fcops is put through before it is released: `npm run abuse -- --seed N --kills N --inputs N --minutes N`. Runs are killed on
 * simulated hosts, and inventories, profiles, facts, templates and answers of hosts are made up. What is chosen by chance
 * follows from the seed, which is printed; at which moment a kill strikes depends on the machine, too.
 */
import { parseArgs } from 'node:util';
import { fuzzing } from './fuzzing.ts';
import { kills, type Scene, type Tally } from './kills.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    kills: { type: 'string', default: '100' },
    inputs: { type: 'string', default: '2000' },
    /** No kill is begun later: it ends on a slow machine, too. */
    minutes: { type: 'string', default: '12' },
  },
});
const seed = Number(values.seed);
const inputs = Number(values.inputs);
const begun = performance.now();
const say = (line: string) =>
  console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);

/** Made-up answers for so many made-up files. */
const ANSWERS = 0.5;

const told = async (what: string, work: Promise<Tally>): Promise<Tally> => {
  const tally = await work;
  say(`${what}: ${tally.passed} passed, ${tally.failures.length} failed`);
  return tally;
};

/** One after the other: two cores are enough for all. */
const madeUp = async ({ hosts, cluster, answers }: Scene): Promise<readonly Tally[]> => [
  await told('inputs', fuzzing('inputs', seed, inputs, [hosts.directory])),
  await told('answers', fuzzing('answers', seed, Math.ceil(inputs * ANSWERS), [cluster.inventory, answers])),
];

console.log(`seed ${seed}`);
const tallies: Tally[] = [];
tallies.push(
  await told(
    'kills',
    kills({ count: Number(values.kills), seed, minutes: Number(values.minutes) }, say, async (scene) => {
      tallies.push(...(await madeUp(scene)));
    }),
  ),
);
const failures = tallies.flatMap((tally) => tally.failures);
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
for (const failure of failures) console.log(`\nFAILED ${failure}`);
console.log(`\nseed ${seed}: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
