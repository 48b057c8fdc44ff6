import { mkdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { nodeFiles } from '../../ops/node-files.ts';
import { checkSecrets } from '../../ops/secrets/check-secrets.ts';
import { newIdentity, recipientsOf } from '../../ops/secrets/envelope.ts';
import { identityFile, readIdentities } from '../../ops/secrets/identities.ts';
import { namedIn } from '../../ops/secrets/named.ts';
import { shownRecipient } from '../../ops/secrets/recipients.ts';
import { rotateSecrets } from '../../ops/secrets/rotate-secrets.ts';
import { GITIGNORE, readStore, type SecretStore } from '../../ops/secrets/store.ts';
import { inventoryDirectory } from '../../ops/sources.ts';
import { commandLine, wordsOf } from '../command-line.ts';
import type { Action, Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { withFile } from '../file-problem.ts';
import { sourcesOf } from '../sources.ts';
import { wrap } from '../text/width.ts';
import { secretsCheckDocument } from '../views/secrets-check-document.ts';
import { secretsDocument } from '../views/secrets-document.ts';
import { checkLines, listLines } from '../views/secrets-text.ts';
import { addFile, replaceFile } from '../write-file.ts';

/** `fcops secrets init` */
export const init: Action<{ readonly name?: string }> = async (context, _, options) => {
  const { world, output } = context;
  const sources = sourcesOf(context);
  const store = readStore(inventoryDirectory(sources), nodeFiles);
  const file = identityFile(sources);
  const made = nodeFiles.mode(file) === undefined ? await makeIdentity(file, world.date()) : null;
  const own = made === null ? await ownRecipients(file) : [made];
  if (store.recipients && store.recipients.problems.length > 0)
    throw new FcopsError(store.recipients.problems);
  const known = store.recipients?.recipients ?? [];
  const missing = own.filter((key) => !known.some((one) => one.key === key));
  const name = options.name ?? `${world.user}@${world.controller}`;
  if (missing.length > 0) await addRecipients(store, name, missing);
  const ignored = posix.join(store.directory, '.gitignore');
  if (nodeFiles.mode(ignored) === undefined) await replaceFile(ignored, GITIGNORE);
  if (output.format === 'json') {
    const { recipientsFile } = store;
    output.printJson({
      identity: file,
      made: made !== null,
      recipients: own,
      recipientsFile,
      added: missing,
    });
    return EXIT.done;
  }
  const rotate = commandLine(context, ['secrets', 'rotate']);
  const lines = [
    made === null
      ? `${file} is your private key already`
      : `wrote ${file}: your private key. Keep a copy where you keep such things: nobody can make it again.`,
    missing.length === 0
      ? `${store.recipientsFile} has your public key already`
      : `added ${missing.join(' and ')} to ${store.recipientsFile}, as ${name}`,
    missing.length > 0 && store.secrets.length > 0
      ? `${count(store.secrets.length, 'secret')} there cannot be decrypted with it yet: commit the file, and have somebody who can decrypt run ${rotate}`
      : `next: ${commandLine(context, ['secrets', 'set', 'NAME'])}`,
  ];
  for (const line of lines.flatMap((text) => wrap(text, output.width, 2))) output.printLine(line);
  return EXIT.done;
};

/** Makes a private key that nobody else can read; gives its public part. */
const makeIdentity = async (file: string, now: Date): Promise<string> => {
  const { identity, recipient } = await newIdentity();
  await withFile(file, 'the private key cannot be written', () =>
    mkdir(posix.dirname(file), { recursive: true, mode: 0o700 }),
  );
  await addFile(file, `# created: ${now.toISOString()}\n# public key: ${recipient}\n${identity}\n`, 0o600);
  return recipient;
};

const ownRecipients = async (file: string): Promise<readonly string[]> => {
  const keys = readIdentities(file, nodeFiles);
  if (!keys.ok) throw new FcopsError(keys.error);
  const recipients = await recipientsOf(keys.value, file);
  if (!recipients.ok) throw new FcopsError(recipients.error);
  return recipients.value;
};

/** Adds lines at the end; all that is there stays as it is. */
const addRecipients = async (
  { recipientsFile }: SecretStore,
  name: string,
  keys: readonly string[],
): Promise<void> => {
  const before = nodeFiles.read(recipientsFile) ?? HEAD;
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const lines = keys.flatMap((key) => [`# ${name.replace(/\s+/g, ' ')}`, key]);
  await replaceFile(recipientsFile, `${before}${gap}${lines.join('\n')}\n`, { makeDirectory: true });
};

const HEAD = `# Those who can decrypt the secrets here: public keys of age, a line each, with a name above.
# After a change: fcops secrets rotate.

`;

/** `fcops secrets list` */
export const list: Action<unknown> = async (context) => {
  const { output } = context;
  const sources = sourcesOf(context);
  const store = readStore(inventoryDirectory(sources), nodeFiles);
  const document = secretsDocument(store, namedIn(sources));
  if (output.format === 'json') output.printJson(document);
  else for (const line of listLines(document, output.paint)) output.printLine(line);
  return EXIT.done;
};

/** `fcops secrets rotate` */
export const rotate: Action<unknown> = async (context) => {
  const { output } = context;
  const sources = sourcesOf(context);
  const store = readStore(inventoryDirectory(sources), nodeFiles);
  const { secrets, recipients, exposed, unknown } = await rotateSecrets(sources, store);
  for (const { file, text } of secrets) await replaceFile(file, text, { mode: 0o644 });
  if (output.format === 'json') {
    output.printJson({
      rotated: secrets.map(({ name }) => name),
      recipients: recipients.map(({ key }) => key),
      ...{ exposed, unknown },
    });
    return EXIT.done;
  }
  const whom = recipients.map(shownRecipient).join(', ');
  // Where there is no secret, no private key was asked for.
  const own = secrets.length === 0 ? [] : await ownRecipients(identityFile(sources));
  const isOwn = secrets.length === 0 || recipients.some(({ key }) => own.includes(key));
  const lines = [
    secrets.length === 0
      ? `there is no secret in ${store.directory}`
      : `encrypted ${count(secrets.length, 'secret')} anew, for ${whom}`,
    ...(isOwn ? [] : ['Your own key is not among them: you cannot decrypt these any more']),
    ...(exposed.length === 0
      ? []
      : [
          `Whose key was removed can still read the old commits. Give these another value where they are used, then ${commandLine(context, ['secrets', 'set', 'NAME'])} for each: ${exposed.join(', ')}`,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `Who could decrypt these before is not known, another program had encrypted them: ${unknown.join(', ')}`,
        ]),
  ];
  for (const line of lines.flatMap((text) => wrap(text, output.width, 2))) output.printLine(line);
  return EXIT.done;
};

/** `fcops secrets check` */
export const check: Action<{ readonly exec: boolean }> = async (context: Context, _, { exec }) => {
  const { output } = context;
  const document = secretsCheckDocument(
    await checkSecrets(sourcesOf(context), { askVaults: exec }),
    wordsOf(context),
  );
  // A secret may stand in the words of the command that is asked for it.
  output.hide(context.values.known());
  if (output.format === 'json') output.printJson(document);
  else for (const line of checkLines(document, output)) output.printLine(line);
  return document.wrong > 0 ? EXIT.failed : EXIT.done;
};
