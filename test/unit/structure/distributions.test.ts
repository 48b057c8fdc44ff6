// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is bash.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const src = new URL('../../../src/', import.meta.url);
/** The table itself, and the platforms that programs are built for, which are called after two of them. */
const THE_PLACE = ['core/distributions.ts', 'inventory/platform.ts'];

const withoutComments = (path: string, text: string): string =>
  path.endsWith('.sh')
    ? text.replace(/^\s*#.*$/gm, '')
    : text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

/** Lines that ask what a distribution is instead of what it has. */
const asking = (path: string, text: string): string[] =>
  withoutComments(path, text)
    .split('\n')
    .filter((line) =>
      path.endsWith('.sh')
        ? /(==?|!=|\bin)\s*["']?(ubuntu|debian|centos|redhat|rhel)\b|^\s*(ubuntu|debian|centos|redhat|rhel)\)|os-release.*(ubuntu|debian|centos)/.test(
            line,
          )
        : /(['"`])(ubuntu|debian|centos|redhat|rhel)(-[\d.]+)?\1|\bfamily [!=]==/.test(line) ||
          /\b(ubuntu|debian|centos|redhat): /.test(line),
    )
    .map((line) => `${path}: ${line.trim()}`);

describe('what differs between distributions', () => {
  it('stands in one place', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(ts|sh)$/.test(path),
    );
    expect(files).toEqual(expect.arrayContaining(THE_PLACE));
    const found = files
      .filter((path) => !THE_PLACE.includes(path))
      .flatMap((path) => asking(path, readFileSync(new URL(path, src), 'utf8')));
    expect(found).toEqual([]);
  });

  it.each([
    ['a.ts', "const a = os.id === 'centos' ? 1 : 2;"],
    ['a.ts', "const a = family === FAMILY ? 'apt' : 'yum';"],
    ['a.ts', "const A = { ubuntu: 'x' };"],
    ['a.ts', "const os = 'debian-12';"],
    ['a.sh', '  [[ $family == redhat ]] || return'],
    ['a.sh', '    debian) x=1 ;;'],
  ])('is found in %s: %s', (path, line) => {
    expect(asking(path, line)).toHaveLength(1);
  });

  it('may be told of in words', () => {
    expect(asking('a.ts', '/** On debian. */\nconst a = 1; // as ubuntu: so\nsay("on Debian")')).toEqual([]);
    expect(asking('a.sh', '# debian) is not asked')).toEqual([]);
  });
});
