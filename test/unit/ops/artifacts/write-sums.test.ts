import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { writeSums } from '../../../../src/ops/artifacts/write-sums.ts';
import { clusterFile } from '../../inventory/support.ts';

const directory = mkdtempSync(join(tmpdir(), 'fcops-sums-'));
afterAll(() => rmSync(directory, { recursive: true }));

const SUM = 'deadbeef'.repeat(8);
const written = async (name: string) => {
  const file = join(directory, 'f0494733.yaml');
  writeFileSync(file, stringify(clusterFile({})));
  return { done: await writeSums(file, new Map([[name, SUM]]), false), text: readFileSync(file, 'utf8') };
};

describe('a sum', () => {
  it.each(['constructor', 'toString'])('of an archive that is named %s is written', async (name) => {
    const { done, text } = await written(name);
    expect(done).toEqual({ ok: true, value: 'written' });
    expect(text).toContain(`    ${name}: ${SUM}\n`);
  });

  it('of one that no file can name is refused', async () => {
    expect((await written('__proto__')).done).toMatchObject({ ok: false });
  });
});
