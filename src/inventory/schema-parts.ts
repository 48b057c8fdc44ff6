import * as z from 'zod';
import { AGE_NAME } from './age-places.ts';

/** What the schemas of an inventory are made of. */

export const ROLE_NAMES = ['miner', 'p1', 'c2', 'apx'] as const;

/** Text of a form; the message follows "`key` …". */
export const matching = (pattern: RegExp, message: string) => z.string().regex(pattern, message);

/** A value as a person may write it, for editors and for advice. */
export const like = (...examples: readonly (string | number)[]) => ({ examples: [...examples] });

/** Schemas of places where a secret is kept. What is made of one by `describe`, `meta` and the like is one too. */
const secretSchemas = z.registry<{ readonly secret: true }>();

/** Whether what stands at a schema is a secret: the type says it, and nothing else has to. */
export const isSecretType = (schema: z.core.$ZodType): boolean => secretSchemas.get(schema) !== undefined;

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
    age: matching(AGE_NAME, 'must be the name of a secret, like f0494733-token')
      .exactOptional()
      .meta(like('f0494733-token'))
      .describe(
        'Name of a secret that is kept encrypted with age beside the inventory file, in secrets/NAME.age (`fcops secrets set`).',
      ),
    exec: z
      .tuple([z.string().min(1)], z.string())
      .exactOptional()
      .meta({ examples: [['vault', 'kv', 'get', '-field=token', 'secret/f0494733']] })
      .describe(
        'Command that prints the secret and nothing else, word by word; run without a shell, where the inventory file is.',
      ),
  })
  .refine((ref) => Object.keys(ref).length === 1, 'must have exactly one of `age`, `env`, `file` and `exec`')
  .register(secretSchemas, { secret: true });

/** Where a secret is kept. The secret itself never stands in an inventory. */
export type SecretRef = z.infer<typeof secretRefSchema>;

/** A place where a secret is kept. */
export const secret = (description: string) =>
  secretRefSchema.meta({ description, minProperties: 1, maxProperties: 1 }).describe(description);
