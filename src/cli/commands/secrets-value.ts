import { edit as adviseEdit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { closest } from '../../core/suggest.ts';
import { weakness } from '../../inventory/secrets.ts';
import { nodeFiles } from '../../ops/node-files.ts';
import { encrypted } from '../../ops/secrets/envelope.ts';
import { namedIn } from '../../ops/secrets/named.ts';
import { openAll } from '../../ops/secrets/opened.ts';
import { shownRecipient } from '../../ops/secrets/recipients.ts';
import { readStore, recipientsIn, type SecretStore, storedAt } from '../../ops/secrets/store.ts';
import { inventoryDirectory } from '../../ops/sources.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { editPrivately } from '../private-edit.ts';
import { sourcesOf } from '../sources.ts';
import { replaceFile } from '../write-file.ts';

/** `fcops secrets set NAME` */
export const set: Action<unknown> = async (context, [name = '']) => {
  const directory = inventoryDirectory(sourcesOf(context));
  const file = storedAt(directory, name);
  const store = readStore(directory, nodeFiles);
  // Before anybody has typed anything.
  recipientsIn(store);
  const value = await valueGiven(context, name);
  if (value === null) return EXIT.interrupted;
  return write(context, store, { name, file }, value);
};

/** `fcops secrets edit NAME` */
export const edit: Action<unknown> = async (context, [name = '']) => {
  refuseNoTerminal(context, name);
  const sources = sourcesOf(context);
  const directory = inventoryDirectory(sources);
  const file = storedAt(directory, name);
  const store = readStore(directory, nodeFiles);
  recipientsIn(store);
  const [opened] = await openAll(
    sources,
    store.secrets.filter((secret) => secret.file === file),
  );
  if (opened) context.output.hide([opened.value]);
  const before = opened ? `${opened.value}\n` : '';
  const { text, inMemory } = await editPrivately(before, name, context.world);
  if (!inMemory) context.output.note('it was on the disk while it was edited: there is no /dev/shm here');
  if (text === before) {
    if (context.output.format === 'json') context.output.printJson({ secret: name, file, changed: false });
    else context.output.printLine(`nothing was changed: ${file} is as it was`);
    return EXIT.done;
  }
  return write(context, store, { name, file }, withoutLineEnd(text));
};

/** vi, which is meant where no editor is named, would draw the secret into a pipe or the log of a job. */
const refuseNoTerminal = ({ world }: Context, name: string): void => {
  const { env, stdinIsTerminal, stdout } = world;
  if (env.VISUAL || env.EDITOR || (stdinIsTerminal && stdout.isTerminal)) return;
  throw new FcopsError({
    kind: 'usage',
    what: 'there is no terminal for vi, and neither VISUAL nor EDITOR names an editor that needs none',
    next: [fcopsCommand(['secrets', 'set', name], 'from a pipe')],
  });
};

/** An editor, and `echo`, end a line that the secret does not end. */
const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

/** What was piped in, or typed twice without being shown; null where that was left. */
const valueGiven = async ({ world }: Context, name: string): Promise<string | null> => {
  if (!world.stdinIsTerminal) {
    const bytes = await world.readInput();
    try {
      return withoutLineEnd(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      throw new FcopsError({
        kind: 'weak-secret',
        what: `the secret ${name} is no text in UTF-8, and nothing was written`,
        next: [adviseEdit('encode it first, for example with base64')],
      });
    }
  }
  const typed = await world.askHidden([`${name}: `, `${name}, once more: `]);
  if (typed === null) return null;
  const [first = '', second] = typed;
  if (first === second) return first;
  throw new FcopsError({
    kind: 'usage',
    what: 'these were not the same, and nothing was written',
    next: [fcopsCommand(['secrets', 'set', name], 'once more')],
  });
};

/** Encrypts a value, and puts it in the place of the one before. */
const write = async (
  context: Context,
  store: SecretStore,
  { name, file }: { readonly name: string; readonly file: string },
  value: string,
): Promise<number> => {
  const { output } = context;
  const weak = weakness(`age ${name}`, value, { file });
  if (weak) throw new FcopsError(weak);
  output.hide([value]);
  const recipients = recipientsIn(store);
  const text = await encrypted(value, recipients, store.recipientsFile);
  if (!text.ok) throw new FcopsError(text.error);
  const isNew = nodeFiles.mode(file) === undefined;
  await replaceFile(file, text.value, { mode: 0o644 });
  const all = namedIn(sourcesOf(context)).flatMap(({ kept }) => (kept.kind === 'age' ? [kept] : []));
  const named = all.some((kept) => kept.file === file);
  if (output.format === 'json') {
    output.printJson({
      secret: name,
      file,
      changed: true,
      recipients: recipients.map(({ key }) => key),
      named,
    });
    return EXIT.done;
  }
  const whom = recipients.map(shownRecipient).join(', ');
  output.printLine(`${isNew ? 'wrote' : 'replaced'} ${file}, which can be decrypted by ${whom}`);
  if (named) return EXIT.done;
  const near = closest(
    name,
    all.map((kept) => kept.name),
  );
  output.printLine(
    near === undefined
      ? `no cluster file names it yet: { age: ${name} } in the place of { env: NAME }`
      : `no cluster file names it yet; did you mean "${near}", which one names?`,
  );
  return EXIT.done;
};
