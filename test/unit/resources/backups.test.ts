import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askBackups, backupOf, backupsSeen } from '../../../src/resources/backups/look.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { observationOf } from './answer-of.ts';

const NAME = 'f0494733-20261129T234000Z';
const facts = factsFor(shipped('amd-7532'));
const seen = (here: string, there: string) => {
  const [first, second] = askBackups({
    miner: 'f0494733',
    repository: '/r',
    here: '/h',
    there: '/m/t',
    mount: '/m',
  });
  const guards = Object.fromEntries(
    [first, second].flatMap((ask, index) =>
      ask && 'name' in ask ? [[`${ask.name}`, { status: 0, output: index === 0 ? here : there }]] : [],
    ),
  );
  return backupsSeen(observationOf(facts, { guards }));
};
const GOOD = `now 1796000100\nwhole 2 ${NAME} 5\nrepository\nlast good\t1796000050\t${NAME}`;

describe('backups as a look shows them', () => {
  it('are read', () => {
    const newest = { name: NAME, at: Date.UTC(2026, 10, 29, 23, 40) / 1000, bytes: 5 };
    expect(seen(GOOD, `now 1796000100\nwhole 28 ${NAME} 5`)).toEqual({
      now: 1_796_000_100,
      here: { type: 'read', count: 2, newest },
      there: { type: 'read', count: 28, newest },
      hasMiner: true,
      last: { ok: true, at: 1_796_000_050, says: NAME },
    });
    expect(seen('now 1\nwhole 0 ', 'now 1\nwhole 0')).toMatchObject({
      hasMiner: false,
      here: { type: 'read', count: 0, newest: null },
      last: null,
    });
    expect(seen(GOOD, 'now 1\nunmounted').there).toEqual({ type: 'not mounted' });
    expect(seen(GOOD, 'now 1\nunread ls: Stale file handle').there).toEqual({
      type: 'unknown',
      why: 'ls: Stale file handle',
    });
  });

  it('are never none, nor new, where their answer is broken', () => {
    const good = `now 1796000100\nwhole 28 ${NAME} 5`;
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.string({ maxLength: 5 }), (at, put) => {
        const { there } = seen(GOOD, good.slice(0, at) + put);
        if (there.type !== 'read') return;
        if (there.newest !== null) expect(there.newest.name).toBe(NAME);
        else expect(put).toContain('0');
      }),
    );
    expect(backupOf('f0494733-first', '5')).toBeNull();
    expect(backupOf(NAME, undefined)).toBeNull();
  });

  it('are not known where nobody has answered', () => {
    expect(backupsSeen(observationOf(facts))).toMatchObject({
      now: null,
      here: { type: 'unknown' },
      there: { type: 'unknown' },
      hasMiner: null,
      last: null,
    });
  });
});
