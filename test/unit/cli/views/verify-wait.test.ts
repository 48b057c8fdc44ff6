import { describe, expect, it } from 'vitest';
import { waitView } from '../../../../src/cli/views/verify-wait.ts';
import type { Check } from '../../../../src/ops/verify/check.ts';
import type { Verified, VerifiedHost } from '../../../../src/ops/verify/verify.ts';
import { keepingStream, testContext } from '../context.ts';

const check = (name: string, more: Partial<Check> = {}): Check => ({
  kind: 'process',
  name: `${name} runs`,
  process: name,
  result: 'ok',
  message: 'runs',
  ...more,
});
const ended = (name: string) => check(name, { result: 'off', message: 'does not run' });
const host = (name: string, ...checks: readonly Check[]): VerifiedHost => ({
  host: name,
  address: '10.0.0.1',
  listen: '10.0.0.1',
  roles: ['p1'],
  state: 'seen',
  groups: [],
  clock: null,
  checks,
  restartOwed: [],
  lockedBy: null,
});
const came = (...hosts: readonly VerifiedHost[]): Verified => ({
  miner: 'f0494733',
  roles: ['p1'],
  minerHost: null,
  strangers: [],
  hosts,
});
const OPTIONS = { wait: 600, interval: 10, full: false };

describe('waiting where there is no terminal', () => {
  it('is a line on standard error for each change, that names who is missing', () => {
    let now = 0;
    const { context, stdout, stderr } = testContext({}, { now: () => now });
    const view = waitView(context, OPTIONS);
    view.begin(() => came());
    const clock = (offset: number) =>
      check('clock', { kind: 'clock', process: null, result: 'off', message: `${offset} s behind` });
    view.said(came(host('p1-1', ended('P1-1'), ended('P1-2'), check('P2')), host('p1-2', clock(4))));
    now = 10_000;
    // How far a clock is off is another number at each look.
    view.said(came(host('p1-1', ended('P1-1'), ended('P1-2'), check('P2')), host('p1-2', clock(5))));
    now = 20_000;
    view.said(came(host('p1-1', check('P1-1'), check('P1-2'), check('P2')), host('p1-2', check('P2'))));
    view.end();
    expect(stdout()).toBe('');
    expect(
      stderr()
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\d\d:\d\d:\d\d /, '')),
    ).toEqual([
      '2 hosts, of 4 checks 3 are off: p1-1: P1-[1:2]: does not run; p1-2: 4 s behind; waiting 10 min 0 s more',
      '2 hosts, all 4 checks are right',
    ]);
  });

  it('names some hosts, and says how many more there are', () => {
    const { context, stderr } = testContext({ output: 'json' });
    const hosts = Array.from({ length: 9 }, (_, index) => host(`p1-${index}`, ended('P2'), ended('APx')));
    waitView(context, OPTIONS).said(came(...hosts));
    expect(stderr()).toMatch(
      /: p1-0: P2, APx: does not run; p1-1: .*; p1-2: [^;]*; and 6 more hosts; waiting /,
    );
    expect(stderr().trimEnd().split('\n')).toHaveLength(1);
  });
});

it('on a terminal is a frame with the time that is left, and gives the place back', () => {
  let now = 0;
  const ticks: (() => void)[] = [];
  const terminal = keepingStream(true);
  const { context } = testContext(
    { color: 'never' },
    {
      env: { TERM: 'xterm' },
      stdout: terminal.stream,
      now: () => now,
      every: (_, callback) => {
        ticks.push(callback);
        return () => {};
      },
    },
  );
  const view = waitView(context, OPTIONS);
  const hosts = Array.from({ length: 40 }, (_, index) => host(`p1-${index}`, ended(`P1-${index + 1}`)));
  view.begin(() => came(...hosts));
  expect(terminal.text()).toContain('waiting 10 min 0 s more, a look every 10 s; Ctrl-C ends it');
  expect(terminal.text()).toMatch(/… and \d+ more lines/);
  now = 595_000;
  for (const tick of ticks) tick();
  expect(terminal.text()).toContain('waiting 5 s more');
  const frames = terminal.text().split('\u001b[23A');
  expect(frames.length).toBe(2);
  view.end();
  expect(terminal.text()).toContain('\u001b[?25h');
  view.end();
});
