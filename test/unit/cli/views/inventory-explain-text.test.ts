import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { displayWidth } from '../../../../src/cli/text/width.ts';
import { explainText } from '../../../../src/cli/views/inventory-explain-text.ts';
import type { Explained, Origin } from '../../../../src/inventory/explain.ts';
import { shipped } from '../../layout/shipped.ts';
import { clusterOf, hostOf } from '../../roles/support.ts';

const at = (scope: Origin['scope'], line: number, group: string | null = null): Origin => ({
  ...{ scope, group, place: { file: 'inventories/f0494733.yaml', line, column: 3 } },
});
const plain = { over: [], isAside: false };
const values: readonly Explained[] = [
  { ...plain, key: 'roles', value: ['p1'], from: at('host', 30) },
  {
    ...{ key: 'variables.startPause', value: 45, from: at('group', 12, 'rack-a'), isAside: false },
    over: [{ value: 30, from: at('cluster', 7) }],
  },
  { ...plain, key: 'variables.ntpServer', value: null, from: at('cluster', 8) },
  { ...plain, key: 'variables.minKernel', value: '4.15', from: at('cluster', 9) },
  { ...plain, key: 'ssh.password', value: '(secret: env RACK)', from: at('cluster', 10) },
  {
    ...plain,
    ...{ key: 'variables.packages', value: Array.from({ length: 20 }, (_, n) => `package-${n}`) },
    from: { scope: 'default', group: null, place: null },
  },
];
const text = (width: number, full = false, shown = values) => {
  const host = hostOf(shipped('amd-7532'));
  return explainText({ cluster: clusterOf(), host, values: shown }, { paint: painter(false), width, full });
};

describe('values and where they come from', () => {
  it('are a table, with what each counts more than below it', () => {
    expect(text(120).join('\n')).toMatchInlineSnapshot(`
      "key                   value                                                  from
      roles                 [p1]                                                   inventories/f0494733.yaml:30 (host)
      variables.startPause  45                                                     inventories/f0494733.yaml:12 (group rack-a)
                            30                                                     over inventories/f0494733.yaml:7 (cluster)
      variables.ntpServer   null                                                   inventories/f0494733.yaml:8 (cluster)
      variables.minKernel   "4.15"                                                 inventories/f0494733.yaml:9 (cluster)
      ssh.password          (secret: env RACK)                                     inventories/f0494733.yaml:10 (cluster)
      variables.packages    [package-0, package-1, package-2, package-3, package…  default"
    `);
  });

  it('are two lines each where that is too wide, and no line is wider than the terminal', () => {
    expect(text(60).join('\n')).toMatchInlineSnapshot(`
      "roles = [p1]
        inventories/f0494733.yaml:30 (host)
      variables.startPause = 45
        inventories/f0494733.yaml:12 (group rack-a)
        over inventories/f0494733.yaml:7 (cluster): 30
      variables.ntpServer = null
        inventories/f0494733.yaml:8 (cluster)
      variables.minKernel = "4.15"
        inventories/f0494733.yaml:9 (cluster)
      ssh.password = (secret: env RACK)
        inventories/f0494733.yaml:10 (cluster)
      variables.packages = [package-0, package-1, package-2, pack…
        default"
    `);
    for (const width of [40, 60, 80, 100, 140])
      for (const line of text(width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('are shown as a whole where they are asked for', () => {
    const packages = values.filter(({ key }) => key === 'variables.packages');
    expect(text(80, true, packages)).toEqual([
      expect.stringMatching(/^variables\.packages = \[package-0, .*, package-19\]$/),
      '  default',
    ]);
  });
});
