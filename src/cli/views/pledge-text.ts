import { groupBy } from '../../core/group-by.ts';
import { count, formatBytes, formatSeconds } from '../../core/units.ts';
import { formatFil } from '../../ops/bootstrap/fil.ts';
import { fittingTable } from '../text/fitting-table.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, truncate, wrap } from '../text/width.ts';
import { SYMBOLS } from './item-text.ts';
import type { PledgeDocument } from './pledge-document.ts';

export interface PledgeTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every host on a line of its own. */
  readonly full: boolean;
}

type Place = PledgeDocument['places'][number];

/** Where sectors would go, as lines; what to know before it is agreed to comes last, beside the question. */
export const pledgeLines = (document: PledgeDocument, options: PledgeTextOptions): string[] => {
  const { paint, width } = options;
  const { miner, minerHost, asked, sectorSize, warnings } = document;
  return [
    ...wrap(
      `${paint.strong(miner)}: ${count(asked, 'sector')} of ${sectorSize} to pledge at ${minerHost}; where they would go, as it looks now (lotus-miner decides):`,
      width,
      2,
    ),
    ...(document.places.length === 0 ? [] : ['', ...placeTable(document.places, options)]),
    '',
    ...facts(document).flatMap((line) => wrap(line, width, 2)),
    ...warnings.flatMap((text) => wrap(`${paint.careful(SYMBOLS.warn.sign)} ${printable(text)}`, width, 2)),
  ];
};

const placeTable = (places: readonly Place[], { paint, width, full }: PledgeTextOptions): string[] => {
  const rows = places.map((place) => ({ host: place.host, cells: cellsOf(place, paint) }));
  const groups = full
    ? rows.map((row) => [row])
    : [...groupBy(rows, ({ cells }) => cells.join('\t')).values()];
  const lines = groups.map((group) => [
    hostRanges(group.map(({ host }) => host)),
    ...(group[0]?.cells ?? []),
  ]);
  const columns = [
    { title: 'host' },
    { title: 'APx' },
    { title: 'has', align: 'right' },
    { title: 'of', align: 'right' },
    { title: 'free', align: 'right' },
    { title: 'cache', spare: 1 },
    { title: full ? 'would take' : 'would take each', align: 'right' },
  ] as const;
  return fittingTable(
    columns,
    lines.map(([hosts = '', ...cells]) => [truncate(hosts, Math.max(16, width - 58)), ...cells]),
    width,
    paint.quiet,
  );
};

const WORDS: Readonly<Record<Place['state'], string>> = {
  takes: 'takes sectors',
  disabled: 'disabled',
  paused: 'paused',
  missing: 'not registered',
  unknown: 'not told',
};

const cellsOf = ({ state, limit, held, free, room, share }: Place, paint: Paint): string[] => {
  const word = WORDS[state];
  const painted = state === 'takes' ? word : state === 'unknown' ? paint.careful(word) : paint.bad(word);
  const known = (number: number | null) => (number === null ? '?' : `${number}`);
  return [
    painted,
    held === null ? '?' : `${held.by === 'tasks' ? '≥' : ''}${held.sectors}`,
    known(limit),
    held?.by === 'tasks' && free !== null ? `≤${free}` : known(free),
    room === null ? '?' : `${formatBytes(room.total - room.used)} free`,
    share === 0 ? '-' : `${share}`,
  ];
};

const facts = ({ packing, p1, seconds, store, available }: PledgeDocument): string[] => [
  `in Packing already: ${packing ?? 'not known'}; P1 tasks at work: ${p1.running} of ${p1.slots}`,
  seconds === null
    ? 'when they would be sealed cannot be said'
    : `the last of them would be sealed in about ${formatSeconds(seconds)}, where nothing waits`,
  [
    `room for sectors: ${store === null ? 'not known' : formatBytes(store)}`,
    ...(available === null ? [] : [`the miner has ${formatFil(BigInt(available))} available`]),
  ].join('; '),
];

/** Numbers as people write them: `1041-1068, 1070`. */
export const numberRanges = (numbers: readonly number[]): string =>
  numbers
    .toSorted((a, b) => a - b)
    .reduce<[number, number][]>((runs, number) => {
      const last = runs.at(-1);
      if (last && number === last[1] + 1) last[1] = number;
      else runs.push([number, number]);
      return runs;
    }, [])
    .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
    .join(', ');

/** What came of it, in a line. */
export const pledgedText = ({
  made,
  sectors,
  unknown,
}: Pick<NonNullable<PledgeDocument['result']>, 'made' | 'sectors' | 'unknown'>): string => {
  const numbers = sectors.length === 0 ? '' : `: ${numberRanges(sectors)}`;
  return `${count(made, 'sector')} pledged${numbers}${unknown > 0 ? `; of ${unknown} more it is not known` : ''}`;
};
