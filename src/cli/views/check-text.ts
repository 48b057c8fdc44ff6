import { count } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/width.ts';
import type { CheckDocument, CheckFinding } from './check-document.ts';
import { placeText, saidText } from './check-said.ts';
import { paragraph } from './problem-text.ts';

interface Shown {
  readonly paint: Paint;
  /** Columns that reasons and advice are broken at; what is found is one line, however long. */
  readonly width?: number;
}

/** A finding a line, `FILE:LINE:COLUMN: error: … [rule]`, its reason and advice below; a count at the end. */
export const checkLines = (document: CheckDocument, shown: Shown): string[] => [
  ...document.findings.flatMap((one) => findingLines(one, shown)),
  countLine(document, shown.paint),
];

const findingLines = (finding: CheckFinding, { paint, width }: Shown): string[] => {
  const { severity, rule, problem } = finding;
  const place = placeText(finding);
  const at = place === undefined ? '' : `${paint.strong(printable(place))}: `;
  const leads = { error: paint.bad('error'), warning: paint.careful('warning'), note: paint.info('note') };
  return [
    `${at}${leads[severity]}: ${printable(saidText(finding))} ${paint.quiet(`[${rule}]`)}`,
    ...(problem.why === undefined ? [] : paragraph('    why: ', problem.why, width)),
    ...(problem.next === undefined ? [] : paragraph('    next:', problem.next, width, problem.commands)),
  ];
};

/** `3 errors, 1 warning in 4 files (2 clusters, 30 hosts)` */
export const countLine = ({ counts, clusters, hosts }: CheckDocument, paint: Paint): string => {
  const { errors, warnings, notes, files } = counts;
  const about = `${count(clusters, 'cluster')}, ${count(hosts, 'host')}`;
  const noted = notes === 0 ? '' : `, ${count(notes, 'note')}`;
  if (errors + warnings === 0) return `${paint.good('ok')}: ${about}${noted}`;
  const found = [
    ...(errors > 0 ? [paint.bad(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint.careful(count(warnings, 'warning'))] : []),
  ].join(', ');
  return `${found}${files === 0 ? '' : ` in ${count(files, 'file')}`}${noted} (${about})`;
};
