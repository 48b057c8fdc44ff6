import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';

/** A template and the file it was read from, for messages. */
export interface Template {
  readonly file: string;
  readonly text: string;
}

/** How templates are read; both give undefined where there is no such directory or file. */
export interface TemplateFiles {
  /** Names in a directory, in any order. */
  readonly list: (directory: string) => readonly string[] | undefined;
  readonly read: (file: string) => string | undefined;
}

const SUFFIX = '.hbs';

/**
 * All templates by name, which is their path without `.hbs`: `p1/start_p1.sh`. A file in `own`
 * (`--templates DIR`) takes the place of the shipped one with the same name; the others stay as shipped. Throws
 * an FcopsError for a directory that is not there, and for a file of `own` that is named like no shipped one,
 * since it would be ignored without a word. Files under `partials/` may be added freely.
 */
export const loadTemplates = (
  files: TemplateFiles,
  shipped: string,
  own?: string,
): ReadonlyMap<string, Template> => {
  const templates = readDirectory(files, shipped);
  if (own === undefined) return templates;
  const replacing = readDirectory(files, own);
  const strangers = [...replacing].filter(([name]) => !templates.has(name) && !name.startsWith('partials/'));
  if (strangers.length > 0) {
    throw new FcopsError(
      strangers.map(([name, { file }]) => ({
        kind: 'template',
        what: 'no template has this name, so it would never be used',
        where: { file },
        next: [edit(didYouMean(name, templates.keys()))],
      })),
    );
  }
  return new Map([...templates, ...replacing]);
};

const readDirectory = (files: TemplateFiles, directory: string): Map<string, Template> => {
  const found = findTemplates(files, directory, '');
  if (!found) {
    throw new FcopsError({
      kind: 'template',
      what: 'there is no such directory of templates',
      where: { file: directory },
    });
  }
  return new Map(found);
};

const findTemplates = (
  files: TemplateFiles,
  root: string,
  below: string,
): [string, Template][] | undefined => {
  const names = files.list(`${root}/${below}`);
  return names?.toSorted().flatMap((name): [string, Template][] => {
    const path = `${below}${name}`;
    if (!name.endsWith(SUFFIX)) return findTemplates(files, root, `${path}/`) ?? [];
    const file = `${root}/${path}`;
    const text = files.read(file);
    return text === undefined ? [] : [[path.slice(0, -SUFFIX.length), { file, text }]];
  });
};
