import { formatBytes } from '../../core/units.ts';
import type { FittingColumn } from '../text/fitting-table.ts';
import { fittingTable } from '../text/fitting-table.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import type { HardwareDocument } from './hardware-document.ts';

export interface HardwareTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

/** A hardware report as lines, for whoever goes to the machine: what is broken, then all that it is made of. */
export const hardwareLines = (document: HardwareDocument, options: HardwareTextOptions): string[] => [
  ...machineLines(document, options),
  '',
  ...findingLines(document, options),
  ...partLines(document, options),
  ...kernelLines(document, options),
];

const machineLines = (
  { machine, memoryGiB, startedAt }: HardwareDocument,
  { paint, width }: HardwareTextOptions,
): string[] => {
  const of = (...names: readonly string[]) => names.flatMap((name) => machine[name] ?? []).join(' ');
  const serial = of('product_serial');
  const board = [of('board_vendor', 'board_name'), of('board_serial') && `serial ${of('board_serial')}`];
  const lines = [
    `machine: ${of('sys_vendor', 'product_name') || 'the firmware does not tell'}${serial && `, serial ${serial}`}`,
    ...(board[0] ? [`board:   ${board.filter(Boolean).join(', ')}`] : []),
    `memory:  ${memoryGiB} GiB${startedAt === null ? '' : `; started ${startedAt}`}`,
  ];
  return lines.flatMap((line, index) =>
    wrap(index === 0 ? paint.strong(printable(line)) : printable(line), width, 9),
  );
};

/** What is found, the worst first; that nothing is. */
export const findingLines = (
  { findings }: Pick<HardwareDocument, 'findings'>,
  { paint, width }: HardwareTextOptions,
): string[] => {
  if (findings.length === 0) return ['nothing is found to be wrong with it'];
  const sign = { broken: paint.bad('!'), suspect: paint.careful('~'), unknown: paint.careful('?') };
  return findings.flatMap(({ state, what, evidence = [] }) => [
    ...wrap(`${sign[state]} ${printable(what)}`, width, 4),
    ...evidence.flatMap((line) => wrap(`    ${paint.quiet(printable(line))}`, width, 6)),
  ]);
};

/** A column, and what it shows of one. */
type Shown<T> = FittingColumn & { readonly of: (one: T) => string };

const partLines = (document: HardwareDocument, options: HardwareTextOptions): string[] => {
  const { memory, gpus, disks, arrays, links } = document;
  return [
    ...listLines('memory modules', memory, options, [
      { title: 'SLOT', of: ({ slot }) => slot },
      { title: 'SIZE', align: 'right', of: ({ empty, bytes }) => (empty ? 'empty' : bytesText(bytes)) },
      { title: 'MODULE', of: ({ maker, part }) => [maker, part].filter(Boolean).join(' ') },
      { title: 'SERIAL', of: ({ serial }) => serial },
    ]),
    ...listLines('GPUs', gpus, options, [
      { title: 'ADDRESS', of: ({ address }) => address },
      { title: 'SLOT', of: ({ slot }) => slot ?? '' },
      { title: 'CARD', spare: 2, of: ({ name }) => name },
      { title: 'SERIAL', of: ({ serial }) => serial },
      { title: 'UUID', spare: 1, of: ({ uuid }) => uuid },
      { title: 'LANES', align: 'right', of: ({ lanes }) => (lanes === null ? '' : `x${lanes}`) },
      {
        title: 'DRIVER',
        of: ({ driver }) => (driver === null ? 'not known' : driver ? 'has it' : 'has it not'),
      },
    ]),
    ...listLines('disks', disks, options, [
      { title: 'DISK', of: ({ name }) => name },
      { title: 'SIZE', align: 'right', of: ({ bytes }) => bytesText(bytes) },
      { title: 'MODEL', spare: 1, of: ({ model }) => model },
      { title: 'SERIAL', of: ({ serial }) => serial },
      { title: 'FIRMWARE', spare: 2, of: ({ firmware }) => firmware },
      { title: 'ADDRESS', spare: 3, of: ({ address }) => address },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'WARNS', of: ({ warnings }) => warnings?.join(', ') ?? '' },
    ]),
    ...listLines('arrays', arrays, options, [
      { title: 'ARRAY', of: ({ name }) => name },
      { title: 'LEVEL', of: ({ level }) => level },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'DISKS', align: 'right', of: ({ disks: number }) => `${number}` },
      {
        title: 'THERE',
        of: ({ members }) => members.map(({ disk, state }) => `${disk} (${state})`).join(', '),
      },
    ]),
    ...listLines('network links', links, options, [
      { title: 'LINK', of: ({ name }) => name },
      { title: 'ADDRESS', spare: 1, of: ({ address }) => address },
      { title: 'MAC', spare: 2, of: ({ mac }) => mac },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'MBIT/S', align: 'right', of: ({ speed }) => (speed === null ? '' : `${speed}`) },
      { title: 'CHANGES', align: 'right', of: ({ changes }) => (changes === null ? '' : `${changes}`) },
    ]),
  ];
};

const bytesText = (bytes: number | null): string => (bytes === null ? 'not known' : formatBytes(bytes));

const listLines = <T>(
  title: string,
  { told, why }: { readonly told: readonly T[] | null; readonly why?: string },
  { paint, width }: HardwareTextOptions,
  columns: readonly Shown<T>[],
): string[] => {
  if (told === null)
    return ['', ...wrap(`${paint.strong(title)}: not known: ${printable(why ?? '')}`, width, 2)];
  if (told.length === 0) return ['', `${paint.strong(title)}: none`];
  const rows = told.map((one) => columns.map(({ of }) => printable(of(one))));
  return ['', paint.strong(title), ...fittingTable(columns, rows, width, paint.quiet)];
};

const kernelLines = ({ kernel }: HardwareDocument, { paint, width }: HardwareTextOptions): string[] => {
  const title = paint.strong("the kernel's log");
  if (kernel.source === null)
    return ['', ...wrap(`${title}: not known: ${printable(kernel.why ?? '')}`, width, 2)];
  const since = kernel.since === null ? '' : `, read back to ${kernel.since}`;
  const from = `${title} (${kernel.source}${since})`;
  if (kernel.groups.length === 0) return ['', `${from}: nothing of hardware`];
  return [
    '',
    from,
    ...kernel.groups.flatMap(({ what, count, first, last }) => [
      ...wrap(`  ${printable(what)}: ${count} ×`, width, 4),
      ...[first, ...(count > 1 ? [last] : [])].flatMap(({ at, text }) =>
        wrap(`    ${paint.quiet(printable([at, text].filter(Boolean).join(' ')))}`, width, 6),
      ),
    ]),
  ];
};
