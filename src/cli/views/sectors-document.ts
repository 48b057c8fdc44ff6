import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { SECTOR_SIZES } from '../../core/profile.ts';
import { isFailed } from '../../lotus/sector-states.ts';
import type { KnownSector } from '../../ops/sectors/known.ts';
import type { SectorsView } from '../../ops/sectors/overview.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const SECTORS_FORMAT = 'fcops-sectors/1';

/** What is known of a sector, as both documents about sectors have it. */
export const sectorFields = {
  number: z.int(),
  state: z.string().nullable().describe('As lotus-miner calls it; null: it does not tell.'),
  age: z
    .number()
    .nullable()
    .describe('Seconds since its last event, by the clock of the miner host; null: not known.'),
  says: z.string().nullable().describe('What lotus-miner says last of what went wrong with it.'),
  onChain: z.boolean().nullable().describe('Whether it is committed on the chain; null: not told.'),
  preCommit: z
    .string()
    .nullable()
    .describe('The message that its deposit was paid with; null: none was sent, or it is not known.'),
  commit: z.string().nullable().describe('The message that it comes to the chain with; null as above.'),
  deals: z.int().nullable(),
  untold: z.string().nullable().describe('Why lotus-miner tells nothing more of it.'),
};

/** The documented form of what `fcops sectors` shows. */
export const sectorsDocumentSchema = z.strictObject({
  format: z.literal(SECTORS_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  sectorSize: z.enum(SECTOR_SIZES),
  total: z.int().nullable().describe('All sectors, removed ones too; null: not known.'),
  counts: z
    .array(z.strictObject({ state: z.string(), sectors: z.int(), failed: z.boolean() }))
    .nullable()
    .describe('By state, as lotus-miner info tells them; a state without a sector is not in it.'),
  countsUnknown: z.string().nullable().describe('Why that is not known.'),
  chain: z
    .strictObject({ state: z.enum(['ok', 'slow', 'behind', 'unsaid']), behind: z.number().nullable() })
    .nullable()
    .describe('How far the node is behind, in seconds; null: not known.'),
  states: z.array(z.string()).describe('The states whose sectors are listed.'),
  sectors: z.array(z.strictObject(sectorFields)).describe('Sectors in these states, by number.'),
  asked: z.int().describe('So many of them, from the first on, were asked about one by one.'),
});

export type SectorsDocument = z.infer<typeof sectorsDocumentSchema>;

/** A sector with no more than what documents have of it. */
export const sectorDocument = (sector: KnownSector): SectorsDocument['sectors'][number] => {
  const { number, state, age, says, onChain, preCommit, commit, deals, untold } = sector;
  return { number, state, age, says, onChain, preCommit, commit, deals, untold };
};

/** The value that is printed. `now`: seconds since 1970. */
export const sectorsDocument = (view: SectorsView, now: number): SectorsDocument => ({
  format: SECTORS_FORMAT,
  miner: view.miner,
  minerHost: view.minerHost,
  at: momentOf(now) ?? '',
  sectorSize: view.sectorSize,
  total: view.counts?.total ?? null,
  counts:
    view.counts &&
    [...view.counts.states].map(([state, sectors]) => ({ state, sectors, failed: isFailed(state) })),
  countsUnknown: view.countsUnknown,
  chain: view.chain && {
    state: view.chain.type,
    behind: 'seconds' in view.chain ? view.chain.seconds : null,
  },
  states: [...view.states],
  sectors: view.sectors.map(sectorDocument),
  asked: view.asked,
});
