import { fcopsCommand } from '../../core/next.ts';
import type { Place, Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { inParallel } from '../../engine/parallel.ts';
import type { NamedSecret, SecretKept } from '../../inventory/named-secret.ts';
import { nodeFiles } from '../node-files.ts';
import { type IdentitySources, identityFile, readIdentities } from './identities.ts';
import { askVault, VAULT_DEADLINE } from './vault-command.ts';

/** Commands of vaults that run at the same time: each may ask a server. */
const AT_ONCE = 4;

/**
 * Works out the secrets that are not just read: decrypts those of age, and asks vaults. Each once in a process, before
 * anything is rendered for sending; those that cannot be had are told by whoever needs them.
 */
export const resolveSecrets = async (
  sources: IdentitySources,
  uses: readonly NamedSecret[],
): Promise<void> => {
  const open = new Map(
    uses.flatMap(({ kept, key, values }) =>
      (kept.kind === 'age' || kept.kind === 'exec') && values.get(key) === undefined
        ? [[key, { kept, key, values }] as const]
        : [],
    ),
  );
  if (open.size === 0) return;
  const identities = identitiesOnce(sources);
  await inParallel([...open.values()], AT_ONCE, async ({ kept, key, values }) => {
    const result =
      kept.kind === 'age'
        ? await fromAge(kept, identities)
        : await askVault(kept, { env: sources.env, deadline: VAULT_DEADLINE });
    values.settle(key, result.ok ? result : err([result.error]));
  });
};

/** Private keys, with the file that they are from. */
interface Identities {
  readonly file: string;
  readonly keys: Result<readonly string[], Problem>;
}

/** Read where the first secret asks for them. */
const identitiesOnce = (sources: IdentitySources): (() => Identities) => {
  let known: Identities | undefined;
  return () => {
    const file = identityFile(sources);
    known ??= { file, keys: readIdentities(file, nodeFiles) };
    return known;
  };
};

/** What is said where a secret of age is nowhere. `where`: the place that names it. */
export const missingFile = (
  { name, file }: { readonly name: string; readonly file: string },
  where?: Place,
): Problem => ({
  kind: 'secret',
  what: `the secret age ${name} is missing: there is no ${file}`,
  ...(where && { where }),
  next: [fcopsCommand(['secrets', 'set', name])],
});

const fromAge = async (
  { name, file }: Extract<SecretKept, { kind: 'age' }>,
  identities: () => Identities,
): Promise<Result<string, Problem>> => {
  const text = nodeFiles.read(file);
  if (text === undefined) return err(missingFile({ name, file }));
  const { file: identityPath, keys } = identities();
  if (!keys.ok) return keys;
  const { decrypted } = await import('./envelope.ts');
  const value = await decrypted({ file, text }, keys.value, identityPath);
  return value.ok ? ok(value.value) : value;
};
