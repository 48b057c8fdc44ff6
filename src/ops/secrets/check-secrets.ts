import { posix } from 'node:path';
import { edit, shellHere } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import { readInventory } from '../../inventory/load.ts';
import type { NamedSecret } from '../../inventory/named-secret.ts';
import type { ReadCluster } from '../../inventory/read-cluster.ts';
import { factsDirectory } from '../../inventory/saved-facts.ts';
import { weakness } from '../../inventory/secrets.ts';
import { nodeFiles } from '../node-files.ts';
import type { Sources } from '../sources.ts';
import { inventoryDirectory, inventorySources } from '../sources.ts';
import type { ClearText, KnownValue } from './check-clear.ts';
import { clearIn, clearInCluster } from './check-clear.ts';
import { checkRecipients } from './check-recipients.ts';
import { decrypted } from './envelope.ts';
import type { Finding } from './finding.ts';
import { unknown, warning, wrong } from './finding.ts';
import { readHeader } from './header.ts';
import { identityFile, readIdentities } from './identities.ts';
import { inGit } from './in-git.ts';
import { missingFile, resolveSecrets } from './resolve.ts';
import type { SecretStore } from './store.ts';
import { readStore } from './store.ts';

/** What a check of the secrets of a directory of cluster files came to. */
export interface CheckedSecrets {
  /** File by file, in the order of their lines. */
  readonly findings: readonly Finding[];
  /** How many secrets are kept encrypted, and for how many. */
  readonly kept: number;
  readonly recipients: number;
  /** Values that were looked for in the clear. */
  readonly known: number;
}

/** What of secrets is looked at, besides what stands in files for all to read. */
interface SecretsRequest {
  /** Whether those that are kept encrypted are decrypted, where there is a private key. */
  readonly decrypt: boolean;
  /** Whether commands of vaults are run. */
  readonly askVaults: boolean;
}

/** What is wrong with the secrets of a directory, by what it is about. */
interface LookedAtSecrets {
  /** Cluster files of which nobody knows what secrets they name. */
  readonly unread: readonly Finding[];
  /** What stands in the clear. */
  readonly clear: readonly Finding[];
  /** Those that nobody names; none where a cluster file that cannot be read may name them. */
  readonly unused: readonly Finding[];
  readonly recipients: readonly Finding[];
  /** Those that are not there, that others can read, or that could not be kept. */
  readonly values: readonly Finding[];
  readonly store: SecretStore;
  /** Those that were looked for in the clear. */
  readonly known: readonly KnownValue[];
}

/**
 * All that is wrong with the secrets of a directory, as far as it shows from here: what is not there to look at (a
 * private key, a variable, a vault) is unknown, and fails nothing. `askVaults`: whether commands of vaults are run.
 */
export const checkSecrets = async (
  sources: Sources,
  { askVaults }: Pick<SecretsRequest, 'askVaults'>,
): Promise<CheckedSecrets> => {
  const { files } = readInventory(inventorySources(sources));
  const looked = await lookAtSecrets(sources, files, { askVaults, decrypt: true });
  const { unread, clear, unused, recipients, values, store, known } = looked;
  return {
    findings: inOrder(onlyOnce([...unread, ...clear, ...unused, ...recipients, ...values])),
    kept: store.secrets.length,
    recipients: store.recipients?.recipients.length ?? 0,
    known: new Set(known.map(({ value }) => value)).size,
  };
};

/** The same, by what it is about; `files`: all of the directory. What several files name is told for each of them. */
export const lookAtSecrets = async (
  sources: Sources,
  files: readonly ReadCluster[],
  { askVaults, decrypt }: SecretsRequest,
): Promise<LookedAtSecrets> => {
  const store = readStore(inventoryDirectory(sources), nodeFiles);
  const uses = files.flatMap(({ secrets }) => secrets);
  const age = decrypt ? await ofStore(sources, store, uses) : { values: [], findings: [] };
  const named = await ofUses(sources, uses, askVaults);
  const known = [...age.values, ...named.values];
  const unread = files.filter(({ isKnown }) => !isKnown);
  return {
    unread: unread.flatMap(({ problems }) => problems.map(unknown)),
    clear: [
      ...files.flatMap(clearInCluster),
      ...clearIn(clearTexts(sources, files, store), known),
      ...notEncrypted(store, uses),
      ...(await inGit(uses, sources.env)),
    ],
    unused: unread.length === 0 ? unnamed(store, uses) : [],
    recipients: await checkRecipients(store),
    values: [...nowhere(store, uses), ...age.findings, ...named.findings],
    ...{ store, known },
  };
};

interface Looked {
  readonly values: readonly KnownValue[];
  readonly findings: readonly Finding[];
}

/** The secrets that are kept encrypted: whether they open, and are such as can be masked. */
const ofStore = async (
  sources: Sources,
  { secrets }: SecretStore,
  uses: readonly NamedSecret[],
): Promise<Looked> => {
  const file = identityFile(sources);
  const isMissing = nodeFiles.mode(file) === undefined;
  if (secrets.length === 0 && isMissing) return { values: [], findings: [] };
  const keys = readIdentities(file, nodeFiles);
  if (!keys.ok) return { values: [], findings: [isMissing ? unknown(keys.error) : wrong(keys.error)] };
  const values: KnownValue[] = [];
  const findings: Finding[] = [];
  for (const { name, file: kept, text } of secrets) {
    const opened = await decrypted({ file: kept, text }, keys.value, file);
    if (!opened.ok) {
      // What is damaged to look at is told there.
      if (readHeader(text).ok) findings.push(wrong(opened.error));
      continue;
    }
    const use = uses.find((one) => one.kept.kind === 'age' && one.kept.file === kept);
    const weak = weakness(`age ${name}`, opened.value, use?.where ?? { file: kept });
    if (weak) findings.push(wrong(weak));
    else values.push({ name: `age ${name}`, value: opened.value });
  }
  return { values, findings };
};

