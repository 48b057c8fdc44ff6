import { expect, it } from 'vitest';
import { lineOf } from '../../../../src/ops/exec/exec.ts';
import { outcomeOf } from '../../../../src/ops/exec/outcome.ts';

const EXIT = { status: 0, signal: null, lost: false, stderr: '' };
const LOST = {
  ...EXIT,
  status: null,
  lost: true,
  problem: { kind: 'connect', what: 'the connection was lost' } as const,
};
const of = (frames: readonly string[], more: object = {}) =>
  outcomeOf({
    host: 'p1-50',
    frame: (word) => {
      const found = frames.find((frame) => frame.startsWith(word));
      return found === undefined ? undefined : { word, rest: found.slice(word.length + 1) };
    },
    exit: EXIT,
    seconds: 30,
    late: false,
    interrupted: false,
    ...more,
  });
const BEGAN = 'began loaded';

it.each([
  ['its own end', ['ended 0', 'over 0 1'], {}, { type: 'exited', status: 0 }],
  ['an exit code that timeout has too', ['ended 124', 'over 0 1'], {}, { type: 'exited', status: 124 }],
  ['a signal', ['ended 137', 'over 0 1'], {}, { type: 'killed', status: 137, signal: 'SIGKILL' }],
  ['an exit code that is no signal', ['ended 255', 'over 0 1'], {}, { type: 'exited', status: 255 }],
  ['its shell killed', ['over 137 2'], {}, { type: 'killed', status: 137, signal: 'SIGKILL' }],
  ['its time over', ['over 124 30'], {}, { type: 'timed out' }],
  ['its time over, and ended by that', ['ended 143', 'over 124 30'], {}, { type: 'timed out' }],
  ['killed after its time', ['over 137 35'], {}, { type: 'timed out' }],
  ['no word after its time', [], { late: true, exit: LOST }, { type: 'hangs' }],
  [
    'an end that was heard before the connection was lost',
    ['ended 2'],
    { exit: LOST },
    { type: 'exited', status: 2 },
  ],
  ['an interrupt', [], { interrupted: true, exit: LOST }, { type: 'interrupted', begun: true }],
  [
    'an end that came before the interrupt',
    ['ended 1', 'over 0 2'],
    { interrupted: true },
    { type: 'exited', status: 1 },
  ],
])('%s', (_, frames, more, expected) => {
  expect(of([BEGAN, ...frames], more)).toEqual(expected);
});

it('knows nothing of what was lost in the middle', () => {
  expect(of([BEGAN], { exit: LOST })).toMatchObject({
    type: 'lost',
    problem: { what: 'the connection was lost', where: { host: 'p1-50' } },
  });
  // The script has arrived, perhaps: nobody knows.
  expect(of([], { exit: LOST }).type).toBe('lost');
});

it('is sure of what was never run', () => {
  const refused = { kind: 'connect', what: 'the login user may not use sudo' };
  expect(of([], { exit: { ...EXIT, status: 1, problem: refused } })).toMatchObject({
    type: 'not run',
    problems: [{ what: 'the login user may not use sudo', where: { host: 'p1-50' } }],
  });
  expect(of(['over 0 0'])).toMatchObject({ type: 'not run' });
  expect(of(['over 3 0'])).toMatchObject({ type: 'not run' });
});

it('a line is one word as it is, or several that are quoted', () => {
  expect(lineOf(['df -h | grep raid0'])).toBe('df -h | grep raid0');
  expect(lineOf(['echo', 'a  b', "it's", '$HOME', ''])).toBe("echo 'a  b' 'it'\\''s' '$HOME' ''");
});
