import { groupBy } from '../../core/group-by.ts';
import { count, formatSeconds } from '../../core/units.ts';
import { isFailed } from '../../lotus/sector-states.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable, wrap } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import { numberRanges } from './pledge-text.ts';
import type { SectorsDocument } from './sectors-document.ts';

export interface SectorsTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every sector by itself. */
  readonly full: boolean;
}

type Sector = SectorsDocument['sectors'][number];

/** Sectors as lines: how many in which state, then those that were asked for. */
export const sectorsLines = (document: SectorsDocument, options: SectorsTextOptions): string[] => {
  const { paint, width } = options;
  const { counts } = document;
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...(counts === null || counts.length === 0 ? [] : ['', ...countTable(counts, paint)]),
    ...listLines(document, options),
  ];
};

const summary = ({
  total,
  counts,
  countsUnknown,
  minerHost,
  chain,
  sectors,
  states,
}: SectorsDocument): string => {
  if (counts === null)
    return `how many sectors ${minerHost} has is not known: ${printable(countsUnknown ?? '')}`;
  const failed = counts.filter((one) => one.failed).reduce((sum, one) => sum + one.sectors, 0);
  const behind =
    chain === null || chain.state === 'ok'
      ? []
      : [
          chain.behind === null
            ? 'how far the chain is, is not told'
            : `the chain is ${formatSeconds(chain.behind)} behind`,
        ];
  const isOfFailed = states.every(isFailed);
  return [
    `${count(total ?? 0, 'sector')} at ${minerHost}`,
    failed === 0 ? 'none failed' : `${failed} failed`,
    ...(isOfFailed ? [] : [`${sectors.length} in ${states.join(', ')}`]),
    ...behind,
  ].join(', ');
};

const countTable = (counts: NonNullable<SectorsDocument['counts']>, paint: Paint): string[] =>
  table(
    [{ title: 'state' }, { title: 'sectors', align: 'right' }],
    counts.map(({ state, sectors, failed }) => [
      failed ? paint.bad(printable(state)) : printable(state),
      `${sectors}`,
    ]),
    paint.quiet,
  );

const listLines = ({ sectors, asked }: SectorsDocument, options: SectorsTextOptions): string[] => {
  const { paint, width, full } = options;
  if (sectors.length === 0) return [];
  const [told, rest] = [sectors.slice(0, asked), sectors.slice(asked)];
  const groups = full ? told.map((one) => [one]) : [...groupBy(told, alike).values()];
  return [
    '',
    ...groups.flatMap((group) => groupLines(group, options)),
    ...(rest.length === 0
      ? []
      : wrap(
          paint.quiet(
            `${count(rest.length, 'sector')} more: ${numberRanges(rest.map(({ number }) => number))}`,
          ),
          width,
          2,
        )),
  ];
};

/** Sectors that failed of one cause are told once. */
const alike = ({ state, says, onChain, preCommit, commit, untold }: Sector): string =>
  JSON.stringify([state, says?.replace(/\d+/g, '#'), onChain, preCommit !== null, commit !== null, untold]);

const groupLines = (group: readonly Sector[], { paint, width }: SectorsTextOptions): string[] => {
  const [first] = group;
  if (!first) return [];
  const sign = paint.bad(SYMBOLS.enforce.sign);
  const numbers = numberRanges(group.map(({ number }) => number));
  return [
    ...wrap(
      `${sign} ${paint.strong(numbers)} ${printable(first.state ?? 'in a state that is not told')}${agesText(group)}: ${chainText(first)}`,
      width,
      2,
    ),
    ...wrap(
      `  ${printable(first.untold ?? first.says ?? 'lotus-miner says nothing of what went wrong')}`,
      width,
      2,
    ),
  ];
};

const agesText = (group: readonly Sector[]): string => {
  const ages = group.flatMap(({ age }) => age ?? []);
  if (ages.length === 0) return '';
  const [least, most] = [Math.min(...ages), Math.max(...ages)].map(formatSeconds);
  return ` for ${least === most ? least : `${least} to ${most}`}`;
};

/** Where a sector is on its way to the chain. */
export const chainText = ({ onChain, preCommit, commit, deals }: Sector): string =>
  [
    onChain === null
      ? 'whether it is on the chain is not told'
      : onChain
        ? 'on the chain'
        : 'not on the chain',
    ...(commit !== null && onChain !== true ? ['its commit message was sent'] : []),
    ...(preCommit !== null && commit === null && onChain !== true ? ['its deposit is paid'] : []),
    ...(deals ? [count(deals, 'deal')] : []),
  ].join(', ');
