import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { edit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import { isClusterFile, minerOfFile } from '../../inventory/cluster-file-name.ts';
import { isMinerId, MINER_ID_FORM } from '../../inventory/inventory-file.ts';
import { inventoryJsonSchema, inventorySchemaText } from '../../inventory/schema.ts';
import type { Start } from '../../inventory/starting-file.ts';
import { SCHEMA_FILE, startingFile, tokenVariable } from '../../inventory/starting-file.ts';
import { addMissingSections } from '../../ops/add-sections.ts';
import { nodeFiles } from '../../ops/node-files.ts';
import { profilesOf } from '../../ops/sources.ts';
import type { DeployableRole } from '../../roles/role-names.ts';
import { commandLine } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { type NextStep, showNext } from '../next-steps.ts';
import { say } from '../say.ts';
import { sourcesOf } from '../sources.ts';
import { fileDiff } from '../views/file-diff.ts';
import { addFile, replaceFile } from '../write-file.ts';

export interface InitOptions {
  readonly role: readonly DeployableRole[];
}

/** `fcops init MINER` */
export const init: Action<InitOptions> = async (context, [miner = ''], { role: roles }) => {
  const { output, options } = context;
  if (!isMinerId(miner))
    throw new FcopsError({
      kind: 'usage',
      what: `"${miner}" is no miner id`,
      next: [fcopsCommand(['init', 'f0494733'], MINER_ID_FORM)],
    });
  const directory = directoryOf(options.inventory, miner);
  refuseFile(directory);
  const file = posix.join(directory, `${miner}.yaml`);
  const there = [file, posix.join(directory, `${miner}.yml`)].find(
    (one) => nodeFiles.mode(one) !== undefined,
  );
  const schema = posix.join(directory, SCHEMA_FILE);
  await putSchema(schema);
  const { names: profiles } = profilesOf(sourcesOf(context));
  if (there !== undefined) return addMissing(context, there, schema, { miner, roles, profiles });
  await addFile(file, startingFile({ miner, roles, profiles }));

  const steps = typed(context, nextSteps(miner, roles));
  if (output.format === 'json') output.printJson({ miner, file, schema, next: steps });
  else {
    say(context, `wrote ${file}, and ${schema} for your editor`);
    showNext(context, steps);
  }
  return EXIT.done;
};

/** A file that is there gets what it lacks at its end; all that is in it stays. */
const addMissing = async (context: Context, file: string, schema: string, start: Start): Promise<number> => {
  const { output } = context;
  const { added, text } = await addMissingSections(sourcesOf(context), file, start);
  const steps = typed(context, [
    { what: 'see what is left to fill in', words: ['inventory', 'check', '--miner', start.miner] },
  ]);
  if (output.format === 'json') {
    output.printJson({ miner: start.miner, file, schema, added, next: steps });
    return EXIT.done;
  }
  if (added.length === 0) say(context, `${file} is there and lacks no section: it stays as it is`);
  else {
    // Of what was there nothing is shown: a secret may stand in it.
    const shown = fileDiff({ before: null, after: text }, true, output.paint, output.width);
    for (const line of shown) output.printLine(line);
    output.printLine('');
    say(context, `added to ${file} what it lacked: ${added.join(', ')}; all else stays as it is`);
  }
  showNext(context, steps);
  return EXIT.done;
};

const typed = (context: Context, steps: readonly Step[]): readonly NextStep[] =>
  steps.map(({ what, ...how }) => ({
    what,
    command: 'shell' in how ? how.shell : commandLine(context, how.words),
  }));

/** One step on the way from the file to the first plan. */
type Step = { readonly what: string } & ({ readonly words: readonly string[] } | { readonly shell: string });

const nextSteps = (miner: string, roles: readonly DeployableRole[]): readonly Step[] => {
  const token = tokenVariable(miner);
  const withMiner = roles.includes('miner');
  const [first = 'p1'] = roles;
  const all = roles.length > 1 ? 'all' : first;
  const fill: readonly Step[] = [
    {
      what: 'fill in what stands in <…>, and see what is left',
      words: ['inventory', 'check', '--miner', miner],
    },
    { what: 'look at the host keys, compare them, record them', words: ['trust', '--miner', miner] },
  ];
  if (withMiner)
    return [
      ...fill,
      {
        what: 'prepare the miner host; it shows what changes, and asks',
        words: ['deploy', 'miner', '--miner', miner],
      },
      {
        what: 'where the miner is a new one: chain, wallets, its creation; it asks before money is spent',
        words: ['bootstrap', 'miner', '--miner', miner],
      },
      { what: 'bring everything up', words: ['deploy', all, '--start', '--miner', miner] },
    ];
  return [
    {
      what: "keep the token of the miner's API outside of the file, in the environment variable that the file names",
      shell: `read -rs ${token} && export ${token}`,
    },
    ...fill,
    { what: 'see what would change; nothing is touched', words: ['plan', first, '--miner', miner] },
  ];
};

/** The file of the miner itself stands for its directory. */
const directoryOf = (inventory: string, miner: string): string =>
  isFile(inventory) && minerOfFile(inventory) === miner ? posix.dirname(inventory) : inventory;

/** Where one cluster file is named in place of a directory, the name would have to be said twice. */
const refuseFile = (directory: string): void => {
  if (!isClusterFile(directory) && !isFile(directory)) return;
  throw new FcopsError({
    kind: 'usage',
    what: 'a new cluster file is written into a directory, and this is a file',
    where: { file: directory },
    next: [edit(`give its directory: --inventory ${quote(posix.dirname(directory))}`)],
  });
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The schema of this version; what is there and was not made by fcops stays. */
const putSchema = async (file: string): Promise<void> => {
  const text = inventorySchemaText();
  const there = nodeFiles.read(file);
  if (there === text) return;
  if (there !== undefined && !there.includes(`"title": "${inventoryJsonSchema().title}"`))
    throw new FcopsError({
      kind: 'file',
      what: 'this is not the schema of fcops, so it stays as it is',
      where: { file },
      next: [edit('give it another name, or name another directory: --inventory DIR')],
    });
  await replaceFile(file, text, { makeDirectory: true });
};
