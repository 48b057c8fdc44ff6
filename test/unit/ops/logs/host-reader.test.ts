import { expect, it } from 'vitest';
import type { LogEvent } from '../../../../src/ops/logs/events.ts';
import { HostReader, RefusedExpression } from '../../../../src/ops/logs/host-reader.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');
const reader = () => {
  const events: LogEvent[] = [];
  const hidden: string[] = [];
  const log = (process: string) => ({
    process,
    source: { kept: { type: 'file', path: `/opt/${process}` }, path: `/opt/${process}` } as const,
  });
  const one = new HostReader('p1-50', [log('P2'), log('P1-1')], {
    redact: (text) => text.replaceAll('ours', '********'),
    hide: (values) => void hidden.push(...values),
    tell: (event) => void events.push(event),
  });
  const said = () =>
    events.map((event) =>
      [event.type, 'process' in event && event.process, 'line' in event && event.line]
        .filter(Boolean)
        .join(' '),
    );
  return { read: (...rows: string[]) => rows.map((row) => one.read(row)), one, events, hidden, said };
};

it('tells lines as they come whole, and where each file is read on', () => {
  const { read, one, said } = reader();
  read('at\t0\t77\t10', `data\t0\t14\t${encoded('a\nha')}`, `data\t0\t17\t${encoded('lf\n')}`);
  expect(said()).toEqual(['line P2 a', 'line P2 half']);
  expect(one.logs.map(({ position }) => position)).toEqual([{ file: '77', offset: 17 }, null]);
  // Another connection: what had no end yet goes on.
  read(`data\t0\t18\t${encoded('x')}`, 'at\t0\t77\t18', `data\t0\t20\t${encoded('y\n')}`);
  expect(said().at(-1)).toBe('line P2 xy');
});

it('ends a line where its file does', () => {
  const { read, said } = reader();
  read(
    'at\t0\t77\t0',
    `data\t0\t1\t${encoded('x')}`,
    'rotated\t0',
    'at\t0\t78\t0',
    `data\t0\t2\t${encoded('y\n')}`,
  );
  expect(said()).toEqual(['line P2 x', 'rotated P2', 'line P2 y']);
  expect(read(`data\t0\t3\t${encoded('z')}`, 'over')).toEqual([false, true]);
  expect(said().at(-1)).toBe('line P2 z');
});

it('tells once what has no log, and nothing of it when it comes', () => {
  const { read, said, events } = reader();
  read(
    'absent\t0',
    'absent\t1',
    'beat',
    'beat',
    'rotated\t1',
    'at\t1\t5\t0',
    `data\t1\t2\t${encoded('a\n')}`,
  );
  expect(said()).toEqual(['absent', 'line P1-1 a']);
  expect(events[0]).toMatchObject({ logs: [{ process: 'P2' }, { process: 'P1-1' }] });
  // The same over another connection.
  read('absent\t0', 'beat');
  expect(said()).toHaveLength(2);
});

it('masks secrets of ours, of the profile, and what says that it is one', () => {
  const { read, said, hidden } = reader();
  read(`env\t${encoded('MINER_API_INFO=long-token:/ip4/1\0')}`, 'at\t0\t1\t0');
  read(`data\t0\t1\t${encoded('ours long-token password=x1y2z3\n')}`);
  expect(hidden).toEqual(['long-token']);
  expect(said()).toEqual(['line P2 ******** ******** password=********']);
});

it('tells lines that have a place of their own with it, and not twice over another connection', () => {
  const { read, one, said } = reader();
  read('at\t0\ts=1\t0', `data\t0\t-\t${encoded('a\nb\n')}`);
  expect(said()).toEqual([]);
  read('at\t0\ts=2\t0', `data\t0\t-\t${encoded('lost\n')}`);
  one.again();
  expect(said()).toEqual(['line P2 a', 'line P2 b']);
  expect(one.logs[0]?.position).toEqual({ file: 's=2', offset: 0 });
  read(`data\t0\t-\t${encoded('c\n')}`, 'at\t0\ts=3\t0');
  expect(said().slice(2)).toEqual(['line P2 c']);
  // So many at once are not kept.
  read(`data\t0\t-\t${encoded('x\n'.repeat(20_000))}`);
  expect(said().length).toBe(20_003);
});

it('ends with an expression that grep does not take', () => {
  const { read } = reader();
  expect(() => read(`refused\t${encoded('grep: Unmatched [')}`)).toThrow(RefusedExpression);
});

it('shows no part of a secret that the end of a long line goes through', () => {
  const { read, said } = reader();
  const line = `${'.'.repeat(64 * 1024 - 2)}ours and more`;
  read('at\t0\t77\t0', `data\t0\t${line.length + 1}\t${encoded(`${line}\n`)}`);
  expect(said()[0]).toMatch(/^line P2 \.+\*\*…$/);
});
