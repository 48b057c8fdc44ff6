import { describe, expect, it } from 'vitest';
import { edit } from '../../../../src/core/next.ts';
import { DISCARDED_STATES, FAILED_STATES, failedState } from '../../../../src/lotus/sector-states.ts';
import type { SectorStatus } from '../../../../src/lotus/sector-status.ts';
import type { ListedSector } from '../../../../src/lotus/sectors-list.ts';
import { sectorBatch, sectorChanges } from '../../../../src/ops/sectors/batch.ts';
import type { SectorAction } from '../../../../src/ops/sectors/sector-batch.ts';
import { job, look, NOW, of, row, status, statuses, understood } from './support.ts';

/** What would be done with one sector, named by its number. */
const one = (
  action: SectorAction,
  state: string,
  more: Partial<SectorStatus> = {},
  listed: Partial<ListedSector> = {},
  looked: Parameters<typeof look>[1] = {},
) => {
  const choice = { type: 'numbers', numbers: [8] } as const;
  const batch = sectorBatch(
    { action, choice, limit: 10 },
    look([row(8, state, listed)], looked),
    statuses(status(8, state, more)),
    of,
  );
  return { batch, sector: batch.chosen[0], refusal: batch.left[0]?.refusal };
};
const byState = (action: SectorAction, state: string, numbers: readonly number[], limit = 10) =>
  sectorBatch(
    { action, choice: { type: 'state', state }, limit },
    look(numbers.map((number) => row(number, state))),
    statuses(...numbers.map((number) => status(number, state))),
    of,
  );

describe('several sectors that are named', () => {
  it('are refused together where it is for one reason', () => {
    const numbers = [3, 5, 7];
    const states = ['Packing', 'Proving', 'Packing'];
    const { refusals } = sectorBatch(
      { action: 'retry', choice: { type: 'numbers', numbers }, limit: 10 },
      look(numbers.map((number, index) => row(number, states[index] ?? ''))),
      statuses(...numbers.map((number, index) => status(number, states[index] ?? ''))),
      of,
    );
    expect(refusals.map(({ what }) => what)).toEqual([
      'no sector was tried again: sectors 3, 7: it is in Packing, which is no failed state that fcops knows',
      'no sector was tried again: sector 5: it is in Proving, which is no failed state that fcops knows',
    ]);
    expect(refusals[0]?.next).toEqual([edit('leave them out')]);
  });
});

describe('sectors that are given up', () => {
  it('are shown with what is lost: the stages behind them, and the deposit', () => {
    const { sector, batch } = one('discard', 'PreCommitFailed', { preCommit: 'bafy2bzacea' });
    expect(sector).toMatchObject({
      ...{ to: 'Removed', preCommit: 'bafy2bzacea', done: ['PC1', 'PC2'] },
      spent: { least: 5.5 * 3600 + 18 * 60, most: 6 * 3600 + 20 * 60 },
      ...{ age: 3600, says: 'no space left on device' },
    });
    expect(batch.refusals).toEqual([]);
    // It fell back from a later stage: what it has shows that.
    expect(one('discard', 'SealPreCommit1Failed', { isSealed: true }).sector?.done).toEqual(['PC1', 'PC2']);
  });

  it('are as many as the limit says, by number; the others are told', () => {
    const batch = byState('discard', 'SealPreCommit1Failed', [3, 5, 7], 2);
    expect(batch.chosen.map(({ number }) => number)).toEqual([3, 5]);
    expect(batch.beyond).toBe(1);
    expect(sectorChanges(batch)).toMatchObject([
      {
        resource: 'sector:3',
        change: {
          steps: [{ step: 'update-sector', sector: 3, from: 'SealPreCommit1Failed', to: 'Removed' }],
        },
      },
      { resource: 'sector:5' },
    ]);
  });

  it.each([
    ['on the chain', {}, { onChain: true }],
    ['proven', {}, { active: true }],
    ['not told of the chain', {}, { onChain: null }],
    ['about to come to the chain', { commit: 'bafy2bzacea' }, {}],
    ['with deals', { deals: 1 }, {}],
    ['in another state by now', {}, { state: 'SealPreCommit2Failed' }],
  ])('are never one that is %s, nor removed', (_, more, listed) => {
    for (const action of ['discard', 'remove'] as const) {
      const { batch, refusal } = one(action, 'SealPreCommit1Failed', more, listed);
      expect(refusal).toBeTruthy();
      expect(batch.chosen).toEqual([]);
      expect(batch.refusals).toHaveLength(1);
    }
  });

  it('are never one that is not listed, or of which nothing is told', () => {
    const choice = { type: 'numbers', numbers: [8] } as const;
    const request = { action: 'discard', choice, limit: 10 } as const;
    const unlisted = sectorBatch(request, look([]), statuses(status(8, 'SealPreCommit1Failed')), of);
    expect(unlisted.left[0]?.refusal).toBe('whether it is on the chain is not told');
    const untold = { now: NOW, statuses: new Map([[8, { type: 'not understood', why: 'odd' } as const]]) };
    const unknown = sectorBatch(request, look([row(8, 'SealPreCommit1Failed')]), untold, of);
    expect(unknown.left[0]?.refusal).toBe('lotus-miner does not tell its state: odd');
  });

  it.each(['Proving', 'PreCommit1', 'Removing', 'Faulty', 'FinalizeFailed', 'TerminateFailed', 'Odd'])(
    'are none in %s',
    (state) => {
      for (const action of ['discard', 'remove'] as const)
        expect(one(action, state).batch.chosen).toEqual([]);
    },
  );

  it('are removed after they were given up too, and then given up no more', () => {
    expect(one('remove', 'Removed').sector).toMatchObject({ to: null, refusal: null });
    expect(one('discard', 'Removed').refusal).toBe('it is given up already');
    expect(one('remove', 'RemoveFailed').sector).toBeDefined();
  });

  it('are removed only at rest; given up they are before too', () => {
    const events = [{ index: 4, at: NOW - 20, kind: 'x', error: null }];
    expect(one('remove', 'SealPreCommit1Failed', { events }).refusal).toContain('give it up with discard');
    expect(one('discard', 'SealPreCommit1Failed', { events }).sector).toBeDefined();
    expect(one('remove', 'Removed', { events: [] }).sector).toBeDefined();
  });

  it.each(['running', 'ret-wait', 'returned', 'prepared'] as const)('are none with a task in %s', (type) => {
    const jobs = understood([job(8, { state: { type } })]);
    for (const action of ['discard', 'remove', 'retry'] as const)
      expect(one(action, 'SealPreCommit1Failed', {}, {}, { jobs }).refusal).toBeTruthy();
    const others = understood([job(9, { state: { type } })]);
    expect(one('discard', 'SealPreCommit1Failed', {}, {}, { jobs: others }).refusal).toBeUndefined();
  });
});

