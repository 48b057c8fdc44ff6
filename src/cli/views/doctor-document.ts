import * as z from 'zod';
import { groupBy } from '../../core/group-by.ts';
import { momentOf } from '../../core/moment.ts';
import type { Next } from '../../core/next.ts';
import type { Diagnosed } from '../../ops/doctor/doctor.ts';
import type { Finding, Severity, Unknown } from '../../ops/doctor/finding.ts';
import { FINDING_KINDS, SEVERITIES } from '../../ops/doctor/finding.ts';
import type { AddressBook } from '../text/addresses.ts';
import { addressesAt } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Words } from '../text/words.ts';
import { adviceOf } from '../text/words.ts';
import type { OwnAdvice } from './advice-for-all.ts';
import { adviceForAll } from './advice-for-all.ts';
import { withoutOwn } from './own-words.ts';
import { commandsSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const DOCTOR_FORMAT = 'fcops-doctor/1';

const hostsSchema = z
  .array(z.string())
  .describe('In the order of the inventory; none: the cluster as a whole.');

const findingSchema = z.strictObject({
  severity: z
    .enum(SEVERITIES)
    .describe('critical: work is being lost now. warn: it will be. note: good to know.'),
  kind: z.enum(FINDING_KINDS),
  hosts: hostsSchema,
  processes: z.array(z.string()).describe('Of each of these hosts; none: its machine.'),
  message: z.string(),
  evidence: z.array(
    z.strictObject({
      host: z.string().nullable().describe('Null: it is the same for all of them.'),
      text: z.string(),
    }),
  ),
  cost: z.string().nullable().describe('What waiting costs, on each of its hosts; null: nothing by itself.'),
  next: z.string().exactOptional().describe('What mends it.'),
  commands: commandsSchema.exactOptional(),
});

const unknownSchema = z.strictObject({
  hosts: hostsSchema,
  message: z.string(),
  why: z.string().nullable(),
  next: z.string().exactOptional(),
  commands: commandsSchema.exactOptional(),
});

/** The documented form of a diagnosis. */
export const doctorDocumentSchema = z.strictObject({
  format: z.literal(DOCTOR_FORMAT),
  miner: z.string(),
  minerHost: z.string().nullable().describe('The host that says what sectors are at.'),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  hosts: z.array(z.string()).describe('That were looked at.'),
  healthy: z.boolean().describe('Nothing was found, and nothing is unknown.'),
  findings: z.array(findingSchema).describe('The worst first; what is alike on several hosts once.'),
  unknowns: z.array(unknownSchema).describe('What could not be checked. It is not taken for healthy.'),
  counts: z.strictObject({
    hosts: z.int(),
    critical: z.int(),
    warn: z.int(),
    note: z.int(),
    unknown: z.int(),
  }),
});

export type DoctorDocument = z.infer<typeof doctorDocumentSchema>;
export type DoctorFinding = z.infer<typeof findingSchema>;
export type DoctorUnknown = z.infer<typeof unknownSchema>;

/** A diagnosis as the value that is printed. `now`: seconds since 1970; `addresses`: of hosts, by name. */
export const doctorDocument = (
  diagnosed: Diagnosed,
  now: number,
  words: Words,
  addresses: AddressBook = new Map(),
): DoctorDocument => {
  const { miner, minerHost, hosts } = diagnosed;
  const findings = [...groupBy(diagnosed.findings, alike).values()].flatMap((ones) => folded(ones, words));
  const unknowns = [...groupBy(diagnosed.unknowns, alikeBut(addresses)).values()].flatMap((ones) =>
    foldedUnknown(ones, words),
  );
  const having = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return {
    format: DOCTOR_FORMAT,
    ...{ miner, minerHost },
    at: momentOf(now) ?? '',
    hosts: [...hosts],
    healthy: findings.length + unknowns.length === 0,
    findings,
    unknowns,
    counts: {
      hosts: hosts.length,
      critical: having('critical'),
      warn: having('warn'),
      note: having('note'),
      unknown: unknowns.length,
    },
  };
};

const alike = ({ severity, kind, host, processes, message, cost }: Finding): string =>
  JSON.stringify([severity, kind, host === null, processes, message, cost]);

/** What is alike but for the host's own name and address: a network that is away is one thing for all that are behind it. */
const alikeBut =
  (addresses: AddressBook) =>
  ({ host, message, why }: Unknown): string => {
    const own =
      host === null ? (text: string) => text : withoutOwn({ host, ...addressesAt(addresses, host) });
    return JSON.stringify([host === null, own(message), why === null ? null : own(why)]);
  };

const folded = (ones: readonly Finding[], words: Words): readonly DoctorFinding[] => {
  const [first] = ones;
  if (!first) return [];
  const { severity, kind, processes, message, cost } = first;
  return [
    {
      ...{ severity, kind, message, cost },
      hosts: hostsOf(ones),
      processes: [...processes],
      evidence: evidenceOf(ones),
      ...adviceFor(ones, words),
    },
  ];
};

const foldedUnknown = (ones: readonly Unknown[], words: Words): readonly DoctorUnknown[] => {
  const [first] = ones;
  if (!first) return [];
  const { host, message, why } = first;
  const differ = ones.some((one) => one.message !== message || one.why !== why);
  const own = differ && host !== null ? `${message} (as ${host} says it)` : message;
  return [{ message: own, why, hosts: hostsOf(ones), ...adviceFor(ones, words) }];
};

const hostsOf = (ones: readonly { readonly host: string | null }[]): string[] => [
  ...new Set(ones.flatMap(({ host }) => host ?? [])),
];

const evidenceOf = (ones: readonly Finding[]): DoctorFinding['evidence'] => {
  const [first] = ones;
  const isSame = ones.every(({ evidence }) => evidence.join('\n') === first?.evidence.join('\n'));
  return (isSame ? ones.slice(0, 1) : ones).flatMap(({ host, evidence }) =>
    evidence.map((text) => ({ host: isSame ? null : host, text })),
  );
};

/** The same for all of them, with `--limit` for all hosts where that is what differs. */
const adviceFor = (
  ones: readonly (Pick<Finding, 'host' | 'next'> | Unknown)[],
  words: Words,
): { readonly next?: string; readonly commands?: string[] } => {
  const own = ones.map(({ host, next }): OwnAdvice => ({ host, ...adviceOf(next.map(inRanges), words) }));
  const advice = adviceForAll(own);
  if (advice === undefined) return {};
  const { text, commands } = advice;
  return { next: text, ...(commands.length > 0 && { commands: [...commands] }) };
};

/** `--process P1-[1:14]` in place of fourteen names. */
const inRanges = (next: Next): Next => {
  if (next.type !== 'fcops') return next;
  return {
    ...next,
    words: next.words.map((word, index) =>
      next.words[index - 1] === '--process' ? hostRanges(word.split(',')).replaceAll(', ', ',') : word,
    ),
  };
};
