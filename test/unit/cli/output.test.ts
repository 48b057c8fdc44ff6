import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/cli/output.ts';
import { keepingStream, testSession } from './session.ts';

const colourIn = (env: Record<string, string>, color = true, isTerminal = true) => {
  const { stream: stdout } = keepingStream(isTerminal);
  const { world } = testSession({}, { env, stdout }).session;
  return new Output(world, 'text', color).colour;
};

describe('Output', () => {
  it('is coloured on a terminal only, and where nobody objects', () => {
    expect(colourIn({})).toBe(true);
    expect(colourIn({}, true, false)).toBe(false);
    expect(colourIn({}, false)).toBe(false);
    expect(colourIn({ NO_COLOR: '1' })).toBe(false);
    expect(colourIn({ NO_COLOR: '' })).toBe(true);
    expect(colourIn({ TERM: 'dumb' })).toBe(false);
  });

  it('masks secrets in everything that leaves, also as JSON writes them', () => {
    const { session, stdout, stderr } = testSession();
    session.output.hide(['pass"word', 'other-secret']);
    session.output.print('a pass"word b');
    session.output.printJson({ x: 'pass"word' });
    session.output.note('other-secret');
    session.output.stdout.write('live other-secret');
    expect(stdout()).toBe('a ******** b{\n  "x": "********"\n}\nlive ********');
    expect(stderr()).toBe('********\n');
  });
});
