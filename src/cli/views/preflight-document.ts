import * as z from 'zod';
import { momentOf } from '../../core/moment.ts';
import type { Finding } from '../../ops/preflight/finding.ts';
import { CHECKS } from '../../ops/preflight/finding.ts';
import type { HostPreflight } from '../../ops/preflight/preflight.ts';
import { addressesIn } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import { addressesShape } from './addresses-shape.ts';
import { commandsSchema, problemDocument, problemDocumentSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const PREFLIGHT_FORMAT = 'fcops-preflight/1';

const findingSchema = z.strictObject({
  check: z.enum(CHECKS),
  state: z
    .enum(['ok', 'off', 'warn', 'unknown'])
    .describe(
      'off: a deploy that starts something would fail by it. warn: it may. unknown: nobody could tell.',
    ),
  about: z.string().describe('An address, a name, a port, a command.'),
  message: z.string(),
  why: z.string().exactOptional(),
  next: z.string().exactOptional().describe('What to do about it.'),
  commands: commandsSchema.exactOptional(),
  quiet: z
    .literal(true)
    .exactOptional()
    .describe('Of what is unknown: another finding says why, or nobody has to know.'),
});

const hostSchema = z.strictObject({
  host: z.string(),
  ...addressesShape,
  state: z
    .enum(['ready', 'off', 'unseen'])
    .describe('ready: nothing is off. unseen: the host could not be asked, as its problems say.'),
  findings: z.array(findingSchema),
  problems: z.array(problemDocumentSchema),
});

/** The documented form of a preflight. */
export const preflightDocumentSchema = z.strictObject({
  format: z.literal(PREFLIGHT_FORMAT),
  miner: z.string(),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  hosts: z.array(hostSchema).describe('In the order of the inventory, the miner first.'),
  counts: z.strictObject({
    hosts: z.int(),
    ready: z.int(),
    unsure: z.int().describe('Of those that are ready: hosts of which something is unknown.'),
    off: z.int(),
    unseen: z.int(),
  }),
});

export type PreflightDocument = z.infer<typeof preflightDocumentSchema>;
export type PreflightHostDocument = z.infer<typeof hostSchema>;
export type PreflightFinding = z.infer<typeof findingSchema>;

/** A preflight as the value that is printed, in whatever format. `now`: seconds since 1970. */
export const preflightDocument = (
  miner: string,
  asked: readonly HostPreflight[],
  now: number,
  words: Words,
): PreflightDocument => {
  const hosts = asked.map((one) => hostDocument(one, words));
  const inState = (state: PreflightHostDocument['state']) =>
    hosts.filter((one) => one.state === state).length;
  return {
    format: PREFLIGHT_FORMAT,
    miner,
    at: momentOf(now) ?? '',
    hosts,
    counts: {
      hosts: hosts.length,
      ready: inState('ready'),
      unsure: hosts.filter(isUnsure).length,
      off: inState('off'),
      unseen: inState('unseen'),
    },
  };
};

const hostDocument = (one: HostPreflight, words: Words): PreflightHostDocument => {
  const about = { host: one.host, ...addressesIn(one) };
  if (one.state === 'unseen') {
    const problems = one.problems.map((problem) => problemDocument(problem, words));
    return { ...about, state: 'unseen', findings: [], problems };
  }
  const isOff = one.findings.some(({ state }) => state === 'off');
  const findings = one.findings.map((finding) => findingDocument(finding, words));
  return { ...about, state: isOff ? 'off' : 'ready', findings, problems: [] };
};

const isUnsure = ({ state, findings }: PreflightHostDocument): boolean =>
  state === 'ready' && findings.some((finding) => finding.state === 'unknown' && !finding.quiet);

const findingDocument = (
  { check, state, about, message, why, next, isQuiet }: Finding,
  words: Words,
): PreflightFinding => ({
  ...{ check, state, about, message },
  ...(why !== undefined && why !== '' && { why }),
  ...adviceOf(next, words),
  ...(isQuiet && { quiet: true }),
});
