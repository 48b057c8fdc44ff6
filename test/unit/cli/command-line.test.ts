import { describe, expect, it } from 'vitest';
import { commandFor, commandLine, completeProblem } from '../../../src/cli/command-line.ts';
import { testSession } from './session.ts';

const session = (options: Parameters<typeof testSession>[0] = {}) => testSession(options).session;
const nextOf = (next: string, options = {}) => completeProblem(session(options), { what: 'x', next }).next;

describe('commands that are to be typed next', () => {
  it('have the options that say where everything is', () => {
    expect(commandLine(session(), 'plan p1', { miner: 'f01' })).toBe('fcops plan p1 --miner f01');
    expect(
      commandLine(session({ inventory: '/my clusters', profiles: '/p', templates: '/t' }), 'plan p1', {
        limit: 'p1-*',
      }),
    ).toBe("fcops plan p1 --limit 'p1-*' --inventory '/my clusters' --profiles /p --templates /t");
  });

  it('are for all hosts of a cluster, or for some', () => {
    const cluster = { miner: 'f01', hosts: ['p1-50', 'p1-51', 'c2-10'].map((name) => ({ name })) };
    expect(commandFor(session(), 'trust', cluster, ['p1-50', 'p1-51'])).toBe(
      "fcops trust --miner f01 --limit 'p1-[50:51]'",
    );
    expect(commandFor(session(), 'trust', cluster, ['p1-50', 'p1-51', 'c2-10'])).toBe(
      'fcops trust --miner f01',
    );
  });

  it.each([
    [
      'compare it, then: fcops trust p1-50',
      'compare it, then: fcops trust p1-50 --miner f01 --inventory inv',
    ],
    ['ssh-keygen -R x; fcops trust p1-50', 'ssh-keygen -R x; fcops trust p1-50 --miner f01 --inventory inv'],
    [
      'fcops facts c2-10 --save, or state it',
      'fcops facts c2-10 --save --miner f01 --inventory inv, or state it',
    ],
    ['fcops inventory list', 'fcops inventory list --miner f01 --inventory inv'],
    ['fcops trust --miner f02', 'fcops trust --miner f02'],
    ['fcops plan shows the difference', 'fcops plan shows the difference'],
  ])('are completed in the advice of other layers: %s', (next, complete) => {
    expect(nextOf(next, { miner: 'f01', inventory: 'inv' })).toBe(complete);
    expect(nextOf(complete, { miner: 'f01', inventory: 'inv' })).toBe(complete);
    expect(nextOf(next)).toBe(next);
  });
});

describe('the time since when another run holds a host', () => {
  const why = 'alice@ops1, run r-1, since 2026-11-22T10:29:40Z';
  it('is told by the clock of whoever reads it', () => {
    const local = new Date('2026-11-22T10:29:40Z').toLocaleString('sv-SE');
    expect(completeProblem(session(), { what: 'x', why }).why).toBe(
      `alice@ops1, run r-1, since ${local} (20 s ago)`,
    );
  });

  it('stays as it is for programs, and where clocks differ', () => {
    expect(completeProblem(session({ output: 'json' }), { what: 'x', why }).why).toBe(why);
    const ahead = why.replace('10:29', '10:59');
    expect(completeProblem(session(), { what: 'x', why: ahead }).why).toBe(ahead);
  });
});
