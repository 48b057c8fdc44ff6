/**
 * Inventories, profiles, saved facts and templates as nobody means them, made of those that are shipped: each ends in a
 * problem that says what is wrong, or in a result.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describeProblem, FcopsError, type Problem } from '../../src/core/problem.ts';
import { checkInventory } from '../../src/ops/check-inventory.ts';
import { renderFiles } from '../../src/ops/render-files.ts';
import { roleHosts, roleWork } from '../../src/ops/role-work.ts';
import type { Sources } from '../../src/ops/sources.ts';
import {
  changedFile,
  type GoodFiles,
  type OddFile,
  scribbledFile,
  soupOfYaml,
} from '../support/odd-files.ts';
import { savedFacts } from '../unit/inventory/saved-facts.ts';
import type { Try } from './fuzz.ts';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
const CLUSTER = 'f0494733';
/** Hosts of a role whose files are made for each input. */
const HOSTS = 2;

const filesBelow = (directory: string, below = ''): string[] =>
  readdirSync(join(directory, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(directory, path) : [path];
  });

const read = (directory: string, names: readonly string[]): GoodFiles =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));

/** Words of Handlebars in any order, in the place of a good template. */
const soupOfHandlebars = (good: GoodFiles): fc.Arbitrary<OddFile> =>
  fc.record({
    name: fc.constantFrom(...Object.keys(good)),
    text: fc
      .array(
        fc.constantFrom(
          ...['{{', '}}', '{{{', '}}}', '{{#if task}}', '{{#each gpus}}', '{{/each}}', '{{/if}}', '{{else}}'],
          ...[
            '{{> partials/worker_pids.sh}}',
            '{{> partials/none}}',
            '{{#> partials/worker_pids.sh}}',
            '{{^}}',
          ],
          ...['{{setting environment "RUST_LOG" "info"}}', '{{task.number}}', '{{constructor.constructor}}'],
          ...[
            '{{#with this}}',
            '{{/with}}',
            '{{@root.a}}',
            '{{../x}}',
            '{{lookup . "a"}}',
            '{{!-- x --}}',
            '~',
          ],
          ...[
            '{{__proto__}}',
            '{{api}}',
            '{{token}}',
            '$x',
            '\n',
            ' ',
            '"',
            "'",
            '\\',
            '{{quote x}}',
            '\u0000',
          ],
        ),
        { maxLength: 40 },
      )
      .map((words) => words.join('')),
  });

/** The files that are changed, by where they are. */
interface Ground {
  readonly directory: string;
  readonly sources: Sources;
  readonly data: GoodFiles;
  readonly templates: GoodFiles;
}

const makeGround = (parent: string): Ground => {
  const directory = mkdtempSync(join(parent, 'fcops-inputs-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const name of ['inventories', 'profiles'])
    cpSync(join(packageRoot, name), join(directory, name), { recursive: true });
  const facts = join(directory, `inventories/${CLUSTER}.facts`);
  mkdirSync(facts);
  const shipped = readFileSync(join(directory, `inventories/${CLUSTER}.yaml`), 'utf8');
  const [, host = ''] = /name: (c2-\S+)/.exec(shipped) ?? [];
  writeFileSync(join(facts, `${host.replace(/[,}].*/, '')}.json`), JSON.stringify(savedFacts));
  const sources: Sources = {
    inventory: join(directory, 'inventories'),
    profiles: join(directory, 'profiles'),
    packageRoot,
    env: { F0494733_TOKEN: 'made-up-token', ARTIFACTS_PASSWORD: 'made-up-password' },
    home: '/nonexistent',
  };
  const names = filesBelow(directory).filter((name) => /\.(ya?ml|json)$/.test(name));
  const shippedTemplates = join(packageRoot, 'templates');
  return {
    directory,
    sources,
    data: read(directory, names),
    templates: read(shippedTemplates, filesBelow(shippedTemplates)),
  };
};

/** The problems that something ends in; anything but an FcopsError gets out. */
const problemsOf = async (work: () => Promise<unknown> | unknown): Promise<readonly Problem[]> => {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof FcopsError)) throw error;
    return error.problems;
  }
};

const minerOf = ({ inventory }: Sources): string => /([^/]+)\.yaml$/.exec(inventory)?.[1] ?? CLUSTER;

const renderAll = async (sources: Sources, role: string): Promise<void> => {
  const request = { role, tags: [], start: true, miner: minerOf(sources) };
  const work = await roleWork(roleHosts(sources, request), request);
  for (const host of work.hosts.slice(0, HOSTS)) renderFiles(host, work.tasksOf(host));
};

/** All that is said of the files as they are. */
const said = async (sources: Sources): Promise<readonly Problem[]> => {
  const problems: Problem[] = [];
  problems.push(
    ...(await problemsOf(async () => {
      problems.push(...(await checkInventory(sources, { secrets: true, now: new Date(0) })).problems);
    })),
  );
  for (const role of ['p1', 'c2']) problems.push(...(await problemsOf(() => renderAll(sources, role))));
  return problems;
};

const faultsIn = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap((problem) => {
    const text = describeProblem(problem);
    const faults = [];
    if (problem.what.trim() === '') faults.push(`a problem without words: ${text}`);
    // What is quoted, the file says itself.
    if (/undefined|\[object /.test(problem.what.replace(/"[^"]*"|`[^`]*`/g, '')))
      faults.push(`a problem without sense: ${text}`);
    return faults;
  });

/** The sources with one cluster file alone, that which is changed or a good one: as whoever deploys a cluster reads it. */
const oneFile = ({ directory, sources }: Ground, name: string): Sources => ({
  ...sources,
  inventory: join(directory, /^inventories\/[^/]+$/.test(name) ? name : `inventories/${CLUSTER}.yaml`),
});

/** Of twenty inputs, eight are other values, four slips of the hand, three words of YAML, and five templates. */
const inputOf = (
  { data, templates }: Ground,
  number: number,
): readonly [fc.Arbitrary<OddFile>, 'data' | 'templates'] => {
  const turn = number % 20;
  if (turn < 8) return [changedFile(data), 'data'];
  if (turn < 12) return [scribbledFile(data), 'data'];
  if (turn < 15) return [soupOfYaml(data), 'data'];
  return [turn < 18 ? scribbledFile(templates) : soupOfHandlebars(templates), 'templates'];
};

/** Tries of files; `own`: a directory for them. */
export const fileTries = async (seed: number, [parent = '/tmp']: readonly string[]): Promise<Try> => {
  const ground = makeGround(parent);
  const good = faultsIn(await said(ground.sources));
  if (good.length > 0) throw new Error(good.join('\n'));
  return async (number) => {
    const [arbitrary, where] = inputOf(ground, number);
    const [odd] = fc.sample(arbitrary, { seed: seed + number, numRuns: 1 });
    if (!odd) return ['no input'];
    if (where === 'templates') {
      const templates = join(ground.directory, 'templates');
      const file = join(templates, odd.name);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, odd.text);
      const problems = await said({ ...oneFile(ground, ''), templates });
      rmSync(templates, { recursive: true, force: true });
      return faultsIn(problems);
    }
    const file = join(ground.directory, odd.name);
    writeFileSync(file, odd.text);
    // Seldom all together: each is read every time.
    const problems = await said(number % 40 === 0 ? ground.sources : oneFile(ground, odd.name));
    writeFileSync(file, ground.data[odd.name] ?? '');
    return faultsIn(problems);
  };
};
