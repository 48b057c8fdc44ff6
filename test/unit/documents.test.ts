import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { EXAMPLES, OVERVIEW } from '../../src/cli/help.ts';
import { buildProgram, runCli } from '../../src/cli/program.ts';
import { SECTOR_SIZES } from '../../src/core/profile.ts';
import { clusterFileSchema } from '../../src/inventory/inventory-file.ts';
import { loadProfiles, profileNamed } from '../../src/inventory/profiles.ts';
import { solveP1 } from '../../src/layout/p1.ts';
import { guidePages } from '../support/guide.ts';
import { docsPages } from '../support/manual/pages.ts';
import { blocksOf, codeSpans, commandsIn } from '../support/markdown.ts';
import { testContext } from './cli/context.ts';
import { memoryFiles } from './inventory/support.ts';

/** What the documents show can be copied: it is read here by what reads it when a person has copied it. */

const root = join(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'ARCHITECTURE.md',
  ...[...docsPages().keys()].map((name) => `docs/${name}`),
  'docs/ci/README.md',
  ...guidePages(),
];
const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');

/** Every secret that a file names, with a value that is long enough. */
const secretsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/\benv: (\w+)/g)].map(({ 1: name = '' }) => [name, 'made-up-secret']));

/** What a command line is as the program reads it, or why it cannot. */
const readLine = async (words: readonly string[]): Promise<string> => {
  const { context } = testContext();
  const program = buildProgram(context.world, async () => {});
  try {
    await program.parseAsync([...words], { from: 'user' });
    return 'read';
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 'read' : error.code;
    throw error;
  }
};

const isFcops = ([program]: readonly string[]): boolean => program === 'fcops';

/** An inventory with what a part of one adds: its hosts and versions beside those that are there. */
const withPart = (whole: string, part: string): string => {
  const { versions = {}, hosts = [], ...more } = parse(part);
  const inventory = parse(whole);
  return stringify({
    ...inventory,
    ...more,
    versions: { ...inventory.versions, ...versions },
    hosts: [...inventory.hosts, ...hosts],
  });
};

describe.each(DOCUMENTS)('%s', (name) => {
  const text = textOf(name);
  const blocks = blocksOf(text);

  const yamlsOf = (of: typeof blocks) => of.filter(({ language }) => language === 'yaml');
  const yamls = yamlsOf(blocks);
  const isInventory = ({ text: yaml }: { readonly text: string }) => 'miner' in parse(yaml);

  /** Some keys of an inventory, to be added to one. */
  const isPart = ({ text: yaml }: { readonly text: string }) =>
    Object.keys(parse(yaml)).every((key) => key in clusterFileSchema.shape);

  it.each(yamls.filter((block) => !isInventory(block) && !isPart(block)))(
    'the hardware model in line $line has a layout',
    ({ text: yaml }) => {
      const profile = profileNamed(loadProfiles('profiles', memoryFiles({ 'profiles/it.yaml': yaml })), 'it');
      const sizes = SECTOR_SIZES.filter((size) => profile.p1?.tasks[size] !== undefined);
      expect(sizes.length).toBeGreaterThan(0);
      for (const size of sizes)
        expect(solveP1(profile, size).tasks).toHaveLength(profile.p1?.tasks[size] ?? 0);
    },
  );

  // A page that has parts alone goes on from what the README begins with.
  const whole = [...yamls, ...yamlsOf(blocksOf(textOf('README.md')))].find(isInventory)?.text ?? '';
  const inventories = [
    ...yamls.filter(isInventory),
    ...yamls
      .filter((block) => isPart(block) && !isInventory(block))
      .map(({ text: part, line }) => ({ text: withPart(whole, part), line })),
  ];

  it.each(inventories)('the inventory in line $line passes the check', async ({ text: yaml }) => {
    const directory = mkdtempSync(join(tmpdir(), 'fcops-documents-'));
    try {
      writeFileSync(join(directory, `${parse(yaml).miner}.yaml`), yaml);
      const { context, stdout, stderr } = testContext({}, { packageRoot: root, env: secretsIn(yaml) });
      const code = await runCli(['inventory', 'check', '--inventory', directory], context.world);
      expect(stderr()).toBe('');
      expect(stdout()).toMatch(/^ok /);
      expect(code).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('has blocks of a language that is known here', () => {
    expect(
      blocks.map(({ language }) => language).filter((one) => !/^(yaml|console|text|)$/.test(one)),
    ).toEqual([]);
  });

  const shell = blocks
    .filter(({ language }) => language === 'console')
    .flatMap((one) => commandsIn(one.text));

  it('shows commands of fcops that there are', async () => {
    for (const words of shell.filter(isFcops))
      expect([words, await readLine(words.slice(1))]).toEqual([words, 'read']);
  });

  it('shows scripts of the package that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    for (const [program, verb, script] of shell)
      if (program === 'npm' && verb === 'run') expect(scripts).toHaveProperty(script ?? '');
  });

  it('speaks of commands of fcops that there are', async () => {
    const spoken = codeSpans(text).flatMap(commandsIn).filter(isFcops);
    for (const words of spoken) {
      const read = await readLine(words.slice(1));
      // `fcops render` alone is the name of a command, and nothing to copy.
      const isName =
        Object.hasOwn(EXAMPLES, words.slice(1).join(' ')) &&
        ['commander.missingArgument', 'commander.missingMandatoryOptionValue'].includes(read);
      expect([words, isName ? 'read' : read]).toEqual([words, 'read']);
    }
  });
});

it('help shows commands that there are', async () => {
  const examples = Object.values(EXAMPLES).flatMap((some) => some.map(([line]) => line));
  const overview = [...OVERVIEW.matchAll(/^ {2}(fcops .*?) {2}/gm)].map(({ 1: line = '' }) => line);
  for (const words of [...examples, ...overview].flatMap(commandsIn).filter(isFcops))
    expect([words, await readLine(words.slice(1))]).toEqual([words, 'read']);
});
