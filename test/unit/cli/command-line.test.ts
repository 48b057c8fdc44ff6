import { describe, expect, it } from 'vitest';
import { commandFor, commandLine, wordsOf } from '../../../src/cli/command-line.ts';
import { adviceOf, reasonText } from '../../../src/cli/text/words.ts';
import { fcopsCommand, look, shellHere } from '../../../src/core/next.ts';
import type { Problem } from '../../../src/core/problem.ts';
import { testContext } from './context.ts';

const context = (options: Parameters<typeof testContext>[0] = {}) => testContext(options).context;

describe('commands that are to be typed next', () => {
  it('have the options that say where everything is', () => {
    expect(commandLine(context(), ['plan', 'p1'], { miner: 'f01' })).toBe('fcops plan p1 --miner f01');
    expect(
      commandLine(context({ inventory: '/my clusters', profiles: '/p', templates: '/t' }), ['plan', 'p1'], {
        limit: 'p1-*',
      }),
    ).toBe("fcops plan p1 --limit 'p1-*' --inventory '/my clusters' --profiles /p --templates /t");
  });

  it('are for all hosts of a cluster, or for some', () => {
    const cluster = { miner: 'f01', hosts: ['p1-50', 'p1-51', 'c2-10'].map((name) => ({ name })) };
    expect(commandFor(context(), ['trust'], cluster, ['p1-50', 'p1-51'])).toBe(
      "fcops trust --miner f01 --limit 'p1-[50:51]'",
    );
    expect(commandFor(context(), ['trust'], cluster, ['p1-50', 'p1-51', 'c2-10'])).toBe(
      'fcops trust --miner f01',
    );
  });

  it.each([
    {
      next: fcopsCommand(['trust', 'p1-50'], 'compare it, then'),
      said: 'compare it, then: fcops trust p1-50 --miner f01 --inventory inv',
    },
    { next: fcopsCommand(['trust', '--miner', 'f02']), said: 'fcops trust --miner f02 --inventory inv' },
    { next: fcopsCommand(['render', 'a b']), said: "fcops render 'a b' --miner f01 --inventory inv" },
    { next: look('fcops trust is what others say'), said: 'fcops trust is what others say' },
  ])('are completed in the advice of other layers: $said', ({ next, said }) => {
    expect(adviceOf([next], wordsOf(context({ miner: 'f01', inventory: 'inv' })))?.next).toBe(said);
  });

  it('follow each other in one sentence', () => {
    const next = [shellHere('ssh-keygen -R x'), fcopsCommand(['trust', 'p1-50'])];
    expect(adviceOf(next, wordsOf(context()))?.next).toBe('ssh-keygen -R x; fcops trust p1-50');
    expect(adviceOf([], wordsOf(context()))).toBeUndefined();
  });
});

describe('the time since when another run holds a host', () => {
  const problem = (since: string): Problem => ({
    kind: 'locked',
    what: 'x',
    holder: { who: 'alice@ops1', run: 'r-1', since },
  });
  const since = '2026-11-22T10:29:40Z';
  it('is told by the clock of whoever reads it', () => {
    const local = new Date(since).toLocaleString('sv-SE');
    expect(reasonText(problem(since), wordsOf(context()))).toBe(
      `alice@ops1, run r-1, since ${local} (20 s ago)`,
    );
  });

  it('stays as it is for programs, and where clocks differ', () => {
    const json = wordsOf(context({ output: 'json' }));
    expect(reasonText(problem(since), json)).toBe(`alice@ops1, run r-1, since ${since}`);
    const ahead = since.replace('10:29', '10:59');
    expect(reasonText(problem(ahead), wordsOf(context()))).toBe(`alice@ops1, run r-1, since ${ahead}`);
  });

  it('says what is not known', () => {
    const unknown: Problem = { kind: 'locked', what: 'x', holder: { who: '', run: '', since: '' } };
    expect(reasonText(unknown, wordsOf(context()))).toBe('it does not say who');
  });
});
