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
const OTHER = '0a'.repeat(32);
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

  it.each(["''", '<sum>', "'<sha256 of the archive>'", '', 'null', '~', '# from the list'])(
    'is put in where none is filled in yet: %s',
    async (open) => {
      const file = join(directory, 'f0494733.yaml');
      const withSum = (one: string) =>
        `miner: f0494733\nartifacts:\n  sha256:\n    one.tar.gz: ${one}\n    two.tar.gz: '${OTHER}'\n`;
      writeFileSync(file, withSum(open));
      const sums = new Map([['one.tar.gz', SUM]]);
      expect(await writeSums(file, sums, false)).toEqual({ ok: true, value: 'written' });
      const quote = open.startsWith("'") ? "'" : '';
      const comment = open.startsWith('#') ? ` ${open}` : '';
      const text = readFileSync(file, 'utf8');
      expect(text.replace(/ $/gm, '')).toBe(withSum(quote + SUM + quote + comment));
    },
  );

  it.each(['{}', '{ }', 'null', '~', ''])('is put where no sums are: %s', async (none) => {
    const file = join(directory, 'f0494733.yaml');
    writeFileSync(file, `artifacts:\n  sha256: ${none} # of all\n  url: <URL>\n`);
    expect((await writeSums(file, new Map([['one.tar.gz', SUM]]), false)).ok).toBe(true);
    const filled = `artifacts:\n  sha256: # of all\n    one.tar.gz: ${SUM}\n  url: <URL>\n`;
    expect(readFileSync(file, 'utf8').replace('  #', ' #')).toBe(filled);
  });

  it.each([
    ['{ one.tar.gz: }', `{ one.tar.gz: ${SUM} }`],
    ['{ one.tar.gz: , two.tar.gz: }', `{ one.tar.gz: ${SUM} , two.tar.gz: }`],
    ['{ "one.tar.gz": null }', `{ "one.tar.gz": ${SUM} }`],
  ])('is put into %s', async (open, filled) => {
    const file = join(directory, 'f0494733.yaml');
    writeFileSync(file, `artifacts: { sha256: ${open} }\n`);
    expect((await writeSums(file, new Map([['one.tar.gz', SUM]]), false)).ok).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(`artifacts: { sha256: ${filled} }\n`);
  });

  it.each(['{ one.tar.gz }', '{ one.tar.gz: &a }', '{ ? one.tar.gz }'])(
    'is not put into %s, which a person is told',
    async (open) => {
      const file = join(directory, 'f0494733.yaml');
      writeFileSync(file, `artifacts: { sha256: ${open} }\n`);
      const byHand = `write one.tar.gz: ${SUM} under \`artifacts.sha256\``;
      expect(await writeSums(file, new Map([['one.tar.gz', SUM]]), false)).toMatchObject({
        error: [{ next: [{ text: byHand }] }],
      });
    },
  );

  it('of one that no file can name is refused', async () => {
    expect((await written('__proto__')).done).toMatchObject({ ok: false });
  });
});
