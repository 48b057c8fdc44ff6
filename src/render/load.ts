import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
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
 * since it would be ignored without a word. Files under `partials/` may be added where a template includes them;
 * notes (`*.md`, names that begin with a dot) may lie beside.
 */
export const loadTemplates = (
  files: TemplateFiles,
  shipped: string,
  own?: string,
): ReadonlyMap<string, Template> => {
  const templates = readDirectory(files, shipped);
  if (own === undefined) return templates;
  const replacing = readDirectory(files, own);
  const all = new Map([...templates, ...replacing]);
  const texts = [...all.values()].map(({ text }) => text);
  const isIncluded = (name: string) =>
    name.startsWith('partials/') && texts.some((text) => includes(text, name));
  const problems = [
    ...[...replacing]
      .filter(([name]) => !templates.has(name) && !isIncluded(name))
      .map(([name, { file }]) => unused(name, file, templates.keys())),
    ...otherFiles(files, own, '').map((name) => unused(name, `${own}/${name}`, templates.keys())),
  ];
  if (problems.length > 0) throw new FcopsError(problems);
  if (replacing.size > 0) return all;
  throw new FcopsError({
    kind: 'template',
    what: 'there is no template in this directory',
    where: { file: own },
    next: [edit(`copy one of fcops' own there (from ${shipped}), with its path: p1/profile${SUFFIX}`)],
  });
};

const includes = (text: string, name: string): boolean =>
  [...text.matchAll(/\{\{~?#?>\s*([^\s}]+)/g)].some(({ 1: included }) => included === name);

const unused = (name: string, file: string, known: Iterable<string>): Problem => {
  const names = [...known];
  const isNamed = names.includes(name);
  return {
    kind: 'template',
    what: name.startsWith('partials/')
      ? 'no template includes this one, so it would never be used'
      : 'no template has this name, so it would never be used',
    where: { file },
    next: [edit(isNamed ? `name it ${name}${SUFFIX}` : didYouMean(name, names))],
  };
};

/** Files that are no templates by their names, and no notes. */
const otherFiles = (files: TemplateFiles, root: string, below: string): readonly string[] =>
  (files.list(`${root}/${below}`) ?? []).toSorted().flatMap((name) => {
    const path = `${below}${name}`;
    if (name.startsWith('.') || name.endsWith(SUFFIX) || name.endsWith('.md')) return [];
    return files.list(`${root}/${path}`) === undefined ? [path] : otherFiles(files, root, `${path}/`);
  });

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
