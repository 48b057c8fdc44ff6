import type { Node } from 'yaml';
import { isScalar, parse } from 'yaml';

/** How a text is quoted in a file. */
export type Quoting = 'plain' | 'single' | 'double';

/** As a neighbour is; plain where there is none. */
export const quotingOf = (node: Node | null | undefined): Quoting => {
  if (!isScalar(node)) return 'plain';
  if (node.type === 'QUOTE_DOUBLE') return 'double';
  return node.type === 'QUOTE_SINGLE' ? 'single' : 'plain';
};

const PLAIN = /^\w[\w.+-]*$/;

/** A text as it is written in YAML, in any place: quoted where it has to be, or where its neighbours are. */
export const scalarText = (value: string, quoting: Quoting): string => {
  const isPlain = PLAIN.test(value);
  if (quoting === 'single' && isPlain) return `'${value}'`;
  // What YAML takes for a number, a truth or nothing is none.
  return quoting === 'plain' && isPlain && parse(value) === value ? value : JSON.stringify(value);
};
