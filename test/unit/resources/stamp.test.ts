import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import type { PathState } from '../../../src/resources/path/state.ts';
import { readStamp, STAMP_FILE, stamp } from '../../../src/resources/stamp/stamp.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { CONTEXT, observationOf } from '../roles/support.ts';

const mine = { miner: 'f0494733', name: 'p1-50' };
const fileWith = (text: string): PathState => ({
  type: 'file',
  bytes: text.length,
  mode: '0644',
  owner: 'root',
  group: 'root',
  mtime: 0,
  sha256: sha256(text),
  text,
});
const diffOf = (state: PathState, adopt = false) =>
  stamp({ ...mine, adopt }).diff(
    observationOf(factsFor(shipped('amd-7532')), { paths: { [STAMP_FILE]: state } }),
    CONTEXT,
  );

describe('the stamp of a host', () => {
  it('is written where there is none, or one that says nothing, and follows a new name', () => {
    expect(diffOf({ type: 'absent' })).toMatchObject({ state: 'change', change: { action: 'create' } });
    expect(diffOf(fileWith('garbage'))).toMatchObject({ state: 'change' });
    expect(diffOf(fileWith('miner: f0494733\nhost: old\n'))).toMatchObject({ state: 'change' });
    expect(diffOf(fileWith('miner: f0494733\nhost: p1-50\n'))).toEqual({ state: 'same' });
  });

  it('of another miner stops everything, unless the host is taken over', () => {
    const other = fileWith('miner: f0730670\nhost: p1-9\n');
    expect(diffOf(other)).toMatchObject({
      state: 'violated',
      violation: {
        severity: 'enforce',
        message: `the host belongs to f0730670, where it is p1-9 (${STAMP_FILE})`,
      },
    });
    expect(diffOf(other, true)).toMatchObject({ state: 'change', change: { action: 'update' } });
  });

  it('is read as it is written, and nothing else is', () => {
    expect(readStamp('miner: f01\nhost: a\n')).toEqual({ miner: 'f01', name: 'a' });
    for (const text of ['', 'miner: f01\n', 'miner: f01\nhost: a\nmore\n', 'miner: f 01\nhost: a\n'])
      expect(readStamp(text)).toBeUndefined();
  });
});
