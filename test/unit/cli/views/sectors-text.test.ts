import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { jobsAbortDocumentSchema } from '../../../../src/cli/views/jobs-abort-document.ts';
import { abortOutcomeLines, jobsAbortLines } from '../../../../src/cli/views/jobs-abort-text.ts';
import { outcomeLines, sectorBatchLines } from '../../../../src/cli/views/sector-batch-text.ts';
import {
  type SectorsChangeDocument,
  sectorsChangeDocumentSchema,
} from '../../../../src/cli/views/sectors-change-document.ts';
import { type SectorsDocument, sectorsDocumentSchema } from '../../../../src/cli/views/sectors-document.ts';
import { sectorsLines } from '../../../../src/cli/views/sectors-text.ts';

const plain = { paint: painter(false), width: 80 };
const about = { miner: 'f0494733', minerHost: 'miner-1', at: '2026-11-30T00:15:00Z' };
type Sector = SectorsDocument['sectors'][number];
const sector = (number: number, more: Partial<Sector> = {}): Sector => ({
  ...{ number, state: 'SealPreCommit1Failed', age: 11_100, onChain: false, deals: 0, untold: null },
  says: 'seal pre commit(1) failed: storage call error 101: worker restarted',
  ...{ preCommit: null, commit: null },
  ...more,
});
const document = (more: Partial<SectorsDocument> = {}): SectorsDocument =>
  sectorsDocumentSchema.parse({
    ...{ format: 'fcops-sectors/1', ...about, sectorSize: '64GiB', total: 1480 },
    counts: [
      { state: 'Proving', sectors: 1477, failed: false },
      { state: 'SealPreCommit1Failed', sectors: 3, failed: true },
    ],
    ...{ countsUnknown: null, chain: { state: 'ok', behind: null }, states: ['SealPreCommit1Failed'] },
    sectors: [sector(1041), sector(1042, { age: 10_000 }), sector(1050, { untold: 'datastore: closed' })],
    asked: 3,
    ...more,
  } satisfies SectorsDocument);

describe('sectors as text', () => {
  it('are counted by state, and told once where they failed alike', () => {
    expect(sectorsLines(document(), { ...plain, full: false })).toEqual([
      'f0494733: 1480 sectors at miner-1, 3 failed',
      '',
      'state                 sectors',
      'Proving                  1477',
      'SealPreCommit1Failed        3',
      '',
      '! 1041-1042 SealPreCommit1Failed for 2 h 46 min to 3 h 5 min: not on the chain',
      '  seal pre commit(1) failed: storage call error 101: worker restarted',
      '! 1050 SealPreCommit1Failed for 3 h 5 min: not on the chain',
      '  datastore: closed',
    ]);
  });

  it('are not known where lotus-miner does not count them; what is not asked about is named', () => {
    const lines = sectorsLines(
      document({ counts: null, total: null, countsUnknown: 'no answer', asked: 1 }),
      { ...plain, full: true },
    );
    expect(lines[0]).toBe('f0494733: how many sectors miner-1 has is not known: no answer');
    expect(lines.at(-1)).toBe('2 sectors more: 1042, 1050');
  });

  it('hold nothing back of what a host writes that could move the cursor', () => {
    const odd = document({ sectors: [sector(1, { says: 'a\u001b[2Jb\u202e' })], asked: 1 });
    const text = sectorsLines(odd, { ...plain, full: false }).join('\n');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
  });
});

type Batched = SectorsChangeDocument['sectors'][number];
const batched = (number: number, more: Partial<Batched> = {}): Batched => ({
  ...sector(number),
  ...{ to: 'Removed', done: [], spent: null, refusal: null },
  ...more,
});
const batch = (more: Partial<SectorsChangeDocument> = {}): SectorsChangeDocument =>
  sectorsChangeDocumentSchema.parse({
    ...{ format: 'fcops-sectors-change/1', action: 'discard', ...about, sectorSize: '64GiB' },
    ...{ sectors: [batched(1041)], left: [], beyond: 0, refused: [], result: null },
    ...more,
  } satisfies SectorsChangeDocument);

