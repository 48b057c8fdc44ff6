import { expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { eventSchema } from '../../../../src/cli/views/event-document.ts';
import { jsonView } from '../../../../src/cli/views/json.ts';
import type { RunEvent } from '../../../../src/engine/events.ts';
import { ADDRESSES, failedResult, planOf, restartItem, scriptItem, violatedItem } from './samples.ts';

const events: readonly RunEvent[] = [
  { type: 'run-begin', run: 'r-1', hosts: ['p1-50'], stages: ['look'] },
  { type: 'phase', host: 'p1-50', phase: 'connect' },
  { type: 'batch-begin', batch: 1, batches: 2, hosts: ['p1-50'] },
  { type: 'batch-end', batch: 1, batches: 2, failed: ['p1-50'], goesOn: false, why: '1 of 1 failed' },
  { type: 'stage-end', stage: 'look' },
  {
    type: 'planned',
    host: 'p1-50',
    plan: planOf('p1-50', [scriptItem('192.168.10.50'), violatedItem('warn'), restartItem('P1-1')]),
  },
  { type: 'step-begin', host: 'p1-50', step: 1, steps: 1, task: 't', resource: 'file:/a', title: 'file /a' },
  { type: 'step-output', host: 'p1-50', step: 1, line: 'a\u001b[31mb\u202ec' },
  { type: 'step-end', host: 'p1-50', step: 1, ok: true, seconds: 0.25 },
  { type: 'reconnect', host: 'p1-50', attempt: 1 },
  { type: 'host-end', result: failedResult('p1-50') },
  { type: 'run-end', results: [failedResult('p1-50')], seconds: 3 },
];

it('writes one line an event, each as the schema says, and no step', () => {
  const lines: string[] = [];
  const emit = jsonView((line) => lines.push(line), ADDRESSES, PLAIN_WORDS);
  events.forEach(emit);
  expect(lines).toHaveLength(events.length);
  const read = lines.map((line) => eventSchema.parse(JSON.parse(line)));
  expect(read.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
  expect(lines.join('\n')).not.toContain('hidden-in-a-step');
  expect(lines.join('\n')).not.toContain('\u202e');
});
