import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { brokenRecipient } from './envelope.ts';
import type { Finding } from './finding.ts';
import { unknown, wrong } from './finding.ts';
import { readHeader } from './header.ts';
import type { Recipient } from './recipients.ts';
import { recipientTag, shownRecipient, stanzaOf } from './recipients.ts';
import type { SecretStore, StoredSecret } from './store.ts';

/** Whether those who are said to be able to decrypt can: as far as that shows without their private keys. */
export const checkRecipients = async (store: SecretStore): Promise<readonly Finding[]> => {
  const { recipients, recipientsFile, secrets } = store;
  const damaged = secrets.flatMap(ofText);
  if (recipients === null)
    return secrets.length === 0
      ? []
      : [
          wrong({
            kind: 'secret',
            what: 'it is not said who can decrypt: there is no such file',
            where: { file: recipientsFile },
            next: [fcopsCommand(['secrets', 'init'])],
          }),
          ...damaged,
        ];
  const broken = await Promise.all(
    recipients.recipients.map(async (recipient): Promise<readonly Problem[]> => {
      const why = await brokenRecipient(recipient);
      const where = { file: recipientsFile, line: recipient.line };
      return why === undefined ? [] : [{ kind: 'secret', what: 'this is no recipient of age', where, why }];
    }),
  );
  return [
    ...[...recipients.problems, ...broken.flat()].map(wrong),
    ...damaged,
    ...secrets.flatMap((secret) => ofSecret(secret, recipients.recipients, recipientsFile)),
  ];
};

const ROTATE = fcopsCommand(['secrets', 'rotate'], 'have somebody who can decrypt run');

/** What is no file of age, whoever can decrypt it. */
const ofText = ({ name, file, text }: StoredSecret): readonly Finding[] => {
  const header = readHeader(text);
  if (header.ok) return [];
  return [
    wrong({
      kind: 'secret',
      what: `the secret ${name} is not encrypted as it should be`,
      where: { file, line: 1 },
      why: header.error,
      next: [fcopsCommand(['secrets', 'set', name])],
    }),
  ];
};

const ofSecret = (
  { name, file, text }: StoredSecret,
  recipients: readonly Recipient[],
  recipientsFile: string,
): readonly Finding[] => {
  const where = { file, line: 1 };
  const header = readHeader(text);
  if (!header.ok) return [];
  const { tags, kinds } = header.value;
  if (tags === null) return ofOthers(name, kinds, recipients, recipientsFile, where);
  const missing = recipients.filter(({ key }) => !tags.includes(recipientTag(key)));
  const known = new Set(recipients.map(({ key }) => recipientTag(key)));
  const gone = tags.filter((tag) => !known.has(tag)).length;
  return [
    ...missing.map((recipient) =>
      wrong({
        kind: 'secret',
        what: `${shownRecipient(recipient)} cannot decrypt ${name}: it was encrypted without that key`,
        where: { file: recipientsFile, line: recipient.line },
        next: [ROTATE],
      }),
    ),
    ...(gone === 0
      ? []
      : [
          wrong({
            kind: 'secret',
            what: `${gone === 1 ? 'a key' : `${gone} keys`} that no longer stand${gone === 1 ? 's' : ''} in ${recipientsFile} can decrypt ${name}`,
            where,
            next: [ROTATE, edit('and give it another value, which old commits do not have')],
          }),
        ]),
    ...(kinds.length === tags.length
      ? []
      : [wrong({ kind: 'secret', what: `${name} is for others than it says`, where, next: [ROTATE] })]),
  ];
};

/** What another program has encrypted shows how many can decrypt it, and of what kind their keys are. */
const ofOthers = (
  name: string,
  kinds: readonly string[],
  recipients: readonly Recipient[],
  recipientsFile: string,
  where: { readonly file: string; readonly line: number },
): readonly Finding[] => {
  const wanted = recipients.map(({ key }) => stanzaOf(key));
  const same = JSON.stringify(kinds.toSorted()) === JSON.stringify(wanted.toSorted());
  if (same)
    return [
      unknown({
        kind: 'secret',
        what: `who can decrypt ${name} does not show: another program has encrypted it`,
        where,
        next: [ROTATE],
      }),
    ];
  return [
    wrong({
      kind: 'secret',
      what: `${name} is encrypted for ${kinds.length}, and ${recipientsFile} has ${recipients.length}${kinds.length === recipients.length ? ' of other kinds' : ''}`,
      where,
      next: [ROTATE],
    }),
  ];
};
