import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../support/layers.ts';
import { LAYERS, layerTable, linterRules, PURE_MODULES, sources } from '../../support/layers.ts';

const root = new URL('../../../', import.meta.url);
const all = sources();
const layerOf = (path: string): string => path.split('/')[0] ?? '';

/** Going round and round: what each imports, followed until a path comes back to where it began. */
const circles = (edges: ReadonlyMap<string, ReadonlySet<string>>): string[] => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const at = way.indexOf(node);
    if (at >= 0) {
      found.push([...way.slice(at), node].join(' → '));
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return found;
};

const edgesOf = (list: readonly Source[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(list.map(({ path, imports }) => [path, new Set(imports.filter((one) => one.endsWith('.ts')))]));

describe('the layers', () => {
  it('are the folders of src/', () => {
    const folders = readdirSync(new URL('src', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(LAYERS.map(({ folder }) => folder).sort());
  });

  it.each(LAYERS.map((layer) => [layer.folder, layer] as const))(
    '%s imports only what it may',
    (folder, layer) => {
      const wrong = all
        .filter(({ path }) => layerOf(path) === folder)
        .flatMap(({ path, imports }) =>
          imports
            .filter((one) => /\.(ts|sh)$/.test(one))
            .filter((one) => layerOf(one) !== folder && !layer.mayImport.includes(layerOf(one)))
            .map((one) => `${path} imports ${one}`),
        );
      expect(wrong).toEqual([]);
    },
  );

  it.each(LAYERS.filter(({ pure }) => pure).map(({ folder }) => [folder]))('%s is pure', (folder) => {
    const wrong = all
      .filter(({ path }) => layerOf(path) === folder)
      .flatMap(({ path, imports }) =>
        imports
          .filter((one) => one.startsWith('node:') && !PURE_MODULES.has(one))
          .map((one) => `${path} imports ${one}`),
      );
    expect(wrong).toEqual([]);
  });

  it('have no circle of files, types included', () => {
    expect(circles(edgesOf(all))).toEqual([]);
  });

  it('are what the linter enforces and the documents say (npm run docs writes both)', () => {
    const text = (name: string) => readFileSync(new URL(name, root), 'utf8');
    expect(text('biome.layers.json')).toBe(linterRules());
    expect(text('ARCHITECTURE.md')).toContain(layerTable());
  });
});
