import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { logsJson, logsText } from '../../../../src/cli/views/logs-lines.ts';
import type { LogEvent } from '../../../../src/ops/logs/events.ts';

const problem = { kind: 'connect', what: 'the connection was lost', where: { host: 'p1-50' } } as const;
const log = (process: string) => ({
  process,
  source: {
    kept: { type: 'file', path: `/opt/${process}/log.txt` },
    path: `/opt/${process}/log.txt`,
  } as const,
});
const EVENTS: readonly LogEvent[] = [
  { type: 'line', host: 'p1-50', process: 'P1-3', line: 'a \u001b[31mred\u001b[0m\u202eline' },
  { type: 'line', host: 'miner-1', process: 'lotus', line: '' },
  { type: 'absent', host: 'p1-50', logs: [log('P2'), log('P1-1'), log('P1-2')] },
  { type: 'rotated', host: 'p1-50', process: 'P1-3' },
  { type: 'truncated', host: 'p1-50', process: 'P1-3' },
  { type: 'missed', host: 'p1-50', process: 'P1-3' },
  { type: 'lost', host: 'p1-50', problem },
  { type: 'back', host: 'p1-50' },
  { type: 'failed', host: 'p1-50', problems: [problem] },
];

const shown = (events: readonly LogEvent[], colour = false) => {
  const lines: string[] = [];
  const notes: string[] = [];
  const { tell, end } = logsText(
    {
      hosts: ['p1-50', 'miner-1'],
      processes: ['P1-3', 'lotus'],
      colour,
      paint: painter(colour),
      errorPaint: painter(false),
      errorWidth: 80,
      words: PLAIN_WORDS,
      addresses: new Map(),
      after: () => () => {},
    },
    { line: (text) => void lines.push(text), note: (text) => void notes.push(text) },
  );
  for (const event of events) tell(event);
  end();
  return { lines, notes };
};

it('puts host and process before each line, and notes beside', () => {
  expect(shown(EVENTS)).toEqual({
    lines: ['p1-50   P1-3  | a red\\u202eline', 'miner-1 lotus |'],
    notes: [
      '* p1-50: P1-3: its log was moved away; what follows stands in a new one',
      '* p1-50: P1-3: its log was emptied, and begins anew',
      '* p1-50: P1-3: its log is another one now; the end of the one before may be missing here',
      '* p1-50: P2, P1-[1:2]: no log yet (/opt/P2/log.txt and others)',
      '* p1-50: the connection was lost; called again until it answers',
      '* p1-50: it answers again; the logs go on from where they were',
      'error: p1-50: the connection was lost',
    ],
  });
});

it('gives each host a colour', () => {
  const { lines } = shown(EVENTS, true);
  expect(lines[0]).toBe('\u001b[36mp1-50  \u001b[39m P1-3  \u001b[2m|\u001b[22m a red\\u202eline');
  expect(lines[1]).toContain('\u001b[32mminer-1\u001b[39m');
});

it('is an object a line as JSON', () => {
  const lines: string[] = [];
  const { tell } = logsJson({ line: (text) => void lines.push(text) }, PLAIN_WORDS);
  for (const event of EVENTS) tell(event);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { host: 'p1-50', process: 'P1-3', line: 'a \u001b[31mred\u001b[0m\u202eline' },
    { host: 'miner-1', process: 'lotus', line: '' },
    { host: 'p1-50', process: 'P2', event: 'absent', log: '/opt/P2/log.txt' },
    { process: 'P1-1', event: 'absent' },
    { process: 'P1-2', event: 'absent' },
    { process: 'P1-3', event: 'rotated' },
    { process: 'P1-3', event: 'truncated' },
    { process: 'P1-3', event: 'missed' },
    { host: 'p1-50', event: 'lost', problems: [{ what: 'the connection was lost' }] },
    { host: 'p1-50', event: 'back' },
    { host: 'p1-50', event: 'failed', problems: [{ kind: 'connect' }] },
  ]);
});

it('says once what is the same of many hosts', () => {
  const hosts = ['p1-50', 'p1-51', 'p1-52'];
  const events = hosts.flatMap((host): LogEvent[] => [
    { type: 'absent', host, logs: [log('P2')] },
    { type: 'failed', host, problems: [{ ...problem, where: { host } }] },
  ]);
  expect(shown([...events, { type: 'absent', host: 'p1-53', logs: [log('P1-1')] }]).notes).toEqual([
    '* p1-[50:52]: P2: no log yet (/opt/P2/log.txt)',
    'error: p1-[50:52]: the connection was lost',
    '* p1-53: P1-1: no log yet (/opt/P1-1/log.txt)',
  ]);
});
