import { describe, expect, it } from 'vitest';
import { askYesOrNo, isSomebodyThere } from '../../../src/cli/ask.ts';
import { keepingStream, testContext } from './context.ts';

/** A terminal on which somebody gives these answers, one after the other. */
const answering = (...replies: readonly (string | null)[]) => {
  const questions: string[] = [];
  const left = [...replies];
  const ask = async (question: string) => {
    questions.push(question);
    return left.shift() ?? null;
  };
  return { context: testContext({}, { ask }).context, questions };
};

describe('a question', () => {
  it.each([
    ['y', 'yes'],
    [' YES ', 'yes'],
    ['', 'no'],
    ['yep', 'no'],
    ['d', 'no'],
    [null, 'interrupted'],
  ] as const)('that is answered with %j means %s', async (reply, answer) => {
    const { context, questions } = answering(reply);
    expect(await askYesOrNo(context, 'Go on?')).toBe(answer);
    expect(questions).toEqual(['Go on? [y/N] ']);
  });

  it('is broken at blanks where it is wider than the terminal, and the answer stands behind its end', async () => {
    const stdout = keepingStream(true);
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'y';
    };
    const { context } = testContext({}, { ask, stdout: stdout.stream });
    await askYesOrNo(context, `Bring it to 3 hosts${' and restart these processes'.repeat(3)}?`);
    const shown = `${stdout.text()}${asked.join('')}`;
    expect(shown.split('\n')).toEqual([
      'Bring it to 3 hosts and restart these processes and restart these processes',
      '  and restart these processes? [y/N] ',
    ]);
  });

  it('shows details as often as they are asked for, where there are any', async () => {
    const { context, questions } = answering('d', ' Details', 'y');
    let shown = 0;
    expect(
      await askYesOrNo(context, 'Go on?', async () => {
        shown += 1;
      }),
    ).toBe('yes');
    expect([shown, questions.length, questions[0]]).toEqual([2, 3, 'Go on? [y/N] (d: details) ']);
  });
});

it('somebody is there where both ends are a terminal, and what is read is text', () => {
  const stdout = keepingStream(true).stream;
  const there = { stdout, stdinIsTerminal: true };
  expect(isSomebodyThere(testContext({}, there).context)).toBe(true);
  expect(isSomebodyThere(testContext({ output: 'json' }, there).context)).toBe(false);
  expect(isSomebodyThere(testContext({}, { ...there, stdinIsTerminal: false }).context)).toBe(false);
  expect(isSomebodyThere(testContext({}, { stdinIsTerminal: true }).context)).toBe(false);
});
