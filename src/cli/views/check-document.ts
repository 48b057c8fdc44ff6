import * as z from 'zod';
import { groupBy } from '../../core/group-by.ts';
import type { Checked } from '../../ops/check/check.ts';
import type { Finding, Severity } from '../../ops/check/finding.ts';
import { AREAS, RULE_NAMES, RULES, SEVERITIES } from '../../ops/check/finding.ts';
import type { Words } from '../text/words.ts';
import { problemDocument, problemDocumentSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const CHECK_FORMAT = 'fcops-check/1';

const findingSchema = z.strictObject({
  severity: z
    .enum(SEVERITIES)
    .describe('error: the check fails by it. note: no mistake, or what was not looked at.'),
  area: z.enum(AREAS),
  rule: z.enum(RULE_NAMES).describe('Names of rules stay as they are.'),
  problem: problemDocumentSchema,
  hosts: z
    .array(z.strictObject({ miner: z.string(), hosts: z.array(z.string()) }))
    .exactOptional()
    .describe(
      'Hosts that have it alike, by cluster; left out where it is about none, or about that of `problem`.',
    ),
});

/** The documented form of what `fcops check` prints. */
export const checkDocumentSchema = z.strictObject({
  format: z.literal(CHECK_FORMAT),
  at: z.string().describe('By the clock of this machine: 2026-11-22T10:30:00Z'),
  clusters: z.int().describe('Cluster files that were checked.'),
  hosts: z.int().describe('Hosts in them.'),
  counts: z.strictObject({
    errors: z.int().describe('The exit code is 1 where there are any.'),
    warnings: z.int(),
    notes: z.int(),
    files: z.int().describe('Files that errors and warnings are in.'),
  }),
  findings: z.array(findingSchema).describe('File by file, each as its lines come.'),
});

export type CheckDocument = z.infer<typeof checkDocumentSchema>;
export type CheckFinding = z.infer<typeof findingSchema>;

/** A check as the value that is printed, in whatever format. `at`: `2026-11-22T10:30:00Z` */
export const checkDocument = (
  { findings, clusters, hosts }: Checked,
  at: string,
  words: Words,
): CheckDocument => {
  const countOf = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const files = new Set(
    findings.flatMap(({ severity, problem: { where } }) => (severity === 'note' ? [] : (where?.file ?? []))),
  );
  return {
    format: CHECK_FORMAT,
    ...{ at, clusters, hosts },
    counts: {
      errors: countOf('error'),
      warnings: countOf('warning'),
      notes: countOf('note'),
      files: files.size,
    },
    findings: findings.map((one) => findingDocument(one, words)),
  };
};

const findingDocument = ({ severity, rule, problem, hosts }: Finding, words: Words): CheckFinding => ({
  severity,
  area: RULES[rule].area,
  rule,
  problem: problemDocument(problem, words),
  ...(hosts && {
    hosts: [...groupBy(hosts, ({ miner }) => miner)].map(([miner, own]) => ({
      miner,
      hosts: own.map(({ name }) => name),
    })),
  }),
});
