import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { schemaTable } from '../../src/inventory/schema-table.ts';
import { guidePages } from '../support/guide.ts';
import { docsPages } from '../support/manual/pages.ts';

/** What a person reads who is new to fcops: the README and the guide, in two languages. */

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
/** A text without its blocks of code. */
const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');
const ENGLISH = ['README.md', ...guidePages('en')];
const CHINESE = ['README.zh-CN.md', ...guidePages('zh')];

describe('the guide in Chinese', () => {
  // The table of keys, which is made for the page in English.
  const keysPage = 'docs/guide/zh-CN/inventory-file.md';
  const all = (files: readonly string[]) =>
    prose(
      files
        .filter((file) => file !== keysPage)
        .map(textOf)
        .join('\n'),
    );

  /** The rows of a table of keys: what a value may be, and what it means. */
  const rowsOf = (table: string) =>
    new Map(
      [...table.matchAll(/^\| (`[^`]+`(?: \*)?) \| (.*?) \| (.*) \|$/gm)].map(
        ([, key = '', value = '', meaning = '']) => [key, { value, meaning }] as const,
      ),
    );

  it('has every key of an inventory file, with its values, and whether groups and hosts may set it', () => {
    const rows = rowsOf(schemaTable('inventory'));
    const inChinese = rowsOf(textOf(keysPage));
    expect(rows.size).toBeGreaterThan(40);
    expect([...inChinese.keys()]).toEqual([...rows.keys()]);
    for (const [key, { value, meaning }] of rows) {
      const { value: chineseValue = '', meaning: chinese = '' } = inChinese.get(key) ?? {};
      const values = value.match(/`[^`]+`/g) ?? [];
      expect([key, values.filter((one) => !chineseValue.includes(one))]).toEqual([key, []]);
      const isOwn = meaning.includes('A group or a host may set its own.');
      expect([key, chinese.includes('组或主机可单独设。')]).toEqual([key, isOwn]);
    }
  });

  it('has the same pages, commands and sections', () => {
    const names = (files: readonly string[]) => files.map((file) => basename(file));
    expect(names(guidePages('zh'))).toEqual([...names(guidePages('en')), 'inventory-file.md'].toSorted());
    const rows = (files: readonly string[]) => all(files).match(/^\| .*`fcops /gm)?.length;
    expect(rows(CHINESE)).toBe(rows(ENGLISH));
    for (const [index, page] of ENGLISH.entries()) {
      const inChinese = CHINESE.filter((file) => file !== keysPage)[index] ?? '';
      const levels = (file: string) => prose(textOf(file)).match(/^#+(?= )/gm) ?? [];
      // The safety of it is a section of its own there.
      const more = page === 'docs/guide/runs.md' ? ['##'] : [];
      expect([page, levels(inChinese).toSorted()]).toEqual([page, [...levels(page), ...more].toSorted()]);
    }
  });
});

/** What the program prints, in a page: blocks without a comment, which is in the language of the page. */
const outputsOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/^```(?:text|console)\n([\s\S]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => !block.includes(' # '));

test.each(guidePages('en'))('%s shows the same output in both languages', (page) => {
  expect(outputsOf(page.replace('docs/guide/', 'docs/guide/zh-CN/'))).toEqual(outputsOf(page));
});

test.each([
  ['README.md', ENGLISH],
  ['README.zh-CN.md', CHINESE],
])('%s leads to every page of its guide', (readme, pages) => {
  const missing = pages.slice(1).filter((page) => !textOf(readme).includes(`](${page})`));
  expect(missing).toEqual([]);
});

/** Names of the places in a page that a link may lead to, as GitHub makes them of headings. */
const anchorsOf = (file: string): readonly string[] =>
  [...prose(textOf(file)).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each([
  ...ENGLISH,
  ...CHINESE,
  'ARCHITECTURE.md',
  'docs/ci/README.md',
  ...[...docsPages().keys()].map((name) => `docs/${name}`),
])('links of %s lead somewhere', (file) => {
  const links = [...prose(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = decodeURI(link).split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});
