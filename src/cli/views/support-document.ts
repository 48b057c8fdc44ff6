import * as z from 'zod';
import type { SupportArchive } from '../../ops/support/archive.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const SUPPORT_FORMAT = 'fcops-support/1';

/** The documented form of what `fcops support` has written. */
export const supportDocumentSchema = z.strictObject({
  format: z.literal(SUPPORT_FORMAT),
  miner: z.string(),
  host: z.string(),
  file: z.string().describe('The archive; only its owner can read it.'),
  bytes: z.int(),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
  missing: z
    .array(z.strictObject({ name: z.string(), why: z.string() }))
    .describe('What could not be had. The index in the archive says the same.'),
});

export type SupportDocument = z.infer<typeof supportDocumentSchema>;

export const supportDocument = (
  about: { readonly miner: string; readonly host: string; readonly file: string },
  { bytes, files, missing }: SupportArchive,
): SupportDocument => ({
  format: SUPPORT_FORMAT,
  ...about,
  bytes: bytes.length,
  files: files.map((file) => ({ ...file })),
  missing: missing.map((one) => ({ ...one })),
});
