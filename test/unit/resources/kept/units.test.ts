import { expect, it } from 'vitest';
import { keptPath } from '../../../../src/resources/kept/path.ts';
import { notWhileRunning } from '../../../../src/resources/kept/units.ts';
import type { Row } from '../../../../src/resources/look.ts';
import { observationOf } from '../answer-of.ts';
import { FACTS } from '../cases.ts';

const PATH = '/etc/systemd/system/fcops-p1@.service';
const SUM = 'a'.repeat(64);
const PROCESS = {
  name: 'P1-3',
  repository: '/opt/w',
  known: { by: 'argument' },
  program: '/opt/p',
  environment: [],
} as const;

const owned = { mode: '0644', owner: 'root', group: 'root' };
const change = {
  key: PATH,
  was: { state: 'absent', mode: '-', owner: '-', group: '-' },
  lefts: [{ state: SUM, ...owned }],
  directory: '/var/lib/fcops/runs/r-1',
};
const undoing = { run: 'r-1', later: new Map(), oursAt: () => null, versionGone: () => [] };
const context = { pending: () => false, digest: () => '' };

/** What becomes of a unit file that a run has made, where the host answers so of its processes. */
const becomesOf = (rows: readonly Row[], processes: readonly (typeof PROCESS)[] | null = [PROCESS]) => {
  const resource = notWhileRunning(keptPath(change, undoing), PATH, processes);
  const file = { type: 'file', ...owned, bytes: 1, mtime: 1, sha256: SUM } as const;
  return resource.diff(observationOf(FACTS, { paths: { [PATH]: file }, rows }), context);
};

const runs = (unit: string): Row[] => [
  ['process', '/opt/w', '7', '1700000000', '0-3', '1', '4711', '', unit],
  ['processes', 'seen'],
];
const stays = (why: string) => ({
  state: 'violated',
  violation: { message: `${PATH} stays: ${why}`, severity: 'warn' },
});

it('is taken away where nothing runs by it', () => {
  expect(becomesOf(runs(''))).toMatchObject({ state: 'change', change: { action: 'remove' } });
  expect(becomesOf(runs('fcops-p2.service'))).toMatchObject({ state: 'change' });
});

it('stays as long as something runs by it, and where that cannot be told', () => {
  expect(becomesOf(runs('fcops-p1@3.service'))).toEqual(stays('P1-3 runs by it'));
  expect(becomesOf([])).toEqual(stays('it cannot be told what runs by it'));
  expect(becomesOf(runs(''), null)).toEqual(stays('it cannot be told what runs by it'));
});
