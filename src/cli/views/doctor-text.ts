import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import type { Severity } from '../../ops/doctor/finding.ts';
import { SEVERITIES } from '../../ops/doctor/finding.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import type { DoctorDocument, DoctorFinding, DoctorUnknown } from './doctor-document.ts';
import { SYMBOLS } from './item-text.ts';
import { paragraph } from './problem-text.ts';

export interface DoctorTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** All that was seen of each finding. */
  readonly full: boolean;
}

const TITLES: Readonly<Record<Severity, string>> = {
  critical: 'critical: work is being lost now',
  warn: 'warnings: work will be lost, or stands still',
  note: 'notes',
};

/** A diagnosis as lines: how much was found, what, the worst first, then what nobody could tell. */
export const doctorLines = (document: DoctorDocument, options: DoctorTextOptions): string[] => {
  const { paint, width } = options;
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...SEVERITIES.flatMap((severity) => {
      const found = document.findings.filter((one) => one.severity === severity);
      return found.length === 0
        ? []
        : ['', paint.strong(TITLES[severity]), ...found.flatMap((one) => findingLines(one, options))];
    }),
    ...(document.unknowns.length === 0
      ? []
      : [
          '',
          paint.strong('unknown: could not be checked, and may be wrong'),
          ...document.unknowns.flatMap((one) => unknownLines(one, options)),
        ]),
    ...(document.healthy ? ['', ...wrap(LOOKED_AT, width, 2)] : []),
  ];
};

const LOOKED_AT =
  'looked at: processes and their registration, the way of sectors (AddPiece, P1, P2, C2, FinalizeSector), lost tasks, faults, sync, storage and metadata, template data and proof parameters, GPUs and their locks, huge pages, clocks';

/** `26 hosts: 2 critical, 1 warning, 3 notes, 1 unknown` */
const summary = ({ counts: { hosts, critical, warn, note, unknown } }: DoctorDocument): string => {
  const told = [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(warn > 0 ? [count(warn, 'warning')] : []),
    ...(note > 0 ? [count(note, 'note')] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return `${count(hosts, 'host')}: ${told.length === 0 ? 'nothing was found' : told.join(', ')}`;
};

const signOf = (severity: Severity, paint: Paint): string => {
  switch (severity) {
    case 'critical':
      return paint.bad(SYMBOLS.enforce.sign);
    case 'warn':
      return paint.careful(SYMBOLS.warn.sign);
    case 'note':
      return paint.info(SYMBOLS.idle.sign);
  }
};

const findingLines = (one: DoctorFinding, options: DoctorTextOptions): string[] => {
  const { paint, width } = options;
  const about = [
    ...(one.hosts.length > 0 ? [hostRanges(one.hosts)] : []),
    ...(one.processes.length > 0 ? [hostRanges(one.processes)] : []),
  ];
  const head = about.length === 0 ? '' : `${paint.strong(printable(about.join(': ')))}: `;
  return [
    ...wrap(`${signOf(one.severity, paint)} ${head}${printable(one.message)}`, width, 2),
    ...evidenceLines(one, options),
    ...(one.cost === null ? [] : paragraph('    cost:', costText(one, one.cost), width)),
    ...adviceLines(one, width),
  ];
};

/** What is found on several hosts costs as much on each of them. */
const costText = ({ hosts }: DoctorFinding, cost: string): string =>
  hosts.length > 1 ? `on each of the ${hosts.length} hosts: ${cost}` : cost;

/** Lines of one finding that are told where not all are. */
const MOST_LINES = 5;

const evidenceLines = ({ evidence }: DoctorFinding, { width, full }: DoctorTextOptions): string[] => {
  if (evidence.length === 0) return [];
  // What several hosts have in common is told once, with their names.
  const lines = [...groupBy(evidence, ({ text }) => text)].map(([text, ones]) => {
    const hosts = ones.flatMap(({ host }) => host ?? []);
    return hosts.length === 0 ? text : `${hostRanges(hosts)}: ${text}`;
  });
  const left = lines.length - MOST_LINES;
  const shown =
    full || left <= 1 ? lines : [...lines.slice(0, MOST_LINES), `and ${left} lines more; --full tells all`];
  return paragraph('    seen:', shown.join('\n'), width);
};

const unknownLines = (one: DoctorUnknown, { paint, width }: DoctorTextOptions): string[] => {
  const head = one.hosts.length === 0 ? '' : `${paint.strong(printable(hostRanges(one.hosts)))}: `;
  return [
    ...wrap(`${paint.careful(SYMBOLS.unknown.sign)} ${head}${printable(one.message)}`, width, 2),
    ...(one.why === null ? [] : paragraph('    why: ', one.why, width)),
    ...adviceLines(one, width),
  ];
};

const adviceLines = (
  { next, commands = [] }: Pick<DoctorFinding, 'next' | 'commands'>,
  width: number,
): string[] => (next === undefined ? [] : paragraph('    next:', next, width, commands));
