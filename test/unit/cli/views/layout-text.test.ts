import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { layoutText } from '../../../../src/cli/views/layout-text.ts';
import { solveApx } from '../../../../src/layout/apx.ts';
import { solveC2 } from '../../../../src/layout/c2.ts';
import { solveP1 } from '../../../../src/layout/p1.ts';
import type { Layout } from '../../../../src/layout/types.ts';
import { shipped, shippedNames } from '../../layout/shipped.ts';

const layouts = shippedNames.flatMap((name): [string, Layout][] => {
  const profile = shipped(name);
  return [
    ...(profile.p1
      ? (['64GiB', '32GiB'] as const).map((size): [string, Layout] => [
          `${name} ${size}`,
          solveP1(profile, size),
        ])
      : []),
    ...(profile.p1 ? [[`${name} apx`, solveApx(profile, '64GiB')] satisfies [string, Layout]] : []),
    ...(profile.c2 ? [[`${name} c2`, solveC2(profile)] satisfies [string, Layout]] : []),
  ];
});
const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

it('draws a P1 machine', async () => {
  await expect(
    layoutText(solveP1(shipped('amd-7532'), '64GiB'), { colour: false, width: 80 }),
  ).toMatchFileSnapshot('amd-7532-64GiB.txt');
});

it('draws a C2 machine', async () => {
  await expect(layoutText(solveC2(shipped('intel-4216')), { colour: false, width: 80 })).toMatchFileSnapshot(
    'intel-4216-c2.txt',
  );
});

it('draws a machine of APx alone', async () => {
  await expect(
    layoutText(solveApx(shipped('amd-7371'), '64GiB'), { colour: false, width: 80 }),
  ).toMatchFileSnapshot('amd-7371-apx.txt');
});

describe.each(layouts)('%s', (_, layout) => {
  it.each([80, 100, 120])('fits in %i columns', (width) => {
    expect(widest(layoutText(layout, { colour: false, width }))).toBeLessThanOrEqual(width);
  });

  it('says the same with colour', () => {
    const painted = layoutText(layout, { colour: true, width: 100 });
    expect(painted).toContain('\u001b[');
    // Painted blanks at the end of a line are not cut off; nothing else may differ.
    expect(stripVTControlCharacters(painted)).toBe(layoutText(layout, { colour: false, width: 100 }));
  });

  it('names every core once in the boxes', () => {
    const boxes = layoutText(layout, { colour: false, width: 80 })
      .split('\n')
      .filter((line) => line.startsWith('│'))
      .filter((_line, index) => index % 2 === 0);
    const cores = boxes.join(' ').match(/\d+/g)?.map(Number);
    const expected = layout.nodes.flatMap((node) => node.l3Groups.flat());
    expect(cores?.toSorted((a, b) => a - b)).toEqual(expected);
  });
});

it('puts more nodes beside each other on a wider terminal', () => {
  const layout = solveP1(shipped('amd-7532'), '64GiB');
  const lines = (width: number) => layoutText(layout, { colour: false, width }).split('\n').length;
  expect(lines(40)).toBeGreaterThan(lines(80));
  expect(lines(80)).toBeGreaterThan(lines(140));
});

it('shows both owners where the threads of a core are pinned apart', () => {
  const intel = shipped('intel-4216');
  const pins = [
    { worker: 1, cpus: [0] },
    { worker: 2, cpus: [32] },
    { worker: 3, cpus: [1, 33] },
    { worker: 4, cpus: [2] },
  ];
  const text = layoutText(solveC2({ ...intel, c2: { feedingCores: 2, pins } }), {
    colour: false,
    width: 100,
  });
  expect(text).toContain('│ 1/2   3   4   ·');
});
