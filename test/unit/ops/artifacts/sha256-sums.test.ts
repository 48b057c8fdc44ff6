import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSha256Sums } from '../../../../src/ops/artifacts/sha256-sums.ts';

const sum = (digit: string) => digit.repeat(64);
const read = (text: string) => {
  const result = readSha256Sums(text);
  return result.ok ? Object.fromEntries(result.value) : result.error;
};

describe('readSha256Sums', () => {
  it('reads what sha256sum prints, in each of its ways', () => {
    expect(
      read(
        [
          `${sum('a')}  lotus-1.tar.gz`,
          `${sum('B')} *lotus-miner-1.tar.gz\r`,
          `${sum('c')}  ./lotus-worker-1.tar.gz`,
          `\\${sum('d')}  ./a\\\\b\\nc`,
          `SHA256 (lotus-2.tar.gz) = ${sum('e')}`,
          `${sum('f')}  old/lotus-1.tar.gz`,
          '',
        ].join('\n'),
      ),
    ).toEqual({
      'lotus-1.tar.gz': sum('a'),
      'lotus-miner-1.tar.gz': sum('b'),
      'lotus-worker-1.tar.gz': sum('c'),
      'a\\b\nc': sum('d'),
      'lotus-2.tar.gz': sum('e'),
      'old/lotus-1.tar.gz': sum('f'),
    });
  });

  it('passes over what says nothing, and does not choose between two sums', () => {
    const text = `-----BEGIN PGP SIGNED MESSAGE-----\n# sums\n${sum('a')}  x\n${sum('a')} *x\n${sum('a')}  y\n${sum('b')}  y\n${'a'.repeat(40)}  z\n${sum('a')} z\n`;
    expect(read(text)).toEqual({ x: sum('a'), y: 'several' });
  });

  it('says that a page is no list', () => {
    expect(read('<html>404</html>')).toBe('there is no line of sha256sum in it');
    expect(read('')).toBe('there is no line of sha256sum in it');
  });

  it('reads names with whatever JavaScript takes for the end of a line', () => {
    expect(read(`${sum('a')}  a\u2028b.tgz\n`)).toEqual({ 'a\u2028b.tgz': sum('a') });
    expect(read(`SHA256 (a\u2029b.tgz) = ${sum('a')}\n`)).toEqual({ 'a\u2029b.tgz': sum('a') });
  });

  it('reads any name as it was written', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/[\0\ufeff]|^\.\//.test(text));
    fc.assert(
      fc.property(name, (text) => {
        // As coreutils does it.
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
        const line = `${escaped === text ? '' : '\\'}${sum('a')}  ${escaped}`;
        expect(read(`${line}\n`)).toEqual({ [text]: sum('a') });
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readSha256Sums(text)));
  });
});
