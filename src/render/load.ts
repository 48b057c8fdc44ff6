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

/** Templates as they are read from two directories. */
export interface ReadTemplates {
  /** By name, those of `own` in the place of the shipped ones. */
  readonly all: ReadonlyMap<string, Template>;
  /** Those of the directory that replaces shipped ones; none where there is no such directory. */
  readonly own: ReadonlyMap<string, Template>;
  /** Of files in it that would be ignored without a word. */
  readonly problems: readonly Problem[];
}

/**
 * All templates by name, which is their path without `.hbs`: `p1/start_p1.sh`. A file in `own`
 * (`--templates DIR`) takes the place of the shipped one with the same name; the others stay as shipped. One that is named
 * like no shipped one is a problem, since it would be ignored without a word. Files under `partials/` may be added where a
 * template includes them; notes (`*.md`, names that begin with a dot) may lie beside. Throws an FcopsError for a directory
 * that is not there.
 */
export const readTemplates = (files: TemplateFiles, shipped: string, own?: string): ReadTemplates => {
  const templates = readDirectory(files, shipped);
  if (own === undefined) return { all: templates, own: new Map(), problems: [] };
  const replacing = readDirectory(files, own);
  const all = new Map([...templates, ...replacing]);
  const included = new Set([...all.values()].flatMap(({ text }) => partialsIn(text)));
  const isIncluded = (name: string) => name.startsWith('partials/') && included.has(name);
  const problems = [
    ...[...replacing]
      .filter(([name]) => !templates.has(name) && !isIncluded(name))
      .map(([name, { file }]) => unused(name, file, templates.keys())),
    ...otherFiles(files, own, '').map((name) => unused(name, `${own}/${name}`, templates.keys())),
  ];
  const empty: Problem = {
    kind: 'template',
    what: 'there is no template in this directory',
    where: { file: own },
    next: [edit(`copy one of fcops' own there (from ${shipped}), with its path: p1/profile${SUFFIX}`)],
  };
  return {
    all,
    own: replacing,
    problems: problems.length === 0 && replacing.size === 0 ? [empty] : problems,
  };
};

/** The same, for whoever fills them in. Throws an FcopsError for what would be ignored, too. */
export const loadTemplates = (
  files: TemplateFiles,
  shipped: string,
  own?: string,
): ReadonlyMap<string, Template> => {
  const { all, problems } = readTemplates(files, shipped, own);
  if (problems.length > 0) throw new FcopsError(problems);
  return all;
};

/** Names of the templates that a text includes. */
const partialsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{~?#?>\s*([^\s}]+)/g)].map(({ 1: name = '' }) => name);

/** Names of templates with those that they include, and so on. */
export const withPartials = (
  names: Iterable<string>,
  templates: ReadonlyMap<string, Template>,
): ReadonlySet<string> => {
  const all = new Set(names);
  // A set goes on with what is added to it meanwhile.
  for (const name of all) for (const partial of partialsIn(templates.get(name)?.text ?? '')) all.add(partial);
  return all;
};

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
      next: [edit('leave out --templates for the ones that come with fcops')],
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
