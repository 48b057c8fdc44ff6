import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayWidth,
  flow,
  padEnd,
  padStart,
  printable,
  truncate,
  wrap,
} from '../../../../src/cli/text/width.ts';

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['矿工号', 6],
    ['p1-50 封装中', 12],
    ['e\u0301', 1],
    ['\u001b[31mred\u001b[39m', 3],
    ['🚀', 2],
    ['—…→', 3],
    ['', 0],
  ])('%j takes %i columns', (text, columns) => expect(displayWidth(text)).toBe(columns));
});

describe('truncate', () => {
  it('cuts between characters that take two columns', () => {
    expect(truncate('封装中封装中', 7)).toBe('封装中…');
    expect(truncate('封装中封装中', 6)).toBe('封装…');
    expect(truncate('short', 5)).toBe('short');
    expect(truncate('anything', 0)).toBe('');
  });

  it('never gives more columns than there are', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        const shown = printable(text);
        expect(displayWidth(truncate(shown, columns))).toBeLessThanOrEqual(columns);
      }),
    ));
});

describe('padEnd and padStart', () => {
  it('count columns, not letters', () => {
    expect(padEnd('中', 4)).toBe('中  ');
    expect(padStart('中', 4)).toBe('  中');
    expect(padEnd('too long', 4)).toBe('too long');
  });
});

describe('printable', () => {
  it.each([
    ['10%\r50%\r100%', '100%'],
    ['\u001b[2J\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['a\tb', 'a    b'],
    ['bell\u0007', 'bell\\u0007'],
    ['admin\u202egnp.exe', 'admin\\u202egnp.exe'],
    ['a\u200bb\u2028c\ufeff.', 'a\\u200bb\\u2028c\\ufeff.'],
    ['封装中 👩\u200d🔧', '封装中 👩\u200d🔧'],
    ['trailing   ', 'trailing'],
    ['says 2\nNVIDIA GPUs: 1', 'says 2 NVIDIA GPUs: 1'],
  ])('%j becomes %j', (line, shown) => expect(printable(line)).toBe(shown));

  it('lets no control character through', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...printable(text)].some((letter) => letter < ' ' || letter === '\u007f')).toBe(false);
      }),
    ));
});

describe('flow', () => {
  it('fills lines with parts, separators between', () => {
    expect(flow(['one', 'two', 'three'], ', ', 9)).toEqual(['one, two,', 'three']);
    expect(flow(['+ create', '~ update'], '   ', 40)).toEqual(['+ create   ~ update']);
    expect(flow([], ', ', 9)).toEqual([]);
  });
});

describe('wrap', () => {
  it('breaks at blanks and keeps the indent', () => {
    expect(wrap('  one two three', 9)).toEqual(['  one two', '  three']);
    expect(wrap('a-word-that-is-too-long b', 5)).toEqual(['a-word-that-is-too-long', 'b']);
    expect(wrap('fits', 10)).toEqual(['fits']);
  });

  it('indents what follows further where that is asked for', () => {
    expect(wrap('  one two three', 9, 2)).toEqual(['  one two', '    three']);
  });

  it('leaves a command whole, so that it can be copied', () => {
    expect(wrap('then: fcops trust --miner f01 --limit p1 -i x, or else', 20)).toEqual([
      'then:',
      'fcops trust --miner f01 --limit p1 -i x,',
      'or else',
    ]);
    expect(wrap('fcops plan shows what would change', 20)).toEqual(['fcops plan shows', 'what would change']);
  });

  it('leaves a number with what it counts', () => {
    expect(wrap('at work: PC1 × 40, PC2 × 3', 20)).toEqual(['at work: PC1 × 40,', 'PC2 × 3']);
    expect(wrap('at work: AP, PC1 × 40', 18)).toEqual(['at work: AP,', 'PC1 × 40']);
  });

  it('breaks Chinese between its characters, as it has no blanks', () => {
    expect(wrap('  until 2099: DIMMC1 内存条故障，周五上门更换', 24)).toEqual([
      '  until 2099: DIMMC1 内',
      '  存条故障，周五上门更换',
    ]);
  });

  it('begins no line with what closes, and ends none with what opens', () => {
    expect(wrap('更换之前少跑两个，再看', 16)).toEqual(['更换之前少跑两', '个，再看']);
    expect(wrap('联系人（张工）电话', 8)).toEqual(['联系人', '（张工）', '电话']);
  });

  it('leaves words and paths between Chinese whole', () => {
    expect(wrap('看一看 /srv/集群/f0494733.yaml 写了什么', 24)).toEqual([
      '看一看',
      '/srv/集群/f0494733.yaml',
      '写了什么',
    ]);
    expect(wrap('内存条DIMMC1故障', 10)).toEqual(['内存条', 'DIMMC1故障']);
  });

  it('takes no more columns than there are, and loses no character', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('内存', '条，', '（张', '工）', 'ab ', ' ')), (parts) => {
        const text = parts.join('');
        const lines = wrap(text, 20);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(20);
      }),
    ));
});
