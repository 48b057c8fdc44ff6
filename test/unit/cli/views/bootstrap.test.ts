import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { bootstrapDocument, bootstrapEventSchema } from '../../../../src/cli/views/bootstrap-document.ts';
import { endLines, progressText, stepLines } from '../../../../src/cli/views/bootstrap-text.ts';
import { BootstrapView } from '../../../../src/cli/views/bootstrap-view.ts';
import { look } from '../../../../src/core/next.ts';
import { GiB } from '../../../../src/core/units.ts';
import type { BootstrapEvent } from '../../../../src/ops/bootstrap/events.ts';

const words = { paint: painter(false), width: 60, words: PLAIN_WORDS };
const host = 'miner-1';
const STEPS: BootstrapEvent = {
  type: 'steps',
  what: 'set-up',
  host,
  miner: 'f0494733',
  steps: [
    { name: 'deployed', title: 'programs', state: 'done', says: 'deployed' },
    {
      name: 'snapshot',
      title: 'chain snapshot',
      state: 'to do',
      says: 'from http://artifacts.example.com/a/long/chain.car',
    },
    { name: 'init', title: 'miner', state: 'unknown', says: 'not known before lotus runs' },
  ],
};
const progress = (
  done: number,
  total: number | null,
  unit: 'bytes' | 'epochs' | 'percent',
  secondsLeft: number | null = null,
) => ({ type: 'progress', host, step: 'snapshot', progress: { done, total, unit }, secondsLeft }) as const;

/** One event of every kind. */
const EVENTS: readonly BootstrapEvent[] = [
  STEPS,
  { type: 'step-begin', host, step: 'snapshot', title: 'chain snapshot', says: 'from', takenUp: false },
  { type: 'step-output', host, step: 'snapshot', line: 'a\u001b[2Jb' },
  progress(GiB, 31 * GiB, 'bytes', 7800),
  { type: 'reconnect', host, attempt: 1 },
  { type: 'step-done', host, step: 'snapshot', title: 'chain snapshot', says: 'there', seconds: 80 },
  { type: 'waits', host, step: 'funds', title: 'funds', says: 'f3 has 0 FIL' },
  { type: 'end', host, result: { state: 'checked', left: 2 } },
  { type: 'end', host, result: { state: 'declined', step: 'init' } },
  { type: 'end', host, result: { state: 'left', step: 'init', goesOn: true } },
  {
    type: 'end',
    host,
    result: {
      state: 'done',
      outcome: {
        what: 'set-up',
        miner: 'f01',
        owner: 'f3a',
        worker: 'f3b',
        api: null,
        token: '/t',
        next: [look('back them up')],
      },
    },
  },
];

describe('the steps of a set-up', () => {
  it('are lines with what the host shows', () => {
    expect(stepLines(STEPS, words)).toEqual([
      'Set-up of f0494733 on miner-1',
      '  done   programs        deployed',
      '  to do  chain snapshot  from',
      '                         http://artifacts.example.com/a/long',
      '                         /chain.car',
      '  ?      miner           not known before lotus runs',
      '',
    ]);
  });
});

describe('progress', () => {
  it.each([
    [progress(GiB, 31 * GiB, 'bytes', 7800), '1 GiB of 31 GiB, 3 %, 2 h 10 min left'],
    [progress(GiB, null, 'bytes'), '1 GiB'],
    [progress(1_031_390, 1_031_537, 'epochs', 90), 'epoch 1031390 of 1031537, 1 min 30 s left'],
    [progress(42.123, 100, 'percent'), '42.1 %'],
  ])('%# is told', (event, text) => expect(progressText(event)).toBe(text));
});

describe('the end', () => {
  it('says what goes on', () => {
    expect(endLines({ state: 'left', step: 'init', goesOn: true }, host, words).join(' ')).toContain(
      'goes on there',
    );
    expect(endLines({ state: 'left', step: null, goesOn: false }, host, words).join(' ')).not.toContain(
      'goes on there',
    );
  });
});

describe('the view', () => {
  const shown = (format: 'text' | 'json', live: boolean, events: readonly BootstrapEvent[]) => {
    let text = '';
    const write = (more: string) => {
      text += more;
    };
    const out = { write, columns: () => 60 };
    const view = new BootstrapView({ ...words, out, format, live, verbose: true, now: () => 0 });
    for (const event of events) view.emit(event);
    view.close();
    return text;
  };

  it('prints JSON lines of the documented form', () => {
    const lines = shown('json', false, EVENTS).trim().split('\n');
    expect(lines).toHaveLength(EVENTS.length);
    for (const line of lines) bootstrapEventSchema.parse(JSON.parse(line));
    for (const event of EVENTS) bootstrapEventSchema.parse(bootstrapDocument(event, PLAIN_WORDS));
  });

  it('paints progress over where it can, and is sparing with it where it cannot', () => {
    const many = [progress(1, 100, 'percent'), progress(2, 100, 'percent'), progress(3, 100, 'percent')];
    expect(shown('text', true, many)).toBe('\r\u001b[K  1 %\r\u001b[K  2 %\r\u001b[K  3 %\n');
    expect(shown('text', false, many)).toBe('  1 %\n');
  });

  it('shows no control characters that a host prints', () => {
    expect(shown('text', false, EVENTS)).not.toContain('\u001b');
  });
});
