import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../../src/cli/text/width.ts';
import { block, code, comment, details, html, htmlCode, prose } from '../../../../src/cli/views/markdown.ts';
import { escapeUnseen } from '../../../../src/core/invisible.ts';

/** As a forge makes HTML of it. */
const rendered = (markdown: string): string =>
  micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });

/** What a reader sees of HTML. */
const seen = (text: string): string =>
  text
    .replaceAll('<!-- -->', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** What Markdown is made of, and what is not seen. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '`',
          '``',
          '*',
          '_',
          '[x](y)',
          '![',
          '<b>',
          '&amp;',
          '#',
          '1.',
          '-',
          '+',
          '=',
          '>',
          '|',
          '~~',
          '\\',
          ' ',
          '@org',
          '#12',
          '$x$',
          '<!--',
          '</details>',
        ],
        ...[
          '```',
          '~~~',
          '\n',
          '\t',
          '\u202e',
          '\u0007',
          '    ',
          'https://example.com/',
          ':rocket:',
          '!',
          'a',
        ],
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const oneLine = (given: string): string => escapeUnseen(given.replace(/\r?\n|\t/g, ' '));
const collapsed = (given: string): string => given.replace(/\s+/g, ' ').trim();

describe('prose', () => {
  it('shows any text as it is', () =>
    fc.assert(
      fc.property(text, (given) => {
        const shown = rendered(`so: ${prose(given)}.`);
        const bare = shown.replace(/^<p>|<\/p>$/g, '').replace(/<a href="[^"]*">|<\/a>/g, '');
        expect(collapsed(seen(bare))).toBe(collapsed(`so: ${oneLine(given)}.`));
      }),
    ));

  it('begins nothing at the begin of a line', () => {
    for (const given of [
      '# a',
      '- a',
      '+ a',
      '* a',
      '1. a',
      '12) a',
      '> a',
      '=== a',
      '--- ',
      '~~~ a',
      '``` a',
    ])
      expect(rendered(prose(given)), given).toMatch(/^<p>/);
  });

  it('calls nobody and names no issue', () => {
    expect(prose('@ops and #12')).toBe('@<!-- -->ops and #<!-- -->12');
    expect(html('@ops and #12')).toBe('@<!-- -->ops and #<!-- -->12');
  });
});

describe('code', () => {
  it('shows any text as it is', () =>
    fc.assert(
      fc.property(text, (given) => {
        const inner = /^<p>so: <code>([\s\S]*)<\/code>\.<\/p>$/.exec(rendered(`so: ${code(given)}.`))?.[1];
        const wanted = oneLine(given);
        expect(seen(inner ?? '').trim()).toBe(wanted.trim());
      }),
    ));
});

describe('block', () => {
  it('shows any lines as they are', () =>
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (lines) => {
        const inner = /^<pre><code class="language-diff">([\s\S]*)<\/code><\/pre>$/.exec(
          rendered(block(lines, 'diff')),
        )?.[1];
        expect(seenCode(inner ?? '')).toBe(`${lines.map(printable).join('\n')}\n`);
      }),
    ));
});

/** In a block nothing is taken out of what stands there. */
const seenCode = (inner: string): string =>
  inner.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

describe('details', () => {
  it('holds Markdown below a summary that nothing breaks out of', () => {
    const shown = rendered(details(`24 hosts: ${htmlCode('</summary>*a*')}`, '**b**'));
    expect(shown).toContain('<code>&lt;/summary&gt;*a*</code></summary>');
    expect(shown).toContain('<strong>b</strong>');
    expect(shown).toContain('</details>');
  });
});

const words = ({ shortened, leftOut }: { shortened: number; leftOut: number }): string =>
  `cut: ${shortened} shortened, ${leftOut} left out`;

describe('comment', () => {
  const parts = { head: '# head', foot: 'foot' };

  it('is everything where there is room', () => {
    const made = comment({ ...parts, sections: [['one'], ['two', '2']] }, words);
    expect(made).toBe('# head\n\none\n\ntwo\n\nfoot\n');
  });

  it('keeps all sections before it keeps them long, and says what was cut', () => {
    const sections = Array.from({ length: 10 }, (_, index) => ['x'.repeat(100), `brief ${index}`] as const);
    const made = comment({ ...parts, sections }, words, 400);
    expect(made.length).toBeLessThanOrEqual(400);
    expect(made).toContain('xxx');
    for (const index of [2, 5, 9]) expect(made).toContain(`brief ${index}`);
    expect(made).toContain('cut: 8 shortened, 0 left out');
    expect(made.endsWith('foot\n')).toBe(true);
  });

  it('leaves out the last where there is no room for all', () => {
    const sections = Array.from({ length: 30 }, (_, index) => ['x'.repeat(100), `brief ${index}`] as const);
    const made = comment({ ...parts, sections }, words, 200);
    expect(made.length).toBeLessThanOrEqual(200);
    expect(made).toContain('brief 0');
    expect(made).not.toContain('brief 29');
    expect(made).toMatch(/cut: \d+ shortened, \d+ left out/);
  });

  it('is never longer than it may be', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 3 }), { maxLength: 20 }),
        fc.integer({ min: 100, max: 700 }),
        (forms, limit) => {
          const sections = forms.map(([first = '', ...others]) => [first, ...others] as const);
          expect(comment({ ...parts, sections }, words, limit).length).toBeLessThanOrEqual(limit);
        },
      ),
    ));
});
