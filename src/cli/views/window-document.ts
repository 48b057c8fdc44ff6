import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import { fcopsCommand } from '../../core/next.ts';
import { EPOCH } from '../../lotus/epochs.ts';
import type { Gap, LiveWindow } from '../../lotus/proving-schedule.ts';
import type { ProvingWindow, WindowSeen } from '../../lotus/proving-window.ts';
import type { WindowLook } from '../../ops/window/ask.ts';
import type { Downtime } from '../../ops/window/downtime.ts';
import { closedText, doneText } from '../../ops/window/words.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const WINDOW_FORMAT = 'fcops-window/1';

const momentSchema = z.strictObject({
  epoch: z.int(),
  at: z.string().describe('When that is, by the clock of this machine: 2026-11-22T10:30:00Z'),
});

/** The documented form of what `fcops window` shows. */
export const windowDocumentSchema = z.strictObject({
  format: z.literal(WINDOW_FORMAT),
  miner: z.string(),
  minerHost: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  state: z
    .enum(['open', 'closed', 'unknown', 'idle'])
    .describe(
      'Whether lotus and lotus-miner may be stopped now. unknown: it cannot be told, which is not safe. idle: no lotus-miner runs, so that nothing is lost.',
    ),
  reasons: z
    .array(
      z.strictObject({
        why: z.string().describe('A word for programs: proven, unproven, too near …'),
        message: z.string(),
        next: z.string().exactOptional().describe('What to do about it.'),
        commands: commandsSchema.exactOptional(),
      }),
    )
    .describe('Why that is so.'),
  downtime: z
    .strictObject({
      needed: z.int().describe('Seconds that a gap has to be long: the next two together.'),
      seconds: z.int(),
      margin: z.int(),
      by: z
        .enum(['measured', 'assumed', 'stated'])
        .describe('measured: the longest of the last restarts. assumed: there was none. stated: --downtime.'),
      restarts: z.int().describe('Restarts that it was measured by.'),
    })
    .describe('How long lotus-miner is reckoned to be away.'),
  now: z.int().nullable().describe('Epoch.'),
  deadline: z
    .strictObject({
      index: z.int(),
      sectors: z.int(),
      partitions: z.int(),
      proven: z.int(),
      closes: momentSchema.nullable().describe('null: no window is open.'),
    })
    .nullable(),
  next: z
    .strictObject({
      deadline: z.int(),
      computes: momentSchema.describe('When lotus-miner begins with its proofs.'),
      opens: momentSchema,
    })
    .nullable()
    .describe(
      'The next window in which something is to be proven; null: none in the coming day, or not known.',
    ),
  until: momentSchema.nullable().describe('Where it is open: the last epoch at which a stop may begin.'),
  gaps: z
    .array(
      z.strictObject({
        from: momentSchema,
        sure: momentSchema
          .nullable()
          .describe(
            'From when on it is there whatever comes; null: only where the proofs of then come in time.',
          ),
        until: momentSchema.describe('The last epoch at which a stop may begin.'),
      }),
    )
    .nullable()
    .describe('The gaps of the coming day that are long enough; null: not known.'),
});

export type WindowDocument = z.infer<typeof windowDocumentSchema>;

/** The value that is printed. `now`: seconds since 1970. */
export const windowDocument = (
  look: WindowLook,
  downtime: Downtime,
  about: { readonly miner: string; readonly minerHost: string },
  now: number,
  words: Words,
): WindowDocument => {
  const seen = seenIn(look);
  const at = (epoch: number) => ({
    epoch,
    at: momentOf(Math.round(now + (epoch - (seen?.now ?? 0)) * EPOCH)) ?? '',
  });
  return {
    format: WINDOW_FORMAT,
    ...about,
    at: momentOf(now) ?? '',
    state: look.type,
    reasons: reasonsOf(look, about, words),
    downtime: { ...downtime },
    now: seen?.now ?? null,
    deadline: seen && {
      index: seen.deadline,
      sectors: seen.sectors,
      partitions: seen.partitions,
      proven: seen.proven,
      closes: seen.closes === null ? null : at(seen.closes),
    },
    next: seen?.next ? nextDocument(seen.next, at) : null,
    until: look.type === 'open' && look.until !== null ? at(look.until) : null,
    gaps:
      gapsIn(look)?.map(({ from, sure, until }) => ({
        from: at(from),
        sure: sure === null ? null : at(sure),
        until: at(until),
      })) ?? null,
  };
};

type At = (epoch: number) => z.infer<typeof momentSchema>;

const nextDocument = ({ deadline, computes, opens }: LiveWindow, at: At) => ({
  deadline,
  computes: at(computes),
  opens: at(opens),
});

const seenIn = (look: WindowLook): WindowSeen | null =>
  look.type === 'open' || look.type === 'closed' ? look.seen : null;

const gapsIn = (look: WindowLook): readonly Gap[] | null =>
  look.type === 'open' || look.type === 'closed' ? look.gaps : null;

const reasonsOf = (
  look: ProvingWindow | WindowLook,
  { miner }: { readonly miner: string },
  words: Words,
): WindowDocument['reasons'] => {
  switch (look.type) {
    case 'idle':
      return [{ why: 'idle', message: 'no lotus-miner runs on the host: a stop takes no proof from it' }];
    case 'unknown':
      return [
        {
          ...{ why: 'unknown', message: look.why },
          ...adviceOf(
            [fcopsCommand(['status', '--role', 'miner', '--miner', miner], 'see what answers there')],
            words,
          ),
        },
      ];
    case 'open':
      return [{ why: look.done, message: doneText(look.done, look.seen.deadline) }];
    case 'closed':
      return look.by.map((by) => ({ why: by.why, message: closedText(by, look.seen?.now ?? 0) }));
  }
};
