import { describe, expect, it } from 'vitest';
import { tellingLines } from '../../../../src/cli/views/telling-lines.ts';

const chatter = Array.from({ length: 12 }, (_, n) => `Unpacking package${n} (1.${n}) ...`);

describe('tellingLines', () => {
  it('are all of a short output', () => {
    expect(tellingLines('Get:1 x\nit printed nothing')).toEqual(['Get:1 x', 'it printed nothing']);
  });

  it('are those that speak of an error, wherever they stand', () => {
    const output = [
      'E: Unable to locate package tree',
      ...chatter,
      'curl: (22) The requested URL returned error: 404',
    ];
    expect(tellingLines(output.join('\n'))).toEqual([output[0], output.at(-1)]);
  });

  it('are the last ones without chatter, where none does', () => {
    expect(tellingLines([...chatter, 'it gave up', ...chatter].join('\n'))).toEqual(['it gave up']);
  });

  it('are the last ones as they are, where all is chatter', () => {
    expect(tellingLines(chatter.join('\n'))).toEqual(chatter.slice(-6));
  });
});
