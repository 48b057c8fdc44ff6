import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import type { WindowDocument } from '../../../../src/cli/views/window-document.ts';
import { WINDOW_FORMAT } from '../../../../src/cli/views/window-document.ts';
import { windowLines } from '../../../../src/cli/views/window-text.ts';

it('puts what a gap depends on into lines that fit, below where it begins', () => {
  const at = (epoch: number, time: string) => ({ epoch, at: `2026-11-30T${time}:00Z` });
  const document: WindowDocument = {
    ...{ format: WINDOW_FORMAT, miner: 'f0494733', minerHost: 'miner-1', at: '2026-11-30T15:32:00Z' },
    ...{ state: 'closed', reasons: [], now: 1000, deadline: null, next: null, until: null },
    downtime: { needed: 1500, seconds: 1200, margin: 300, by: 'assumed', restarts: 0 },
    gaps: [{ from: at(1110, '16:27'), sure: at(1162, '16:53'), until: at(1222, '17:23') }],
  };
  const lines = windowLines(document, { paint: painter(false), width: 80 });
  const begin = lines.findIndex((line) => line.startsWith('When'));
  expect(
    lines.slice(begin + 1).map((line) => line.replaceAll(/\d\d-\d\d \d\d:\d\d/g, 'MM-DD hh:mm')),
  ).toEqual([
    '  MM-DD hh:mm  to MM-DD hh:mm  once the window of then is proven, in any case',
    '               from MM-DD hh:mm on',
  ]);
});
