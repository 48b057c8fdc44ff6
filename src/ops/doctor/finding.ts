import type { Next } from '../../core/next.ts';

/** What a finding is about, in the order in which findings of one severity are told: what stops most comes first. */
export const FINDING_KINDS = [
  'stamp',
  'chain',
  'metadata',
  'proving',
  'process',
  'registration',
  'p2',
  'c2',
  'finalize',
  'apx',
  'p1',
  'jobs',
  'sectors',
  'gpu',
  'gpu-lock',
  'hugepages',
  'leak',
  'mount',
  'storage',
  'data',
  'clock',
  'port',
  'overrides',
  'restart',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** `critical`: work is being lost right now; `warn`: it will be, unless something is done; `note`: good to know. */
export const SEVERITIES = ['critical', 'warn', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that is wrong, with what it costs and what mends it. */
export interface Finding {
  readonly severity: Severity;
  readonly kind: FindingKind;
  /** Null: it is about the cluster as a whole. */
  readonly host: string | null;
  /** That it is about, in their order; none: the machine, or the cluster. */
  readonly processes: readonly string[];
  readonly message: string;
  /** What was seen that tells so: numbers, lines of logs. */
  readonly evidence: readonly string[];
  /** What waiting costs; null: nothing by itself. */
  readonly cost: string | null;
  readonly next: readonly Next[];
}

/** Something that could not be checked. It is never taken for healthy. */
export interface Unknown {
  readonly host: string | null;
  readonly message: string;
  readonly why: string | null;
  readonly next: readonly Next[];
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly unknowns: readonly Unknown[];
}

export const NOTHING_FOUND: Diagnosis = { findings: [], unknowns: [] };

/** A finding of which only what is told has to be said. */
export const finding = (
  severity: Severity,
  kind: FindingKind,
  host: string | null,
  message: string,
  more: Partial<Pick<Finding, 'processes' | 'evidence' | 'cost' | 'next'>> = {},
): Finding => ({
  ...{ severity, kind, host, message },
  processes: more.processes ?? [],
  evidence: more.evidence ?? [],
  cost: more.cost ?? null,
  next: more.next ?? [],
});

export const unknown = (
  host: string | null,
  message: string,
  why: string | null = null,
  next: readonly Next[] = [],
): Unknown => ({ host, message, why, next });

/** Several diagnoses as one. */
export const together = (all: readonly Partial<Diagnosis>[]): Diagnosis => ({
  findings: all.flatMap(({ findings = [] }) => findings),
  unknowns: all.flatMap(({ unknowns = [] }) => unknowns),
});

/** The worst first, then by what they are about; what is alike stays in the order of the inventory. */
export const sorted = ({ findings, unknowns }: Diagnosis): Diagnosis => ({
  findings: findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
  ),
  unknowns,
});
