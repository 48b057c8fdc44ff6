import { describe, expect, it } from 'vitest';
import { fittingTable } from '../../../../src/cli/text/fitting-table.ts';

const columns = [
  { title: 'host' },
  { title: 'empty' },
  { title: 'number', align: 'right' },
  { title: 'less', spare: 1 },
  { title: 'least', spare: 2 },
] as const;
const rows = [
  ['p1-50', '', '14', 'something', 'x'],
  ['p1-51', '', '2', '', 'y'],
];

describe('a table that fits', () => {
  it('has no column that is empty all along', () => {
    expect(fittingTable(columns, rows, 80)).toEqual([
      'host   number  less       least',
      'p1-50      14  something  x',
      'p1-51       2             y',
    ]);
  });

  it('has spare columns as far as there is room, and the others whatever room there is', () => {
    expect(fittingTable(columns, rows, 25)[0]).toBe('host   number  less');
    expect(fittingTable(columns, rows, 20)).toEqual(['host   number', 'p1-50      14', 'p1-51       2']);
    expect(fittingTable(columns, rows, 5)).toHaveLength(3);
  });

  it('keeps its first column, and its titles where there is no row', () => {
    expect(fittingTable(columns, [], 80)).toEqual(['host']);
  });
});
