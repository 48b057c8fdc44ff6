import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const CHINESE = 'docs/guide/zh-CN';
const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => `${folder}/${name}`);

/** The pages of the guide in English; in both languages unless one is named. */
export const guidePages = (language?: 'en' | 'zh'): readonly string[] => [
  ...(language === 'zh' ? [] : pagesIn('docs/guide')),
  ...(language === 'en' ? [] : pagesIn(CHINESE)),
];
