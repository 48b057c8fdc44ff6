import type { Problem } from '../../core/problem.ts';

/** How much a finding matters: only errors fail a check; a note says what is no mistake, or was not looked at. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What is looked at, in the order in which it is told. */
export const AREAS = ['inventory', 'layouts', 'versions', 'templates', 'shell', 'unused', 'secrets'] as const;
export type Area = (typeof AREAS)[number];

interface Rule {
  readonly area: Area;
  /** Unless the finding itself says otherwise. */
  readonly severity: Severity;
  /** What breaks it, in a few words. */
  readonly about: string;
}

/** All rules by their names, which stay as they are: programs and people know them. */
export const RULES = {
  'cluster-file': { area: 'inventory', severity: 'error', about: 'a mistake in a cluster file' },
  'profile-file': { area: 'inventory', severity: 'error', about: 'a mistake in a hardware model' },
  'facts-file': { area: 'inventory', severity: 'error', about: 'saved facts that cannot be read' },
  'overrides-over': { area: 'inventory', severity: 'error', about: 'overrides whose day has passed' },
  'address-twice': { area: 'inventory', severity: 'error', about: 'one address in two clusters' },
  'hostname-twice': {
    area: 'inventory',
    severity: 'error',
    about: 'a machine that is called like one of another cluster, by its saved facts',
  },
  'name-is-address': {
    area: 'inventory',
    severity: 'error',
    about: 'a host that is named like the address of another',
  },
  'name-twice': { area: 'inventory', severity: 'note', about: 'hosts of two clusters with one name' },
  layout: { area: 'layouts', severity: 'error', about: 'a layout that cannot be solved' },
  version: {
    area: 'versions',
    severity: 'error',
    about: 'a version that is missing, or not built for the machine',
  },
  'versions-mixed': {
    area: 'versions',
    severity: 'warning',
    about: 'hosts of one role and platform on several versions',
  },
  'checksum-missing': { area: 'versions', severity: 'error', about: 'an archive without a sha256' },
  'checksum-placeholder': {
    area: 'versions',
    severity: 'error',
    about: 'a sha256 that only stands for one',
  },
  'checksum-unused': { area: 'versions', severity: 'warning', about: 'a sha256 that no version needs' },
  template: {
    area: 'templates',
    severity: 'error',
    about: 'a template that cannot be compiled, or filled in for a host',
  },
  shellcheck: {
    area: 'shell',
    severity: 'warning',
    about: 'what shellcheck says of rendered shell; its errors are errors',
  },
  'shell-unchecked': { area: 'shell', severity: 'note', about: 'shellcheck is not there, or did not end' },
  'template-unknown': {
    area: 'unused',
    severity: 'error',
    about: 'a template named like no shipped one, which every command refuses',
  },
  'template-unused': { area: 'unused', severity: 'warning', about: 'a template that no host needs' },
  'profile-unused': { area: 'unused', severity: 'warning', about: 'a hardware model that no host has' },
  'facts-unused': { area: 'unused', severity: 'warning', about: 'saved facts of a host that is not there' },
  'secret-in-clear': { area: 'secrets', severity: 'error', about: 'a secret that stands in the clear' },
  'secret-unused': { area: 'secrets', severity: 'warning', about: 'a secret that nobody names' },
  'secret-recipients': {
    area: 'secrets',
    severity: 'error',
    about: 'a secret that is not encrypted for those who shall have it',
  },
  'secret-unchecked': {
    area: 'secrets',
    severity: 'note',
    about: 'git gives no answer to whether it has a secret in the clear',
  },
  secret: {
    area: 'secrets',
    severity: 'error',
    about: 'a secret that is not there, that others can read, or that is too short',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

const isRule = (name: string): name is RuleName => Object.hasOwn(RULES, name);

export const RULE_NAMES: readonly RuleName[] = Object.keys(RULES).filter(isRule);

/** A host that a finding is about. */
export interface FoundHost {
  readonly miner: string;
  readonly name: string;
}

/** One thing that is wrong, or is to be known. */
export interface Finding {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly problem: Problem;
  /** Hosts that have it alike, where it is not about a single one. */
  readonly hosts?: readonly FoundHost[];
}

/** A problem as a finding of a rule. */
export const finding = (
  rule: RuleName,
  problem: Problem,
  more: Partial<Pick<Finding, 'severity' | 'hosts'>> = {},
): Finding => ({ rule, severity: RULES[rule].severity, problem, ...more });

/** Problems as findings of one rule. */
export const findings = (rule: RuleName, problems: readonly Problem[]): readonly Finding[] =>
  problems.map((problem) => finding(rule, problem));
