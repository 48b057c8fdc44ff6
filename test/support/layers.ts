import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const layerSchema = z.strictObject({
  folder: z.string(),
  holds: z.string(),
  mayImport: z.array(z.string()),
  /** Left of the session: no network, no clock, no environment. */
  pure: z.boolean(),
});
export type Layer = z.infer<typeof layerSchema>;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The one table of layers. The linter's rules, the documents and the test of the structure follow from it. */
export const LAYERS: readonly Layer[] = z
  .array(layerSchema)
  .parse(JSON.parse(readFileSync(`${root}layers.json`, 'utf8')));

const allowed = ({ mayImport }: Layer): string =>
  mayImport.length === 0 ? 'nothing' : mayImport.map((name) => `\`${name}\``).join(', ');

/** The table as documents show it. */
export const layerTable = (): string =>
  [
    '| folder | holds | may import |',
    '| --- | --- | --- |',
    ...LAYERS.map(
      (layer) =>
        `| \`src/${layer.folder}/\` | ${layer.holds}${layer.pure ? '; pure' : ''} | ${allowed(layer)} |`,
    ),
  ].join('\n');

/** Modules of Node that know nothing of the outside. */
export const PURE_MODULES: ReadonlySet<string> = new Set(['node:crypto', 'node:path', 'node:util']);

/** The rules of the linter: a layer may not import from those that it may not know. */
export const linterRules = (): string => {
  const overrides = LAYERS.flatMap(({ folder, mayImport, pure }) => {
    const forbidden = LAYERS.map((one) => one.folder).filter(
      (name) => name !== folder && !mayImport.includes(name),
    );
    if (forbidden.length === 0) return [];
    const group = forbidden.flatMap((name) => [1, 2, 3].map((up) => `${'../'.repeat(up)}${name}/**`));
    const message = `src/${folder} may import only: ${mayImport.join(', ') || 'nothing'} (see layers.json)`;
    const patterns = [
      { group, message },
      ...(pure
        ? [
            {
              group: ['node:*', ...[...PURE_MODULES].map((name) => `!${name}`)],
              message: `src/${folder} is pure: no module of Node but ${[...PURE_MODULES].join(', ')} (see layers.json)`,
            },
          ]
        : []),
    ];
    return [
      {
        includes: [`src/${folder}/**`],
        linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } },
      },
    ];
  });
  return `${JSON.stringify({ $schema: './node_modules/@biomejs/biome/configuration_schema.json', overrides }, null, 2)}\n`;
};

/** A file of src/ and what it imports: paths below src/, or names of modules. */
export interface Source {
  readonly path: string;
  readonly imports: readonly string[];
}

/** All sources, with what they import, types included. */
export const sources = (): Source[] =>
  readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, imports: importsOf(path) }));

const importsOf = (path: string): string[] => {
  const text = readFileSync(`${root}src/${path}`, 'utf8');
  return [...text.matchAll(/(?:^|[\s(])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? relative(`${root}src`, resolve(root, 'src', dirname(path), name)) : name,
  );
};
