import * as z from 'zod';
import { placeSchema } from '../../core/problem-schema.ts';
import { type Explained, type Said, SCOPES } from '../../inventory/explain.ts';
import type { ExplainedHost } from '../../ops/explain-host.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const EXPLAIN_FORMAT = 'fcops-inventory-explain/1';

const saidSchema = z.strictObject({
  value: z.unknown().describe('As JSON; of a secret what it is called, in words; null where it is unset.'),
  from: z.strictObject({
    scope: z
      .enum(SCOPES)
      .describe(
        'host counts more than group, group more than cluster, cluster more than default; profile: the hardware model; unset: nobody has set it.',
      ),
    group: z.string().nullable().describe('Name of the group.'),
    place: placeSchema.nullable().describe('Null: it stands in no file.'),
  }),
});

/** The documented form of what `fcops inventory explain` prints. */
export const explainDocumentSchema = z.strictObject({
  format: z.literal(EXPLAIN_FORMAT),
  miner: z.string(),
  file: z.string(),
  host: z.string(),
  groups: z.array(z.string()).describe('In the order of the file.'),
  values: z
    .array(
      z.strictObject({
        key: z
          .string()
          .describe('As the file has it, with dots: variables.timezone; of a model profile.memoryGiB.'),
        ...saidSchema.shape,
        over: z.array(saidSchema).describe('What it counts more than, the strongest first.'),
      }),
    )
    .describe(
      'Without a key, those of the hardware model, checksums and programs that the host does not run are left out.',
    ),
});
export type ExplainDocument = z.infer<typeof explainDocumentSchema>;

/** The value that is printed. */
export const explainDocument = ({ cluster, host, values }: ExplainedHost): ExplainDocument => ({
  format: EXPLAIN_FORMAT,
  miner: cluster.miner,
  file: cluster.file,
  host: host.name,
  groups: [...host.groups],
  values: values.map(({ key, over, ...said }: Explained) => ({
    key,
    ...saidDocument(said),
    over: over.map(saidDocument),
  })),
});

const saidDocument = ({ value, from: { scope, group, place } }: Said) => ({
  value,
  from: { scope, group, place: place && { ...place } },
});
