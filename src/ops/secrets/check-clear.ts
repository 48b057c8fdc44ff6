import { edit, fcopsCommand } from '../../core/next.ts';
import { isSecretName } from '../../core/others-secrets.ts';
import type { Place } from '../../core/problem.ts';
import { secretForms } from '../../core/secret.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import type { Finding } from './finding.ts';
import { wrong } from './finding.ts';

/** A text that goes into git as it is. */
export interface ClearText {
  readonly file: string;
  readonly text: string;
}

/** A value that must stand nowhere, by its name. */
export interface KnownValue {
  readonly name: string;
  readonly value: string;
}

/** Secrets that stand in texts in the clear: those that are known, and private keys. Nothing of them is in what is found. */
export const clearIn = (texts: readonly ClearText[], values: readonly KnownValue[]): readonly Finding[] =>
  texts.flatMap(({ file, text }) => {
    const present = values.flatMap(({ name, value }) => {
      const forms = secretForms(value.trim());
      return forms.some((form) => text.includes(form)) ? [{ name, forms }] : [];
    });
    if (present.length === 0 && !holdsPrivateKey(text)) return [];
    return text.split('\n').flatMap((line, index) => {
      const where = { file, line: index + 1 };
      return [
        ...present
          .filter(({ forms }) => forms.some((form) => line.includes(form)))
          .map(({ name }) => inClear(`the secret ${name} stands here in the clear`, where)),
        ...(holdsPrivateKey(line) ? [inClear('a private key stands here in the clear', where)] : []),
      ];
    });
  });

/** Whether a private key stands in a text. */
export const holdsPrivateKey = (text: string): boolean => PRIVATE_KEY.test(text);

const PRIVATE_KEY = /AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]{20}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const inClear = (what: string, where: Place): Finding =>
  wrong({
    kind: 'secret',
    what,
    where,
    next: [
      edit('take it out, and give the secret another value: old commits have this one'),
      fcopsCommand(['secrets', 'set', 'NAME'], 'and name it'),
    ],
  });

/** Values of a cluster file that stand where a secret is to be named, or under a name of one. */
export const clearInCluster = ({ inClear: places, checking }: ReadCluster): readonly Finding[] => {
  const { stated, valuePlace } = checking;
  return [
    ...places.map((where) =>
      inClear('a secret stands here in the clear, in the place of where it is kept', where),
    ),
    ...stated.flatMap(({ path, values }) =>
      Object.entries(values.variables?.environment ?? {})
        .filter(([name, value]) => isSecretName(name) && value !== '')
        .map(([name]) =>
          wrong({
            kind: 'secret',
            what: `the value of ${name} stands here in the clear, and by its name it is a secret`,
            where: valuePlace([...path, 'variables', 'environment', name]),
            next: [edit('keep it elsewhere: environment variables of processes are not kept as secrets')],
          }),
        ),
    ),
  ];
};
