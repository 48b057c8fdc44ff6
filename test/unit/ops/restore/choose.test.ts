import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { BackupList, ListedBackup, Sums } from '../../../../src/ops/backups/list.ts';
import { chooseBackup } from '../../../../src/ops/restore/choose.ts';
import { checkFrom } from '../../../../src/ops/restore/restore-miner.ts';

const listed = (name: string, sums: Sums, at: number, place: 'here' | 'there' = 'there'): ListedBackup => ({
  ...{ name, sums, at, place, bytes: 5 },
  directory: `/${place}/${name}`,
  sha256: 'a'.repeat(64),
});
const list = (backups: readonly ListedBackup[], more: Partial<BackupList> = {}): BackupList => ({
  now: 100,
  backups,
  unread: [],
  given: null,
  ...more,
});
const [A, B, C] = ['f01-20261127T000000Z', 'f01-20261128T000000Z', 'f01-20261129T000000Z'] as const;
const ALL = [listed(C, 'differs', 30), listed(B, 'good', 20), listed(A, 'unchecked', 10)];
const problem = (look: () => unknown): string => {
  try {
    look();
  } catch (error) {
    if (error instanceof FcopsError) return error.problems[0]?.what ?? '';
    throw error;
  }
  return 'none';
};

describe('the backup that is restored', () => {
  it('is the newest that is not damaged', () => {
    expect(chooseBackup(list(ALL), undefined, 'm')).toMatchObject({
      metadata: `/there/${B}/metadata.cbor`,
      config: `/there/${B}/config.toml`,
      at: 20,
      hasSums: true,
    });
  });

  it('is the copy of it that is good, in whichever place', () => {
    const both = [listed(C, 'differs', 30, 'here'), listed(C, 'good', 30)];
    expect(chooseBackup(list(both), C, 'm').metadata).toBe(`/there/${C}/metadata.cbor`);
  });

  it('is refused where it is damaged, not checked, or not there', () => {
    expect(problem(() => chooseBackup(list(ALL), C, 'm'))).toContain('it is damaged');
    expect(problem(() => chooseBackup(list(ALL), A, 'm'))).toContain('is not known');
    expect(problem(() => chooseBackup(list(ALL), 'f01-20200101T000000Z', 'm'))).toContain('no backup called');
    expect(problem(() => chooseBackup(list([]), undefined, 'm'))).toContain('there is no backup');
    expect(problem(() => chooseBackup(list([]), '/x', 'm'))).toBe('/x cannot be restored from');
  });

  it('is a file that was named, with what lies beside it', () => {
    const given = {
      type: 'found',
      ...{ metadata: '/r/x.cbor', config: '/r/config.toml', storage: '/r/storage.json', bytes: 5 },
      sha256: 'b'.repeat(64),
      sums: 'none',
    } as const;
    expect(chooseBackup(list(ALL, { given }), '/r/x.cbor', 'm')).toMatchObject({
      metadata: '/r/x.cbor',
      hasSums: false,
      at: null,
    });
    expect(
      problem(() => chooseBackup(list(ALL, { given: { ...given, sums: 'differs' } }), '/r/x.cbor', 'm')),
    ).toContain('damaged');
  });

  it('is named as a backup, or by an absolute path', () => {
    for (const from of [undefined, A, '/r/x.cbor']) expect(problem(() => checkFrom(from))).toBe('none');
    for (const from of ['latest', 'r/x.cbor', '', `${A}/..`, '/a\nb'])
      expect(problem(() => checkFrom(from))).toContain('--from is');
  });
});
