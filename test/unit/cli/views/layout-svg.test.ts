import { describe, expect, it } from 'vitest';
import { layoutSvg } from '../../../../src/cli/views/layout-svg.ts';
import { solveApx } from '../../../../src/layout/apx.ts';
import { solveC2 } from '../../../../src/layout/c2.ts';
import { solveP1 } from '../../../../src/layout/p1.ts';
import type { Layout } from '../../../../src/layout/types.ts';
import { shipped, shippedNames } from '../../layout/shipped.ts';

const layouts = shippedNames.flatMap((name): [string, Layout][] => {
  const profile = shipped(name);
  return [
    ...(profile.p1 ? [[`${name} p1`, solveP1(profile, '64GiB')] satisfies [string, Layout]] : []),
    ...(profile.p1 ? [[`${name} apx`, solveApx(profile, '64GiB')] satisfies [string, Layout]] : []),
    ...(profile.c2 ? [[`${name} c2`, solveC2(profile)] satisfies [string, Layout]] : []),
  ];
});

/** The elements still open at the end of a document without comments; throws on a wrong end tag. */
const unclosed = (svg: string): string[] => {
  const open: string[] = [];
  for (const [, end, name, empty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!empty && name) open.push(name);
  }
  return open;
};

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text ?? '');

it('draws a P1 machine', async () => {
  await expect(layoutSvg(solveP1(shipped('amd-7532'), '64GiB'))).toMatchFileSnapshot('amd-7532-64GiB.svg');
});

describe.each(layouts)('%s', (_, layout) => {
  const svg = layoutSvg(layout);

  it('is a closed document without broken numbers', () => {
    expect(unclosed(svg)).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('stays inside its own frame', () => {
    const [width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)?.slice(1).map(Number) ?? [];
    const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)];
    expect(boxes.length).toBeGreaterThan(0);
    for (const box of boxes) {
      const [x = 0, y = 0, w = 0, h = 0] = box.slice(1).map(Number);
      expect(x + w).toBeLessThanOrEqual(width ?? 0);
      expect(y + h).toBeLessThanOrEqual(height ?? 0);
    }
  });

  it('shows every core, every node and every port', () => {
    const shown = new Set(texts(svg));
    for (const node of layout.nodes) {
      expect(shown).toContain(`node ${node.id}`);
      for (const core of node.l3Groups.flat()) expect(shown).toContain(`${core}`);
    }
    if (layout.kind === 'apx') {
      expect(shown).toContain(`${layout.port}`);
      return;
    }
    const rows = layout.kind === 'p1' ? layout.tasks : layout.workers;
    for (const { port, cpus } of rows) {
      expect(shown).toContain(`${port}`);
      expect(shown).toContain(cpus.join(','));
    }
  });
});

it('escapes what comes from outside', () => {
  const layout = solveC2({ ...shipped('intel-4216'), name: 'a<b>&"c"' });
  expect(layoutSvg(layout)).toContain('<title>a&lt;b&gt;&amp;&quot;c&quot;: C2</title>');
});
