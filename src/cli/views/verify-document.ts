import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { Check } from '../../ops/verify/check.ts';
import { CHECK_KINDS } from '../../ops/verify/check.ts';
import type { Verified, VerifiedHost } from '../../ops/verify/verify.ts';
import { isRight } from '../../ops/verify/verify.ts';
import { ROLE_NAMES } from '../../roles/role-names.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const VERIFY_FORMAT = 'fcops-verify/1';

const checkSchema = z.strictObject({
  kind: z.enum(CHECK_KINDS),
  name: z.string().describe('Unique among those of the host: P1-3 is registered.'),
  process: z.string().nullable().describe('That it is about; null: it is about the machine.'),
  result: z.enum(['ok', 'off', 'unknown']).describe('unknown: nobody can tell. It is not taken for right.'),
  message: z.string(),
  why: z.string().exactOptional(),
  since: z
    .strictObject({
      at: z.string().describe('By the clock of the host.'),
      by: z
        .enum(['start', 'log', 'unit'])
        .describe(
          'start: the process was started then. log: its log was last written then. unit: it ended then, as systemd says.',
        ),
      seconds: z.number().describe('How long ago that is, a clock that is off taken into account.'),
    })
    .exactOptional()
    .describe('Left out: the host does not tell.'),
  next: z.string().exactOptional().describe('What to do about it.'),
  commands: commandsSchema.exactOptional(),
});

const hostSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  roles: z.array(z.enum(ROLE_NAMES)),
  state: z.enum(['seen', 'unseen', 'pending']).describe('unseen: it could not be looked at.'),
  right: z.boolean().describe('Whether all of its checks are ok.'),
  groups: z
    .array(
      z.strictObject({
        role: z.enum(ROLE_NAMES),
        group: z.string().describe('P1 of P1-3.'),
        wanted: z.int(),
        running: z.int(),
        registered: z.int().nullable().describe('Null: they are no workers, or it is not known.'),
      }),
    )
    .describe('How many processes of each kind it has; in the order in which they are started.'),
  clock: z
    .strictObject({
      offset: z.number().describe('Milliseconds against the clock of this machine; above 0: ahead.'),
      uncertainty: z.number().describe('Milliseconds on both sides: what the way there and back has taken.'),
      synchronized: z
        .enum(['yes', 'no', 'unknown'])
        .describe('Whether the host says that something keeps it right.'),
      by: z.enum(['chrony', 'ntp', 'kernel']).exactOptional().describe('Who says so.'),
    })
    .nullable()
    .describe('Null: it could not be measured.'),
  checks: z.array(checkSchema),
  restart: z
    .array(z.string())
    .describe('Processes that run with something old. That is no check: they do their work.'),
  lockedBy: z
    .strictObject({ who: z.string(), run: z.string(), since: z.string() })
    .nullable()
    .describe('The run that is changing it right now.'),
});

/** The documented form of what a verification came to. */
export const verifyDocumentSchema = z.strictObject({
  format: z.literal(VERIFY_FORMAT),
  miner: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  right: z.boolean().describe('Whether all checks of all hosts are ok.'),
  minerHost: z.string().nullable().describe('The host that says what is registered.'),
  strangers: z
    .array(
      z.strictObject({
        id: z.string(),
        host: z.string().describe('As its machine calls itself; empty: it does not tell.'),
        address: z.string().nullable().describe('Address and port; null: lotus-miner does not tell.'),
      }),
    )
    .describe('Workers that the miner lists of hosts that the inventory does not know. That is no check.'),
  hosts: z.array(hostSchema).describe('In the order of the inventory, the miner first.'),
  counts: z.strictObject({
    hosts: z.int(),
    pending: z.int().describe('Hosts that have not been looked at yet.'),
    checks: z.int(),
    ok: z.int(),
    off: z.int(),
    unknown: z.int(),
  }),
});

export type VerifyDocument = z.infer<typeof verifyDocumentSchema>;
export type VerifyHost = z.infer<typeof hostSchema>;
export type VerifyCheck = z.infer<typeof checkSchema>;

/** What a verification came to, as the value that is printed in whatever format. `now`: seconds since 1970. */
export const verifyDocument = (verified: Verified, now: number, words: Words): VerifyDocument => {
  const hosts = verified.hosts.map((host) => hostDocument(host, now, words));
  const checks = hosts.flatMap((host) => host.checks);
  const having = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  return {
    format: VERIFY_FORMAT,
    miner: verified.miner,
    at: momentOf(now) ?? '',
    right: isRight(verified),
    minerHost: verified.minerHost,
    strangers: verified.strangers.map(({ id, host, url }) => ({
      ...{ id, host },
      address: url && `${url.host}:${url.port}`,
    })),
    hosts,
    counts: {
      hosts: hosts.length,
      pending: hosts.filter(({ state }) => state === 'pending').length,
      checks: checks.length,
      ok: having('ok'),
      off: having('off'),
      unknown: having('unknown'),
    },
  };
};

const hostDocument = (
  { host, address, listen, roles, state, groups, clock, checks, restartOwed, lockedBy }: VerifiedHost,
  now: number,
  words: Words,
): VerifyHost => ({
  ...{ host, ...addressesIn({ address, listen }), state },
  roles: [...roles],
  right: state === 'seen' && checks.every(({ result }) => result === 'ok'),
  groups: groups.map((group) => ({ ...group })),
  clock: clock && {
    offset: Math.round(clock.offset),
    uncertainty: Math.ceil(clock.uncertainty),
    synchronized: clock.synchronized.type,
    ...(clock.synchronized.type !== 'unknown' && { by: clock.synchronized.by }),
  },
  checks: checks.map((check) => checkDocument(check, now + (clock?.offset ?? 0) / 1000, words)),
  restart: [...restartOwed],
  lockedBy: lockedBy && { ...lockedBy },
});

/** `now`: by the clock of the host. */
const checkDocument = (check: Check, now: number, words: Words): VerifyCheck => {
  const { kind, name, process, result, message, why, since } = check;
  const at = since && momentOf(since.at);
  return {
    ...{ kind, name, process, result, message },
    ...(why !== undefined && { why }),
    ...(since && at && { since: { at, by: since.by, seconds: Math.max(0, Math.round(now - since.at)) } }),
    ...adviceOf(check.next, words),
  };
};