describe('what would be done with sectors, as text', () => {
  it('says what each costs, what is left alone, and what is beyond the limit', () => {
    const text = sectorBatchLines(
      batch({
        sectors: [
          batched(1041, { age: 30 }),
          batched(1044, {
            ...{ state: 'PreCommitFailed', preCommit: 'bafy2bzacea', says: null },
            ...{ done: ['PC1', 'PC2'], spent: { least: 20_880, most: 22_800 } },
          }),
        ],
        left: [batched(1047, { refusal: 'it has deals' }), batched(1048, { refusal: 'it has deals' })],
        beyond: 4,
      }),
      { ...plain, width: 200 },
    );
    expect(text).toEqual([
      'f0494733: 2 sectors at miner-1 to give up (state Removed; their files stay where they are)',
      '',
      '1041 SealPreCommit1Failed for 30 s: not on the chain; no stage of it is known to be done; lotus-miner would try it again by itself',
      '  seal pre commit(1) failed: storage call error 101: worker restarted',
      '1044 PreCommitFailed for 3 h 5 min: not on the chain, its deposit is paid; PC1, PC2 (5 h 48 min to 6 h 20 min) lost; its deposit is lost (bafy2bzacea)',
      '',
      '* 1047-1048 left alone: it has deals',
      '',
      '4 sectors more in that state: beyond --limit, or not looked at',
    ]);
  });

  it('says what they go on with', () => {
    const text = (state: string, to: string) =>
      sectorBatchLines(batch({ action: 'retry', sectors: [batched(1, { state, to, says: null })] }), {
        ...plain,
        width: 200,
      }).at(-1);
    expect(text('SealPreCommit1Failed', 'PreCommit1')).toContain('goes on with PreCommit1');
    expect(text('CommitFailed', 'CommitFailed')).toContain('lotus-miner decides anew');
  });

  it('tells what came of them, the same once', () => {
    const result: SectorsChangeDocument['result'] = {
      stopped: false,
      outcomes: [
        { number: 8, type: 'done', state: 'Removed', why: null },
        { number: 9, type: 'done', state: 'Removed', why: null },
        { number: 10, type: 'taken', state: 'PreCommit1', why: null },
        { number: 11, type: 'unknown', state: null, why: 'its answer was lost' },
        { number: 12, type: 'not begun', state: null, why: null },
      ],
    };
    expect(outcomeLines(batch({ result }), plain)).toEqual([
      '+ 2 sectors: 8-9 given up (Removed)',
      '* 1 sector: 10 taken by lotus-miner, and not seen to be given up yet',
      '  (PreCommit1)',
      '! 1 sector: 11 not known to be given up: its answer was lost',
      '! 1 sector: 12 not begun',
    ]);
  });
});

describe('tasks to abort, as text', () => {
  it('say what each costs, and what came of it', () => {
    const job = { id: '13aa09cd', sector: 990, task: 'PC2', host: 'p1-50', told: 'x', seconds: 7200 };
    const abort = jobsAbortDocumentSchema.parse({
      ...{ format: 'fcops-jobs-abort/1', ...about },
      jobs: [
        { ...job, state: 'ret-wait', cost: 'lost', refusal: null },
        { ...job, id: '8c3d91aa', host: null, told: '', state: 'running', cost: 'running', refusal: null },
      ],
      left: [{ ...job, id: '24bb09cd', state: 'ret-wait', cost: 'maybe', refusal: 'too young' }],
      ...{ beyond: 1, refused: [] },
      result: {
        stopped: false,
        outcomes: [
          { id: '13aa09cd', sector: 990, type: 'gone', why: null },
          { id: '8c3d91aa', sector: 990, type: 'unknown', why: 'its answer was lost' },
        ],
      },
    });
    expect(jobsAbortLines(abort, { ...plain, width: 120 })).toEqual([
      'f0494733: 2 tasks of miner-1 to abort',
      '',
      '13aa09cd PC2 of sector 990 at p1-50: no worker has it, for 2 h 0 min',
      '8c3d91aa PC2 of sector 990: it runs: 2 h 0 min of PC2 are lost, and its worker goes on all the same',
      '',
      '* 24bb09cd PC2 of sector 990 left alone: too young',
      '',
      '1 task more, beyond --limit',
    ]);
    expect(abortOutcomeLines(abort, plain)).toEqual([
      '+ 13aa09cd of sector 990 aborted: lotus-miner waits for it no more',
      '! 8c3d91aa of sector 990 not known to be aborted: its answer was lost',
    ]);
  });
});
