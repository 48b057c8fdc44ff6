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
import { escapeXml, INK, QUIET, round, text } from './svg-text.ts';

const MARGIN = 32;
const PAD = 12;
const CELL = { width: 30, height: 38 };
const GROUP_GAP = 6;
const NODE_TITLE = 40;
const ROW = 24;
/** Cores in one line of a node before it goes on in the next. */
const CELLS_PER_LINE = 16;
/** Narrowest node: its name and pages stand on one line. */
const MIN_NODE_WIDTH = 200;
/** Room for the title and the legend. */
const MIN_WIDTH = 640;
/** Widest picture that nodes are put beside each other in. */
const MAX_WIDTH = 1240;
const FONT = 'ui-sans-serif, system-ui, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif';

/** Fills for tasks and workers; neighbours differ, and dark text reads on all. */
const FILLS = [
  '#bfdbfe',
  '#fde68a',
  '#bbf7d0',
  '#fbcfe8',
  '#ddd6fe',
  '#fed7aa',
  '#a5f3fc',
  '#fecaca',
  '#d9f99d',
  '#e9d5ff',
] as const;

/** The drawing of `layoutText` as an SVG document. */
export const layoutSvg = (layout: Layout): string => {
  const picture = layoutPicture(layout);
  const nodes = picture.sockets.flatMap((socket) => socket.nodes);
  const nodeWidth = Math.max(MIN_NODE_WIDTH, ...nodes.map((node) => 2 * PAD + linesWidth(node)));
  const perRow = columnsFor(
    Math.max(...picture.sockets.map((socket) => socket.nodes.length)),
    Math.floor((MAX_WIDTH - 2 * MARGIN + PAD) / (nodeWidth + PAD)),
  );
  const columns = columnEdges(picture.table);
  const width = Math.max(MIN_WIDTH, 2 * MARGIN + perRow * (nodeWidth + PAD) - PAD, columns.end + MARGIN);

  const parts: string[] = [];
  let y = MARGIN + 18;
  parts.push(text(MARGIN, y, picture.title, { size: 22, weight: 700 }));
  y += 6;
  for (const line of picture.summary) {
    y += ROW - 3;
    parts.push(text(MARGIN, y, line, { fill: QUIET }));
  }
  for (const socket of picture.sockets) {
    y += 2 * ROW;
    parts.push(text(MARGIN, y, `Socket ${socket.id}`, { size: 15, weight: 600 }));
    y += PAD;
    for (const row of rowsOf(socket.nodes, perRow)) {
      parts.push(
        ...row.map((node, column) => drawNode(node, MARGIN + column * (nodeWidth + PAD), y, nodeWidth)),
      );
      y += Math.max(...row.map(nodeHeight)) + PAD;
    }
    y -= PAD;
  }
  y += PAD + ROW;
  parts.push(drawLegend(picture.legend, y));
  y += 3 * ROW;
  parts.push(drawTable(picture.table, y, columns));
  y += picture.table.rows.length * ROW + MARGIN;

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" font-family="${FONT}" font-size="13">`,
    `<title>${escapeXml(picture.title)}</title>`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
};

const rowsOf = <T>(items: readonly T[], perRow: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / perRow) }, (_, row) =>
    items.slice(row * perRow, (row + 1) * perRow),
  );

/** Groups of a node in lines of at most CELLS_PER_LINE cores; a larger group is broken. */
const linesOf = (node: NodePicture): Cell[][][] => {
  const lines: Cell[][][] = [];
  for (const part of node.groups.flatMap((group) => rowsOf(group, CELLS_PER_LINE))) {
    const line = lines.at(-1);
    if (line && line.flat().length + part.length <= CELLS_PER_LINE) line.push(part);
    else lines.push([part]);
  }
  return lines;
};

const lineWidth = (line: readonly (readonly Cell[])[]): number =>
  line.flat().length * CELL.width + (line.length - 1) * GROUP_GAP;

const linesWidth = (node: NodePicture): number => Math.max(...linesOf(node).map(lineWidth));

const nodeHeight = (node: NodePicture): number =>
  NODE_TITLE + linesOf(node).length * (CELL.height + GROUP_GAP) + GROUP_GAP;

const drawNode = (node: NodePicture, x: number, y: number, width: number): string => {
  const name = `node ${node.id}`;
  const inner = width - 2 * PAD;
  const memory =
    node.pages === undefined ? `${node.memoryGiB} GiB` : `${node.pages} of ${node.memoryGiB} GiB`;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${nodeHeight(node)}" rx="8" fill="#f8fafc" stroke="${node.gpu ? '#475569' : '#cbd5e1'}"/>`,
    text(x + PAD, y + 20, name, { weight: 600 }),
    node.gpu ? badge(x + PAD + name.length * 8.2 + 8, y + 8, node.gpu) : '',
    text(x + width - PAD, y + 20, memory, { fill: QUIET, size: 12, anchor: 'end' }),
    node.pages === undefined ? '' : drawBar(x + PAD, y + 28, inner, node.pages / node.memoryGiB),
    ...linesOf(node).map((line, index) =>
      drawLine(line, x + PAD, y + NODE_TITLE + index * (CELL.height + GROUP_GAP)),
    ),
  ]
    .filter(Boolean)
    .join('\n');
};

