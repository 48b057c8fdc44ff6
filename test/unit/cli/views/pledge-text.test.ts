import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { type PledgeDocument, pledgeDocumentSchema } from '../../../../src/cli/views/pledge-document.ts';
import { PledgeProgress } from '../../../../src/cli/views/pledge-progress.ts';
import { numberRanges, pledgedText, pledgeLines } from '../../../../src/cli/views/pledge-text.ts';
import { GiB, TiB } from '../../../../src/core/units.ts';
import { keepingStream } from '../context.ts';

type Place = PledgeDocument['places'][number];
const place = (host: string, more: Partial<Place> = {}): Place => ({
  host,
  state: 'takes',
  why: null,
  limit: 30,
  held: { sectors: 22, by: 'storage' },
  free: 8,
  room: { used: 21 * TiB, total: 30 * TiB },
  share: 7,
  ...more,
});
const document = (more: Partial<PledgeDocument> = {}): PledgeDocument =>
  pledgeDocumentSchema.parse({
    format: 'fcops-pledge/1',
    miner: 'f0494733',
    minerHost: 'miner-1',
    at: '2026-11-29T20:15:00Z',
    sectorSize: '64GiB',
    asked: 28,
    places: [50, 51, 52, 53].map((k) => place(`p1-${k}`)),
    packing: 4,
    free: 28,
    p1: { slots: 56, running: 40 },
    seconds: 32_000,
    store: 50 * TiB,
    available: '436117000000000000000',
    last: null,
    refused: [],
    warnings: [],
    result: null,
    ...more,
  } satisfies PledgeDocument);
const text = (more: Partial<PledgeDocument> = {}, full = false) =>
  pledgeLines(document(more), { paint: painter(false), width: 80, full });

describe('where sectors would go, as text', () => {
  it('is each sort of host once, then what to know before one agrees', () => {
    const places = [
      ...document().places,
      place('p1-54', { state: 'disabled', share: 0 }),
      place('p1-55', {
        state: 'unknown',
        held: { sectors: 3, by: 'tasks' },
        room: null,
        limit: null,
        free: null,
        share: 0,
      }),
    ];
    expect(text({ places, warnings: ['cron on miner-1 keeps 14 sectors in Packing by itself'] })).toEqual([
      'f0494733: 28 sectors of 64GiB to pledge at miner-1; where they would go, as it',
      '  looks now (lotus-miner decides):',
      '',
      'host        APx            has  of  free  cache       would take each',
      'p1-[50:53]  takes sectors   22  30     8  9 TiB free                7',
      'p1-54       disabled        22  30     8  9 TiB free                -',
      'p1-55       not told        ≥3   ?     ?  ?                         -',
      '',
      'in Packing already: 4; P1 tasks at work: 40 of 56',
      'the last of them would be sealed in about 8 h 53 min, where nothing waits',
      'room for sectors: 50 TiB; the miner has 436.117 FIL available',
      '* cron on miner-1 keeps 14 sectors in Packing by itself',
    ]);
  });

  it('is every host with --full, and not known where it is not', () => {
    expect(text({}, true).filter((line) => line.startsWith('p1-'))).toHaveLength(4);
    const unknown = text({ places: [], packing: null, seconds: null, store: null, available: null });
    expect(unknown.slice(-3)).toEqual([
      'in Packing already: not known; P1 tasks at work: 40 of 56',
      'when they would be sealed cannot be said',
      'room for sectors: not known',
    ]);
  });

  it('shows little room as it is', () => {
    expect(text({ store: 3 * GiB }).join('\n')).toContain('room for sectors: 3 GiB');
  });
});

describe('what was pledged, as text', () => {
  it('is how many, and their numbers in ranges', () => {
    expect(numberRanges([1043, 1041, 1042, 1050])).toBe('1041-1043, 1050');
    expect(pledgedText({ made: 4, sectors: [1, 2, 3, 9], unknown: 0 })).toBe('4 sectors pledged: 1-3, 9');
    expect(pledgedText({ made: 1, sectors: [], unknown: 2 })).toBe(
      '1 sector pledged; of 2 more it is not known',
    );
  });

  it('is one line that is painted over, and goes', () => {
    const { stream, text: written } = keepingStream(true);
    const progress = new PledgeProgress({ out: stream, isShown: true, live: true, now: () => 0 });
    progress.emit({ type: 'pledged', made: 1, asked: 2, sector: 7 });
    progress.emit({ type: 'reconnect', attempt: 1 });
    progress.close();
    expect(written()).toBe(
      '\r\u001b[Kpledged 1 of 2: sector 7\r\u001b[Kthe connection was lost; trying again (1)\n',
    );
  });

  it('is a line now and then where nothing can be painted over, and none in JSON', () => {
    let now = 0;
    const { stream, text: written } = keepingStream(false);
    const progress = new PledgeProgress({ out: stream, isShown: true, live: false, now: () => now });
    for (let made = 1; made <= 10; made++) {
      now += 10_000;
      progress.emit({ type: 'pledged', made, asked: 10, sector: null });
    }
    expect(written()).toBe('pledged 3 of 10\npledged 6 of 10\npledged 9 of 10\n');
    const silent = keepingStream(false);
    new PledgeProgress({ out: silent.stream, isShown: false, live: false, now: () => 1e9 }).emit({
      type: 'reconnect',
      attempt: 1,
    });
    expect(silent.text()).toBe('');
  });
});
