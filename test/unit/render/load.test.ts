import { describe, expect, it } from 'vitest';
import { loadTemplates, type TemplateFiles } from '../../../src/render/load.ts';

/** A file system of these files. */
const filesOf = (files: Record<string, string>): TemplateFiles => ({
  list: (directory) => {
    const prefix = `${directory.replace(/\/+$/, '')}/`;
    const names = Object.keys(files)
      .filter((file) => file.startsWith(prefix))
      .map((file) => file.slice(prefix.length).split('/')[0] ?? '');
    return names.length > 0 ? [...new Set(names)] : undefined;
  },
  read: (file) => files[file],
});

describe('loadTemplates', () => {
  const shipped = { 'S/p1/profile.hbs': 'one', 'S/etc/limits.conf.hbs': 'two', 'S/README.md': 'no' };

  it('names templates by their path without .hbs', () => {
    expect([...loadTemplates(filesOf(shipped), 'S').keys()]).toEqual(['etc/limits.conf', 'p1/profile']);
  });

  it('lets a file of the own directory take the place of the shipped one', () => {
    const templates = loadTemplates(filesOf({ ...shipped, 'D/p1/profile.hbs': 'mine' }), 'S', 'D');
    expect(templates.get('p1/profile')).toEqual({ file: 'D/p1/profile.hbs', text: 'mine' });
    expect(templates.get('etc/limits.conf')?.text).toBe('two');
  });

  it('refuses a name that nothing would use, and a directory that is not there', () => {
    expect(() => loadTemplates(filesOf({ ...shipped, 'D/p1/profil.hbs': '' }), 'S', 'D')).toThrow(
      /D\/p1\/profil\.hbs: no template has this name[\s\S]*"p1\/profile"/,
    );
    expect(() => loadTemplates(filesOf(shipped), 'S', 'D')).toThrow(/D: there is no such directory/);
  });

  it.each([
    ['D/p1/profile', /D\/p1\/profile: no template has this name[\s\S]*name it p1\/profile\.hbs/],
    ['D/p1/profile.hbs.bak', /D\/p1\/profile\.hbs\.bak: no template has this name/],
    ['D/partials/mine.hbs', /D\/partials\/mine\.hbs: no template includes this one/],
    ['D/README.md', /D: there is no template in this directory[\s\S]*from S/],
  ])('refuses what would be left out without a word: %s', (file, message) => {
    expect(() => loadTemplates(filesOf({ ...shipped, [file]: '' }), 'S', 'D')).toThrow(message);
  });

  it('takes a partial that a template of the same directory includes', () => {
    const own = {
      'D/partials/mine.hbs': '',
      'D/p1/profile.hbs': '{{> partials/mine}}',
      'D/notes.md': '',
      'D/.git': '',
    };
    expect(loadTemplates(filesOf({ ...shipped, ...own }), 'S', 'D').has('partials/mine')).toBe(true);
  });
});