describe('sectors that are tried again', () => {
  it.each([
    ['SealPreCommit1Failed', 'PreCommit1'],
    ['SealPreCommit2Failed', 'PreCommit2'],
    ['ComputeProofFailed', 'Committing'],
    ['CommitFinalizeFailed', 'CommitFinalize'],
    ['FinalizeFailed', 'FinalizeSector'],
    ['PreCommitFailed', 'PreCommitFailed'],
    ['CommitFailed', 'CommitFailed'],
  ])('go from %s to %s', (state, to) => {
    expect(one('retry', state).sector).toMatchObject({ to });
  });

  it.each([
    'AddPieceFailed',
    'PackingFailed',
    'FailedUnrecoverable',
    'DealsExpired',
    'RemoveFailed',
    'Faulty',
  ])('are none in %s: no way is known', (state) => {
    expect(one('retry', state).refusal).toContain(`how to go on from ${state} is not known`);
  });

  it('are none that lotus-miner may be about to try again by itself', () => {
    const at = (seconds: number) => [{ index: 4, at: NOW - seconds, kind: 'x', error: null }];
    expect(one('retry', 'SealPreCommit1Failed', { events: at(100) }).refusal).toContain('by itself');
    expect(one('retry', 'SealPreCommit1Failed', { events: at(-5) }).refusal).toContain('by itself');
    expect(one('retry', 'SealPreCommit1Failed', { events: [] }).refusal).toContain('by itself');
    expect(one('retry', 'SealPreCommit1Failed', { events: at(200) }).refusal).toBeUndefined();
  });
});

describe('nothing at all is done', () => {
  const refused = (looked: Parameters<typeof look>[1], action: SectorAction = 'discard') =>
    one(action, 'SealPreCommit1Failed', {}, {}, looked).batch.refusals.map(({ what }) => what);

  it('where somebody else changes the host, or what lotus-miner says is not understood', () => {
    const holder = { who: 'alice@ops1', run: 'r-1', since: '' };
    expect(refused({ holder })).toEqual(['no sector was given up: another run is changing this host']);
    const odd = { type: 'not understood', why: 'odd' } as const;
    expect(refused({ list: odd })).toEqual([
      'no sector was given up: what lotus-miner says of its sectors is not understood',
    ]);
    expect(refused({ jobs: odd })).toHaveLength(1);
    const away = { type: 'not reachable', why: 'gone' } as const;
    expect(refused({ list: away })).toEqual([
      'no sector was given up: lotus-miner did not answer about its sectors',
    ]);
  });

  it('where the chain is behind, but for a sector that is tried again', () => {
    const behind = { info: { chain: { type: 'behind', seconds: 9000 } } } as const;
    expect(refused(behind)[0]).toContain('lotus is not in sync');
    expect(refused({ info: { chain: { type: 'unsaid' } } })).toHaveLength(1);
    expect(refused(behind, 'retry')).toEqual([]);
    expect(refused({ info: { chain: { type: 'slow', seconds: 60 } } })).toEqual([]);
  });

  it('where the miner is another one, or more are named than the limit', () => {
    expect(refused({ info: { miner: 'f0111' } })[0]).toContain('lotus-miner there is f0111');
    const numbers = [1, 2, 3];
    const many = sectorBatch(
      { action: 'discard', choice: { type: 'numbers', numbers }, limit: 2 },
      look(numbers.map((number) => row(number, 'SealPreCommit1Failed'))),
      statuses(...numbers.map((number) => status(number, 'SealPreCommit1Failed'))),
      of,
    );
    expect(many.refusals.map(({ what }) => what)).toEqual([
      'no sector was given up: these are 3 sectors, and --limit is 2',
    ]);
  });
});

describe('what is known of failed states', () => {
  it('is a way on or why there is none, and whether a sector may be given up there', () => {
    for (const state of FAILED_STATES) {
      const about = failedState(state);
      expect(about && (about.retry === null) === (about.why !== null)).toBe(true);
    }
    expect(DISCARDED_STATES).not.toContain('FinalizeFailed');
    expect(failedState('Proving')).toBeNull();
  });
});
