import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCluster, loadClusters } from '../../../src/inventory/load.ts';
import {
  inventoryJsonSchema,
  inventorySchemaText,
  type JsonSchema,
  profileJsonSchema,
} from '../../../src/inventory/schema.ts';
import { schemaTable } from '../../../src/inventory/schema-table.ts';
import { missingSecrets } from '../../../src/inventory/secrets.ts';
import { SCHEMA_LINE } from '../../../src/inventory/starting-file.ts';
import { nodeFiles } from '../../../src/ops/node-files.ts';
import { repository, shippedProfiles } from './support.ts';

const inventoryDir = join(repository, 'inventories');
const sources = { inventoryDir, profiles: shippedProfiles, files: nodeFiles, env: {}, home: '/home/op' };
const clusters = loadClusters(sources);

/** Every key of a schema, `hosts[].ssh.port`; of a secret only the secret. */
const keys = (schema: JsonSchema, prefix = ''): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const inner = keys(part.items ?? part, `${prefix}${name}${part.items ? '[]' : ''}.`);
    return [`${prefix}${name}`, ...inner];
  });

/** Every key that a file uses, in the same notation. */
const used = (value: unknown, prefix = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => used(item, `${prefix.replace(/\.$/, '')}[].`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    `${prefix}${name}`,
    ...used(part, `${prefix}${name}.`),
  ]);
};

describe('the shipped inventories', () => {
  it("are the handbook's clusters (1.1)", () => {
    const summary = clusters.map(({ miner, sectorSize, hosts }) => {
      const of = (role: string) => hosts.filter(({ roles }) => roles.some((name) => name === role)).length;
      return `${miner} ${sectorSize} C2/${of('c2')} P1/${of('p1')}`;
    });
    expect(summary).toEqual([
      'f01021773 64GiB C2/1 P1/8',
      'f01089422 32GiB C2/1 P1/1',
      'f0494733 64GiB C2/3 P1/24',
      'f0730670 64GiB C2/4 P1/32',
    ]);
  });

  it('lack nothing but their secrets', () => {
    for (const cluster of clusters) expect(missingSecrets(cluster).length).toBeGreaterThan(0);
  });

  it('show every key at least once', () => {
    const shown = new Set(clusters.flatMap(({ file }) => used(parse(nodeFiles.read(file) ?? ''))));
    const all = keys(inventoryJsonSchema()).map((key) =>
      key.replace(/(token|assword|\bkey)\.(env|file|age|exec)$/, '$1'),
    );
    const missing = all.filter((key) => {
      // What a host may set over its cluster is shown at either place; facts are shown by one of them.
      const atTop = key.replace(/^hosts\[\]\.(?=(os|ssh|versions|variables|checks)\b)/, '');
      return (
        !shown.has(key) &&
        !shown.has(atTop) &&
        !shown.has(`hosts[].${atTop}`) &&
        !/^hosts\[\]\.facts\.(?!gpus)/.test(key)
      );
    });
    expect(missing).toEqual([]);
  });

  it('tell editors their schema, which lies where they say (else: npm run docs)', () => {
    for (const { file } of clusters) {
      const [first = ''] = nodeFiles.read(file)?.split('\n') ?? [];
      expect([file, first]).toEqual([file, SCHEMA_LINE]);
      const schema = join(dirname(file), first.replace(/^.*\$schema=/, ''));
      expect(nodeFiles.read(schema)).toBe(inventorySchemaText());
    }
  });

  it('name what was meant when a miner id is mistyped', () => {
    expect(() => loadCluster('f0494773', sources)).toThrow('did you mean "f0494733"?');
    expect(() => loadCluster('f0494733', { ...sources, inventoryDir: '/nowhere' })).toThrow(
      '--inventory DIR',
    );
  });
});

describe('the schemas', () => {
  const undescribed = (schema: JsonSchema, prefix = ''): string[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
      ...(part.description ? [] : [`${prefix}${name}`]),
      ...(name === 'facts' ? [] : undescribed(part.items ?? part, `${prefix}${name}.`)),
    ]);

  it('describe every key', () => {
    expect(undescribed(inventoryJsonSchema())).toEqual([]);
    expect(undescribed(profileJsonSchema())).toEqual([]);
  });

  it('are made once, however many files have mistakes', () => {
    expect(inventoryJsonSchema()).toBe(inventoryJsonSchema());
    expect(profileJsonSchema()).toBe(profileJsonSchema());
  });

  it('give a table with a row for every key, those of hosts that are also at the top only once', () => {
    const table = schemaTable('inventory');
    expect(table).toContain("| `miner` * | text | Miner id; the file's name is this with .yaml. |");
    expect(table).toContain('| `api.token` | secret: `age`, `env`, `file` or `exec` |');
    expect(table).toMatch(/\| `ssh` \| mapping \| .* A group or a host may set its own\. \|/);
    expect(table).not.toContain('hosts[].ssh');
    expect(schemaTable('profile')).toContain('| `cpu.vendor` * | `amd` `intel` |');
  });
});
