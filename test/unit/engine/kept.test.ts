import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKept } from '../../../src/engine/kept/kept.ts';

const SUM = 'a'.repeat(64);
const change = (directory: string, key: string, was: string, left: string): string =>
  `${directory}\tchange\t${key}\t${was}\t${left}`;
const FILE = `${SUM}\t0644\troot\troot`;
const ABSENT = 'absent\t-\t-\t-';

test('what several directories of runs say of one thing is one change: the first before, all that was made', () => {
  const answer = parseKept(
    [
      'run\tr-1\tr-1\tkept',
      change('r-1', '/a', ABSENT, FILE),
      change('r-1', 'sysctl:vm.swappiness', '60\t-\t-\t-', '0\t-\t-\t-'),
      'r-1\tdid\tvim\tstay installed',
      'run\tr-1\tr-1s\tkept',
      change('r-1s', '/a', FILE, 'link:b\t-\t-\t-'),
      'later\tr-2\t/a',
      'later\tr-3\t/a',
      'end\t2',
      '',
    ].join('\n'),
  );
  expect(answer).toEqual({
    ok: true,
    value: {
      found: [
        { run: 'r-1', hasRecord: true },
        { run: 'r-1', hasRecord: true },
      ],
      changes: [
        {
          key: '/a',
          was: { state: 'absent', mode: '-', owner: '-', group: '-' },
          lefts: [
            { state: SUM, mode: '0644', owner: 'root', group: 'root' },
            { state: 'link:b', mode: '-', owner: '-', group: '-' },
          ],
          directory: '/var/lib/fcops/runs/r-1',
        },
        {
          key: 'sysctl:vm.swappiness',
          was: { state: '60', mode: '-', owner: '-', group: '-' },
          lefts: [{ state: '0', mode: '-', owner: '-', group: '-' }],
          directory: '/var/lib/fcops/runs/r-1',
        },
      ],
      did: [{ what: 'vim', why: 'stay installed' }],
      later: new Map([['/a', 'r-3']]),
      runsSince: 2,
    },
  });
});

test('an answer without its end is none, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const answer = parseKept(text);
      expect(answer.ok).toBe(/^end\t\d+(\t|$)/m.test(text));
    }),
  );
  expect(parseKept('run\tr-1\tr-1\tkept\n').ok).toBe(false);
});
