import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { SECTOR_SIZES } from '../../core/profile.ts';
import type { ApxPlace } from '../../ops/pledge/places.ts';
import type { Pledged } from '../../ops/pledge/pledge.ts';
import type { PledgePlan } from '../../ops/pledge/pledge-plan.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const PLEDGE_FORMAT = 'fcops-pledge/1';

const placeSchema = z.strictObject({
  host: z.string(),
  state: z
    .enum(['takes', 'disabled', 'paused', 'missing', 'unknown'])
    .describe('Whether its APx is given AddPiece; missing: lotus-miner does not list it.'),
  why: z.string().nullable().describe('Of one that is unknown.'),
  limit: z.int().nullable().describe('Sectors that it takes on at a time, by its profile (--maxsealing).'),
  held: z
    .strictObject({
      sectors: z.int(),
      by: z.enum(['storage', 'tasks']).describe('tasks: at least so many, by the tasks at its host.'),
    })
    .nullable(),
  free: z.int().nullable(),
  room: z.strictObject({ used: z.number(), total: z.number() }).nullable().describe('Bytes of its cache.'),
  share: z.int().describe('How many would go there, as it looks now; lotus-miner decides.'),
});

/** The documented form of what `fcops pledge` does. */
export const pledgeDocumentSchema = z.strictObject({
  format: z.literal(PLEDGE_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  sectorSize: z.enum(SECTOR_SIZES),
  asked: z.int().describe('Sectors that are to be pledged.'),
  places: z.array(placeSchema).describe('Hosts with APx, in the order of the inventory.'),
  packing: z.int().nullable().describe('Sectors that were pledged and have no piece yet; null: not known.'),
  free: z
    .int()
    .nullable()
    .describe('Free places of those that take sectors, without what is in Packing; null: not known.'),
  p1: z.strictObject({ slots: z.int().describe('P1 workers that take tasks.'), running: z.int() }),
  seconds: z
    .number()
    .nullable()
    .describe('Until the last is sealed, at the least (handbook 5.1.1); null: it cannot be said.'),
  store: z.number().nullable().describe('Bytes that are free where sectors are kept; null: not known.'),
  available: z.string().nullable().describe('attoFIL that the miner can pledge with; null: not known.'),
  last: z
    .strictObject({
      who: z.string(),
      run: z.string(),
      since: z.string(),
      asked: z.int(),
      made: z.int(),
      unknown: z.int(),
    })
    .nullable()
    .describe('The newest pledge of fcops that the host knows of.'),
  refused: z.array(z.string()).describe('Why nothing is pledged, whoever says yes.'),
  warnings: z.array(z.string()),
  result: z
    .strictObject({
      state: z
        .enum(['done', 'failed', 'stopped', 'locked', 'lost'])
        .describe('stopped: as asked. lost: the connection is, and the host goes on by itself.'),
      made: z.int(),
      sectors: z.array(z.int()).describe('Their numbers, where lotus-miner tells them.'),
      unknown: z.int().describe('Of so many more it is not known whether they were made, or will be.'),
    })
    .nullable()
    .describe('Null: nothing was pledged: a dry run, a refusal, or nobody agreed.'),
});

export type PledgeDocument = z.infer<typeof pledgeDocumentSchema>;

/** The value that is printed. `now`: seconds since 1970. */
export const pledgeDocument = (plan: PledgePlan, result: Pledged | null, now: number): PledgeDocument => ({
  format: PLEDGE_FORMAT,
  miner: plan.miner,
  minerHost: plan.minerHost,
  at: momentOf(now) ?? '',
  sectorSize: plan.sectorSize,
  asked: plan.asked,
  places: plan.places.map(placeDocument),
  packing: plan.packing,
  free: plan.free,
  p1: { ...plan.p1 },
  seconds: plan.seconds,
  store: plan.store,
  available: plan.available === null ? null : `${plan.available}`,
  last: plan.last && {
    ...plan.last.by,
    asked: plan.last.asked,
    made: plan.last.made,
    unknown: plan.last.unknown,
  },
  refused: plan.refusals.map(({ what }) => what),
  warnings: [...plan.warnings],
  result: result && {
    state: result.state,
    made: result.made,
    sectors: [...result.sectors],
    unknown: result.unknown,
  },
});

const placeDocument = ({ held, room, ...place }: ApxPlace): PledgeDocument['places'][number] => ({
  ...place,
  held: held && { ...held },
  room: room && { ...room },
});
