import { describe, expect, it } from 'vitest';
import type { Came } from '../../../../src/ops/at-miner/carry-out.ts';
import { outcomeOf } from '../../../../src/ops/sectors/do-batch.ts';
import type { SectorAction } from '../../../../src/ops/sectors/sector-batch.ts';
import { NOW, status, statuses } from './support.ts';

const sector = { number: 8, state: 'SealPreCommit1Failed', lastEvent: 4 };
const asked: Came = { type: 'asked', why: null };
const unknown: Came = { type: 'unknown', why: 'its answer was lost' };
const event = (index: number) => [{ index, at: NOW, kind: 'SectorForceState', error: null }];
const seen = (action: SectorAction, state: string, index = 5, before = sector, came = asked) =>
  outcomeOf(action, before, came, statuses(status(8, state, { events: event(index) })));

describe('what came of a sector', () => {
  it('is done only where it is seen to be', () => {
    expect(seen('discard', 'Removed')).toEqual({ number: 8, type: 'done', state: 'Removed', why: null });
    expect(seen('discard', 'SealPreCommit1Failed')).toMatchObject({ type: 'taken' });
    expect(seen('discard', 'PreCommit1')).toMatchObject({ type: 'taken', state: 'PreCommit1' });
    expect(outcomeOf('discard', sector, asked, null)).toMatchObject({ type: 'taken', state: null });
    expect(seen('discard', 'Removed', 5, sector, unknown)).toMatchObject({ type: 'done' });
    expect(seen('discard', 'SealPreCommit1Failed', 4, sector, unknown)).toMatchObject({
      ...{ type: 'unknown', why: 'its answer was lost' },
    });
  });

  it('is tried again where it has gone on, or has a new event', () => {
    expect(seen('retry', 'PreCommit1')).toMatchObject({ type: 'done', state: 'PreCommit1' });
    expect(seen('retry', 'SealPreCommit1Failed', 5)).toMatchObject({ type: 'done' });
    expect(seen('retry', 'SealPreCommit1Failed', 4)).toMatchObject({ type: 'taken' });
  });

  it('is removed where its files have gone too', () => {
    expect(seen('remove', 'Removing')).toMatchObject({ type: 'under way' });
    expect(seen('remove', 'Removed')).toMatchObject({ type: 'done' });
    expect(seen('remove', 'RemoveFailed')).toMatchObject({ type: 'not done' });
    const gone = { ...sector, state: 'Removed' };
    expect(seen('remove', 'Removed', 4, gone)).toMatchObject({ type: 'taken' });
    expect(seen('remove', 'Removed', 6, gone)).toMatchObject({ type: 'done' });
  });

  it('is what its host says where it was surely not done', () => {
    const why = 'it was in another state';
    expect(seen('discard', 'Removed', 5, sector, { type: 'refused', why })).toMatchObject({
      ...{ type: 'not done', why },
    });
    expect(seen('discard', 'x', 5, sector, { type: 'not begun', why: null })).toMatchObject({
      type: 'not begun',
    });
  });
});