const badge = (x: number, y: number, label: string): string =>
  `<rect x="${x}" y="${y}" width="${label.length * 7 + 10}" height="16" rx="8" fill="#334155"/>${text(x + (label.length * 7 + 10) / 2, y + 12, label, { fill: '#ffffff', size: 10, weight: 600, anchor: 'middle' })}`;

const drawBar = (x: number, y: number, width: number, part: number): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="5" rx="2.5" fill="#e2e8f0"/><rect x="${x}" y="${y}" width="${round(width * Math.min(1, part))}" height="5" rx="2.5" fill="#0d9488"/>`;

const drawLine = (groups: readonly (readonly Cell[])[], x: number, y: number): string => {
  let left = x;
  return groups
    .map((group) => {
      const start = left;
      left += group.length * CELL.width + GROUP_GAP;
      const cells = group.map((cell, index) => drawCell(cell, start + index * CELL.width, y));
      const frame = `<rect x="${start}" y="${y}" width="${group.length * CELL.width}" height="${CELL.height}" rx="4" fill="none" stroke="#94a3b8"/>`;
      return [...cells, frame].join('\n');
    })
    .join('\n');
};

const drawCell = ({ cpu, owner, label }: Cell, x: number, y: number): string => {
  const { fill, ink } = look(owner);
  const middle = x + CELL.width / 2;
  return [
    `<rect x="${x + 1}" y="${y + 1}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3" fill="${fill}"/>`,
    text(middle, y + 13, `${cpu}`, {
      size: 9,
      fill: owner.kind === 'p2' ? '#cbd5e1' : QUIET,
      anchor: 'middle',
    }),
    text(middle, y + 30, label, { fill: ink, weight: 600, anchor: 'middle' }),
  ].join('');
};

const look = (owner: Owner): { fill: string; ink: string } => {
  switch (owner.kind) {
    case 'task':
    case 'feeder':
      return { fill: FILLS[(owner.number - 1) % FILLS.length] ?? '#ffffff', ink: INK };
    case 'p2':
      return { fill: '#334155', ink: '#ffffff' };
    case 'free':
      return { fill: '#ffffff', ink: '#94a3b8' };
  }
};

const drawLegend = (
  legend: readonly { readonly owner: Owner; readonly label: string; readonly text: string }[],
  y: number,
): string => {
  let x = MARGIN;
  const entries = legend.map((entry) => {
    const { fill, ink } = look(entry.owner);
    const start = x;
    x += 40 + entry.text.length * 7.2 + PAD;
    return `<rect x="${start}" y="${y - 14}" width="28" height="20" rx="3" fill="${fill}" stroke="#94a3b8"/>${text(start + 14, y, entry.label, { fill: ink, weight: 600, size: 12, anchor: 'middle' })}${text(start + 36, y, entry.text, { fill: QUIET })}`;
  });
  return [...entries, text(MARGIN, y + ROW + 2, BOX_NOTE, { fill: QUIET })].join('\n');
};

/** Left edges of a table's columns, and its right edge. Characters are about 7.4 wide at this size. */
const columnEdges = ({ columns, rows }: LayoutPicture['table']): { left: number[]; end: number } => {
  const left: number[] = [];
  let end = MARGIN + PAD;
  for (const [index, column] of columns.entries()) {
    left.push(round(end));
    end += 28 + 7.4 * Math.max(column.length, ...rows.map(({ cells }) => (cells[index] ?? '').length));
  }
  return { left, end: round(end) };
};

const drawTable = (
  { columns, rows }: LayoutPicture['table'],
  y: number,
  { left, end }: { left: readonly number[]; end: number },
): string => {
  const head = columns.map((column, index) =>
    text(left[index] ?? 0, y, column, { fill: QUIET, size: 12, weight: 600 }),
  );
  const body = rows.map(({ owner, cells }, row) => {
    const base = y + (row + 1) * ROW;
    const stripe = `<rect x="${MARGIN}" y="${base - 16}" width="${round(end - MARGIN)}" height="${ROW}" fill="${row % 2 === 0 ? '#f8fafc' : '#ffffff'}"/>`;
    const mark = `<rect x="${MARGIN}" y="${base - 16}" width="5" height="${ROW}" fill="${look(owner).fill}"/>`;
    const texts = cells.map((cell, index) => (cell === '' ? '' : text(left[index] ?? 0, base, cell, {})));
    return [stripe, mark, ...texts].join('');
  });
  return [...head, ...body].join('\n');
};
