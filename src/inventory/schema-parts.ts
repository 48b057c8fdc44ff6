import * as z from 'zod';

/** What the schemas of an inventory are made of. */

export const ROLE_NAMES = ['miner', 'p1', 'c2', 'apx'] as const;

/** Text of a form; the message follows "`key` …". */
export const matching = (pattern: RegExp, message: string) => z.string().regex(pattern, message);

/** A value as a person may write it, for editors and for advice. */
export const like = (...examples: readonly (string | number)[]) => ({ examples: [...examples] });

export const secretRefSchema = z
  .strictObject({
    env: matching(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')
      .exactOptional()
      .meta(like('F0494733_TOKEN'))
      .describe('Name of an environment variable that holds the secret.'),
    file: matching(/./, 'must be the path of a file')
      .exactOptional()
      .meta(like('secrets/token'))
      .describe('File that holds the secret and nothing else, mode 0600; relative to the inventory file.'),
  })
  .refine((ref) => Object.keys(ref).length === 1, 'must have either `env` or `file`');

/** Where a secret is kept. The secret itself never stands in an inventory. */
export type SecretRef = z.infer<typeof secretRefSchema>;

/** A place where a secret is kept. */
export const secret = (description: string) =>
  secretRefSchema.meta({ description, minProperties: 1, maxProperties: 1 }).describe(description);
