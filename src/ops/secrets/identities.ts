import { posix } from 'node:path';
import { edit, fcopsCommand, shellHere } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { quote } from '../../core/shell.ts';
import type { Files } from '../../inventory/files.ts';

/** The environment variable that names the file of the private key. */
export const IDENTITY_VARIABLE = 'FCOPS_AGE_IDENTITY';

/** Where the private key may be. */
export interface IdentitySources {
  /** File of the private key that opens secrets; where it is left out, $FCOPS_AGE_IDENTITY or the usual one. */
  readonly identity?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Where the private key is: as it was given, else in the home directory. */
export const identityFile = ({ identity, env, home }: IdentitySources): string =>
  identity ??
  (env[IDENTITY_VARIABLE] || posix.join(env.XDG_CONFIG_HOME || posix.join(home, '.config'), 'fcops/age.key'));

/** The private keys of a file, as age has it: one a line, `#` before comments. Nothing of it is quoted in a problem. */
export const readIdentities = (file: string, files: Files): Result<readonly string[], Problem> => {
  const mode = files.mode(file);
  const text = mode === undefined ? undefined : files.read(file);
  if (mode === undefined || text === undefined)
    return err({
      kind: 'secret',
      what: 'there is no private key of age to decrypt secrets with',
      where: { file },
      next: [
        edit(`name its file: --identity FILE or ${IDENTITY_VARIABLE}`),
        fcopsCommand(
          ['secrets', 'init'],
          'where you have none yet, make one, and have somebody who can decrypt rotate then (`fcops secrets rotate`)',
        ),
      ],
    });
  if ((mode & 0o077) !== 0)
    return err({
      kind: 'secret',
      what: `others can read the private key (mode ${mode.toString(8).padStart(4, '0')})`,
      where: { file },
      next: [shellHere(`chmod 600 ${quote(file)}`)],
    });
  const keys: string[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const key = written.trim();
    if (key === '' || key.startsWith('#')) continue;
    const why = refusal(key);
    if (why !== undefined)
      return err({
        kind: 'secret',
        what: 'this is no private key of age that fcops can use',
        where: { file, line: index + 1 },
        why,
        next: [edit('name another file: --identity FILE')],
      });
    keys.push(key);
  }
  if (keys.length > 0) return ok(keys);
  return err({ kind: 'secret', what: 'there is no private key in it', where: { file } });
};

const refusal = (key: string): string | undefined => {
  if (/^AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]{58}$/.test(key)) return undefined;
  if (/^-----BEGIN AGE ENCRYPTED FILE/.test(key) || key.startsWith('age-encryption.org/'))
    return 'it is encrypted with a passphrase: decrypt it with age first';
  if (/^-----BEGIN .*PRIVATE KEY/.test(key))
    return 'it is an SSH key, and the age library that fcops is built with knows none of them (age itself does)';
  if (/^AGE-PLUGIN-/.test(key)) return 'it is of a plugin, and fcops starts none';
  return 'private keys of age begin with AGE-SECRET-KEY-1';
};
