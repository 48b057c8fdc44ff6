import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/cli/output.ts';
import { keepingStream, testContext } from './context.ts';

const colourIn = (
  env: Record<string, string>,
  color: 'auto' | 'always' | 'never' | false = 'auto',
  isTerminal = true,
) => {
  const { stream: stdout } = keepingStream(isTerminal);
  const { world } = testContext({}, { env, stdout }).context;
  return new Output(world, 'text', color).colour;
};

describe('Output', () => {
  it('is coloured on a terminal only, and where nobody objects', () => {
    expect(colourIn({})).toBe(true);
    expect(colourIn({}, 'auto', false)).toBe(false);
    expect(colourIn({}, false)).toBe(false);
    expect(colourIn({}, 'never')).toBe(false);
    expect(colourIn({ NO_COLOR: '1' })).toBe(false);
    expect(colourIn({ NO_COLOR: '' })).toBe(true);
    expect(colourIn({ TERM: 'dumb' })).toBe(false);
  });

  it('is coloured elsewhere where that is asked for: the option counts most, then NO_COLOR', () => {
    expect(colourIn({ FORCE_COLOR: '1' }, 'auto', false)).toBe(true);
    expect(colourIn({ FORCE_COLOR: '0' })).toBe(false);
    expect(colourIn({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(colourIn({ NO_COLOR: '1' }, 'always', false)).toBe(true);
    expect(colourIn({ FORCE_COLOR: '1' }, 'never')).toBe(false);
  });

  it('masks secrets in everything that leaves, also as JSON writes them', () => {
    const { context, stdout, stderr } = testContext();
    context.output.hide(['pass"word', 'other-secret']);
    context.output.print('a pass"word b');
    context.output.printJson({ x: 'pass"word' });
    context.output.note('other-secret');
    context.output.stdout.write('live other-secret');
    expect(stdout()).toBe('a ******** b{\n  "x": "********"\n}\nlive ********');
    expect(stderr()).toBe('********\n');
  });
});
