import * as z from 'zod';
import type { CheckedSecrets } from '../../ops/secrets/check-secrets.ts';
import { LEVELS } from '../../ops/secrets/finding.ts';
import type { Words } from '../text/words.ts';
import { problemDocument, problemDocumentSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const SECRETS_CHECK_FORMAT = 'fcops-secrets-check/1';

/** The documented form of what `fcops secrets check` prints. */
export const secretsCheckDocumentSchema = z.strictObject({
  format: z.literal(SECRETS_CHECK_FORMAT),
  kept: z.number().describe('Secrets that are kept encrypted.'),
  recipients: z.number().describe('Those who are to be able to decrypt.'),
  known: z.number().describe('Values that were known here, and looked for in the clear.'),
  wrong: z.number().describe('Findings that have to be mended; the exit code is 1 where there are any.'),
  warnings: z.number().describe('Findings that may be meant so: secrets that nobody names.'),
  unknown: z.number().describe('What could not be looked at here.'),
  findings: z.array(z.strictObject({ level: z.enum(LEVELS), problem: problemDocumentSchema })),
});
export type SecretsCheckDocument = z.infer<typeof secretsCheckDocumentSchema>;

/** The value that is printed. */
export const secretsCheckDocument = (
  { findings, kept, recipients, known }: CheckedSecrets,
  words: Words,
): SecretsCheckDocument => {
  const countOf = (level: string) => findings.filter((one) => one.level === level).length;
  return {
    format: SECRETS_CHECK_FORMAT,
    ...{ kept, recipients, known },
    wrong: countOf('wrong'),
    warnings: countOf('warning'),
    unknown: countOf('unknown'),
    findings: findings.map(({ level, problem }) => ({ level, problem: problemDocument(problem, words) })),
  };
};
