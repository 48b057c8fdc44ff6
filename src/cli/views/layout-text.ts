import type { Layout } from '../../layout/types.ts';
import {
  BOX_NOTE,
  type Cell,
  columnsFor,
  type LayoutPicture,
  layoutPicture,
  type NodePicture,
  type Owner,
} from './layout-picture.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; the drawing is made for 80 and more. */
  readonly width: number;
}

const GAP = '  ';
const BAR_WIDTH = 10;
/** Narrowest box that holds `node 10 GPU 1,2  ██████████ 252 pages`. */
const MIN_NODE_WIDTH = 33;

/** A layout as it is drawn in a terminal: the machine with the owner of each core, then the processes. */
export const layoutText = (layout: Layout, { colour, width }: TextOptions): string => {
  const picture = layoutPicture(layout);
  const paint = painter(colour);
  const legend = picture.legend
    .map(({ owner, label, text }) => `${paint(owner, label)} ${text}`)
    .join(GAP + GAP);
  return [
    paint('strong', picture.title),
    ...picture.summary,
    '',
    ...drawSockets(picture, width, paint),
    paint('quiet', BOX_NOTE),
    legend,
    '',
    ...drawTable(picture.table, width, paint),
    '',
  ].join('\n');
};

type Paint = (style: Owner | 'strong' | 'quiet', text: string) => string;

/** Foregrounds that read on dark and on light backgrounds. */
const COLOURS = [36, 33, 32, 35, 34, 31] as const;

const painter = (colour: boolean): Paint => {
  if (!colour) return (_, text) => text;
  return (style, text) => `\u001b[${sgr(style)}m${text}\u001b[0m`;
};

const sgr = (style: Owner | 'strong' | 'quiet'): string => {
  if (style === 'strong') return '1';
  if (style === 'quiet') return '2';
  switch (style.kind) {
    case 'task':
      return `${COLOURS[(style.number - 1) % COLOURS.length]}`;
    case 'feeder':
      return `1;${COLOURS[(style.number - 1) % COLOURS.length]}`;
    case 'p2':
      return '1;7';
    case 'free':
      return '2';
  }
};

const drawSockets = (picture: LayoutPicture, width: number, paint: Paint): string[] => {
  const cells = picture.sockets.flatMap(({ nodes }) => nodes.flatMap(({ groups }) => groups.flat()));
  const cellWidth = 1 + Math.max(...cells.flatMap(({ cpu, label }) => [`${cpu}`.length, label.length]));
  return picture.sockets.flatMap(({ id, nodes }) => {
    const strips = nodes.map((node) => stripsOf(node, cellWidth, width));
    const nodeWidth = Math.max(MIN_NODE_WIDTH, ...strips.flat().map((strip) => stripWidth(strip, cellWidth)));
    const boxes = nodes.map((node, index) =>
      drawNode(node, strips[index] ?? [], cellWidth, nodeWidth, paint),
    );
    const perRow = columnsFor(nodes.length, Math.floor((width + GAP.length) / (nodeWidth + GAP.length)));
    return [paint('strong', `Socket ${id}`), ...beside(boxes, perRow).flatMap((lines) => [...lines, ''])];
  });
};

const beside = (boxes: readonly (readonly string[])[], perRow: number): string[][] =>
  Array.from({ length: Math.ceil(boxes.length / perRow) }, (_, row) => {
    const side = boxes.slice(row * perRow, (row + 1) * perRow);
    return (side[0] ?? []).map((_, line) =>
      side
        .map((box) => box[line] ?? '')
        .join(GAP)
        .trimEnd(),
    );
  });

/** Cells behind L3 caches that are drawn in one line. */
type Strip = readonly (readonly Cell[])[];

/** The L3 groups of a node in as few lines as the width allows; a group wider than that is broken. */
const stripsOf = (node: NodePicture, cellWidth: number, width: number): Strip[] => {
  const most = Math.max(1, Math.floor((width - 3) / cellWidth));
  const parts = node.groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / most) }, (_, index) =>
      group.slice(index * most, (index + 1) * most),
    ),
  );
  const strips: Cell[][][] = [];
  for (const part of parts) {
    const strip = strips.at(-1);
    if (strip && stripWidth([...strip, part], cellWidth) <= width) strip.push(part);
    else strips.push([part]);
  }
  return strips;
};

/** A line down, the cells and a blank for each group, and a last line down. */
const stripWidth = (strip: Strip, cellWidth: number): number =>
  strip.reduce((sum, group) => sum + group.length * cellWidth + 2, 1);

const drawNode = (
  node: NodePicture,
  strips: readonly Strip[],
  cellWidth: number,
  nodeWidth: number,
  paint: Paint,
): string[] => {
  const left = ['node', node.id, node.gpu].join(' ').trimEnd();
  const right =
    node.pages === undefined
      ? `${node.memoryGiB} GiB`
      : `${bar(node.pages / node.memoryGiB)} ${`${node.pages}`.padStart(3)} ${node.pages === 1 ? 'page' : 'pages'}`;
  const title = left.padEnd(nodeWidth - right.length) + right;
  const blanks = (strip: Strip) => ' '.repeat(nodeWidth - stripWidth(strip, cellWidth));
  return [
    title,
    ...strips.flatMap((strip) => drawStrip(strip, cellWidth, paint).map((line) => line + blanks(strip))),
  ];
};

const bar = (part: number): string => {
  const full = Math.min(BAR_WIDTH, part > 0 ? Math.max(1, Math.round(part * BAR_WIDTH)) : 0);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
};

const drawStrip = (strip: Strip, cellWidth: number, paint: Paint): string[] => {
  const line = (left: string, middle: string, right: string) =>
    left + strip.map((group) => '─'.repeat(group.length * cellWidth + 1)).join(middle) + right;
  const row = (cell: (cell: Cell) => string) =>
    `│${strip.map((group) => `${group.map(cell).join('')} `).join('│')}│`;
  return [
    line('┌', '┬', '┐'),
    row(({ cpu }) => paint('quiet', `${cpu}`.padStart(cellWidth))),
    row(({ owner, label }) => ' '.repeat(cellWidth - label.length) + paint(owner, label)),
    line('└', '┴', '┘'),
  ];
};

/** Columns as wide as they need to be; CPU lists, which may be longer than the line, are broken at commas. */
const drawTable = ({ columns, rows }: LayoutPicture['table'], width: number, paint: Paint): string[] => {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map(({ cells }) => (cells[index] ?? '').length)),
  );
  const total = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  const listWidth = Math.max(20, (widths[1] ?? 0) - Math.max(0, total - width));
  const cut = widths.map((each, index) => (index === 1 ? Math.min(each, listWidth) : each));
  const pad = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(cut[index] ?? 0));
  return [
    paint('strong', pad(columns).join(GAP).trimEnd()),
    ...rows.flatMap(({ owner, cells }) =>
      breakList(cells[1] ?? '', listWidth).map((list, index) => {
        const [name = '', ...rest] = pad(index === 0 ? cells.with(1, list) : ['', list]);
        return [paint(owner, name), ...rest].join(GAP).trimEnd();
      }),
    ),
  ];
};

/** A comma-separated list in lines of at most `width`. */
const breakList = (list: string, width: number): string[] => {
  const lines = [''];
  for (const item of list.split(/(?<=,)/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + item.length > width) lines.push(item);
    else lines[lines.length - 1] = line + item;
  }
  return lines;
};