/** The secrets that are kept elsewhere. What is not there on this machine may be on the one that deploys. */
const ofUses = async (
  sources: Sources,
  uses: readonly NamedSecret[],
  askVaults: boolean,
): Promise<Looked> => {
  const others = uses.filter(({ kept }) => kept.kind !== 'age' && (askVaults || kept.kind !== 'exec'));
  await resolveSecrets(sources, others);
  const values: KnownValue[] = [];
  const findings: Finding[] = [];
  for (const { secret, kept } of others) {
    try {
      values.push({ name: secret.name, value: secret.reveal() });
    } catch (error) {
      if (!(error instanceof FcopsError)) throw error;
      const isThere = kept.kind === 'file' && nodeFiles.mode(kept.path) !== undefined;
      for (const problem of error.problems)
        findings.push(isThere || problem.kind === 'weak-secret' ? wrong(problem) : unknown(problem));
    }
  }
  return { values, findings };
};

/** Secrets that nobody names, which is no mistake: one is set before it is named. */
const unnamed = ({ secrets }: SecretStore, uses: readonly NamedSecret[]): readonly Finding[] => {
  const named = new Set(uses.flatMap(({ kept }) => (kept.kind === 'age' ? [kept.file] : [])));
  return secrets
    .filter(({ file }) => !named.has(file))
    .map(({ name, file }) =>
      warning({
        kind: 'secret',
        what: `nobody names the secret ${name}`,
        where: { file, line: 1 },
        next: [
          edit(`name it in a cluster file: { age: ${name} }`),
          shellHere(`rm ${quote(file)}`, 'or remove it'),
        ],
      }),
    );
};

/** Names that lead to no secret. */
const nowhere = ({ secrets }: SecretStore, uses: readonly NamedSecret[]): readonly Finding[] => {
  const there = new Set(secrets.map(({ file }) => file));
  return uses.flatMap(({ kept, where }) =>
    kept.kind === 'age' && !there.has(kept.file) ? [wrong(missingFile(kept, where))] : [],
  );
};

/** Files in the directory of secrets that are not encrypted. */
const notEncrypted = ({ others }: SecretStore, uses: readonly NamedSecret[]): readonly Finding[] => {
  const plain = new Set(uses.flatMap(({ kept }) => (kept.kind === 'file' ? [kept.path] : [])));
  return others
    .filter((file) => !plain.has(file))
    .map((file) =>
      wrong({
        kind: 'secret',
        what: 'this is not encrypted, and stands among secrets',
        where: { file, line: 1 },
        next: [edit('encrypt it with fcops secrets set NAME, or put it elsewhere')],
      }),
    );
};

/** What goes into git: cluster files and what stands beside them, profiles and templates of one's own. */
const clearTexts = (
  sources: Sources,
  files: readonly ReadCluster[],
  { recipientsFile, secrets }: SecretStore,
): readonly ClearText[] => {
  const directories = [
    ...files.map(({ file }) => factsDirectory(file)),
    ...(sources.profiles === undefined ? [] : [sources.profiles]),
    ...(sources.templates === undefined ? [] : templateDirectories(sources.templates)),
  ];
  const paths = [
    ...files.map(({ file }) => file),
    recipientsFile,
    ...secrets.map(({ file }) => file),
    ...directories.flatMap((directory) =>
      namesIn(directory)
        .filter((name) => /\.(ya?ml|json|hbs|sh|txt)$/.test(name))
        .map((name) => posix.join(directory, name)),
    ),
  ];
  return paths.flatMap((file) => {
    const text = readable(file);
    return text === undefined ? [] : [{ file, text }];
  });
};

/** The text of a file; undefined where it is not there or cannot be read, which is told where it is used. */
const readable = (file: string): string | undefined => unlessUnreadable(() => nodeFiles.read(file));

/** The same of a directory. */
const namesIn = (directory: string): readonly string[] =>
  unlessUnreadable(() => nodeFiles.list(directory)) ?? [];

const unlessUnreadable = <T>(look: () => T | undefined): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (error instanceof FcopsError) return undefined;
    throw error;
  }
};

/** Templates stand in folders by their roles, and in folders of those. */
const templateDirectories = (top: string): readonly string[] => [
  top,
  ...namesIn(top)
    .filter((name) => !name.includes('.'))
    .flatMap((name) => templateDirectories(posix.join(top, name))),
];

/** What two clusters name, or two checks see, is told once for each place. */
const onlyOnce = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(
    findings.map((finding) => [JSON.stringify([finding.problem.where, finding.problem.what]), finding]),
  ).values(),
];

const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(({ problem: { where: a } }, { problem: { where: b } }) => {
    const [first, second] = [a?.file ?? '', b?.file ?? ''];
    if (first !== second) return first < second ? -1 : 1;
    return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
  });
