import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { SECTOR_SIZES } from '../../core/profile.ts';
import type { BatchResult } from '../../ops/sectors/do-batch.ts';
import type { BatchSector, SectorBatch } from '../../ops/sectors/sector-batch.ts';
import { sectorDocument, sectorFields } from './sectors-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const SECTORS_CHANGE_FORMAT = 'fcops-sectors-change/1';

const batchSectorSchema = z.strictObject({
  ...sectorFields,
  to: z
    .string()
    .nullable()
    .describe('The state that lotus-miner is told to give it; null: it is removed, or left alone.'),
  done: z.array(z.string()).describe('Stages that it has behind it: PC1, PC2, C2.'),
  spent: z
    .strictObject({ least: z.number(), most: z.number() })
    .nullable()
    .describe('Seconds that these take (handbook 5.1.1); null: nobody says.'),
  refusal: z.string().nullable().describe('Why nothing is done with it.'),
});

/** The documented form of what `fcops sectors retry`, `discard` and `remove` do. */
export const sectorsChangeDocumentSchema = z.strictObject({
  format: z.literal(SECTORS_CHANGE_FORMAT),
  action: z
    .enum(['retry', 'discard', 'remove'])
    .describe('discard: given up, the files stay. remove: with the files.'),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  sectorSize: z.enum(SECTOR_SIZES),
  sectors: z.array(batchSectorSchema).describe('Those that it is done with, or would be.'),
  left: z.array(batchSectorSchema).describe('Those that were asked for, and are left alone.'),
  beyond: z.int().describe('So many more are in this state: they are beyond the limit.'),
  refused: z.array(z.string()).describe('Why nothing is done at all, whoever says yes.'),
  result: z
    .strictObject({
      stopped: z.boolean(),
      outcomes: z.array(
        z.strictObject({
          number: z.int(),
          type: z
            .enum(['done', 'under way', 'taken', 'not done', 'unknown', 'not begun'])
            .describe(
              'done: seen to be. taken: lotus-miner took it, and was not seen to do it yet. unknown: nobody knows whether it took it.',
            ),
          state: z.string().nullable().describe('Seen afterwards; null: it was not.'),
          why: z.string().nullable(),
        }),
      ),
    })
    .nullable()
    .describe('Null: nothing was done: a dry run, a refusal, or nobody agreed.'),
});

export type SectorsChangeDocument = z.infer<typeof sectorsChangeDocumentSchema>;

/** The value that is printed. `now`: seconds since 1970. */
export const sectorsChangeDocument = (
  batch: SectorBatch,
  result: BatchResult | null,
  now: number,
): SectorsChangeDocument => ({
  format: SECTORS_CHANGE_FORMAT,
  action: batch.action,
  miner: batch.miner,
  minerHost: batch.minerHost,
  at: momentOf(now) ?? '',
  sectorSize: batch.sectorSize,
  sectors: batch.chosen.map(batchSectorDocument),
  left: batch.left.map(batchSectorDocument),
  beyond: batch.beyond,
  refused: batch.refusals.map(({ what }) => what),
  result: result && {
    stopped: result.isStopped,
    outcomes: result.outcomes.map((outcome) => ({ ...outcome })),
  },
});

const batchSectorDocument = (sector: BatchSector): SectorsChangeDocument['sectors'][number] => ({
  ...sectorDocument(sector),
  to: sector.to,
  done: [...sector.done],
  spent: sector.spent && { ...sector.spent },
  refusal: sector.refusal,
});
