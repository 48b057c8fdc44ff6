import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { hostRows, runsText, runText, stateOf } from '../../../../src/cli/views/runs-text.ts';
import type { LastSeen, PastRun } from '../../../../src/engine/runs/history.ts';
import { failedResult, result } from './samples.ts';

const PAINT = painter(false);

const past = (run: string, more: Partial<PastRun> = {}): PastRun => ({
  record: {
    format: 'fcops-run/1',
    run,
    operation: 'deploy',
    request: {
      role: 'p1',
      miner: 'f0494733',
      tags: [],
      start: true,
      batches: [],
      maxFail: { hosts: 0 },
      inventory: '/inventories',
      transport: 'ssh2',
    },
    who: 'alice@ops1',
    since: '2026-11-22T04:30:00Z',
    version: '0.2.0',
    hosts: ['p1-50', 'p1-51'],
    process: { pid: 7, started: '1', boot: 'b' },
  },
  result: null,
  alive: false,
  resumedBy: null,
  ...more,
});

const ended = (state: 'done' | 'failed', results = [result('p1-50'), failedResult('p1-51')]) =>
  past('r-1', { result: { format: 'fcops-run-result/1', state, ended: '2026-11-22T04:31:00Z', results } });

const seen = (host: string, more: Partial<LastSeen> = {}): LastSeen => ({
  host,
  stage: null,
  step: null,
  ended: null,
  ...more,
});

describe('runs', () => {
  it('are running, broken off, or what their result says', () => {
    expect(stateOf(past('r-1', { alive: true }))).toBe('running');
    expect(stateOf(past('r-1'))).toBe('broken off');
    expect(stateOf(ended('failed'))).toBe('failed');
  });

  it('take two lines each where a table is too wide, and no time is broken', () => {
    const runs = [past('r-20261122T043000Z-x7k2q'), past('r-20261122T043000Z-5vsxq', { alive: true })];
    const since = (stamp: string) => `${stamp} (29 h 50 min ago)`;
    const lines = runsText(runs, { paint: PAINT, width: 80, since });
    expect(lines).toMatchInlineSnapshot(`
      [
        "r-20261122T043000Z-x7k2q  broken off",
        "  deploy p1 of f0494733, 2 hosts, by alice@ops1, 2026-11-22T04:30:00Z (29 h 50",
        "    min ago)",
        "r-20261122T043000Z-5vsxq  running",
        "  deploy p1 of f0494733, 2 hosts, by alice@ops1, 2026-11-22T04:30:00Z (29 h 50",
        "    min ago)",
      ]
    `);
  });

  it('are told apart where nobody said no: there was nobody to ask', () => {
    const result = { format: 'fcops-run-result/1', state: 'unasked', ended: '', results: [] } as const;
    const run = past('r-1', { result });
    expect(stateOf(run)).toBe('not confirmed');
    const [line] = runsText([run], { paint: PAINT, width: 200, since: PLAIN_WORDS.since }).slice(-1);
    expect(line).toContain('not confirmed: without --yes, and with nobody to ask');
    expect(runText(run, [], { paint: PAINT, width: 200, words: PLAIN_WORDS })).toContain(
      '  nothing was changed: its plan has to be agreed to, on a terminal and without --output json, or by --yes',
    );
  });

  it('are a table', () => {
    const runs = [past('r-3', { alive: true }), past('r-2', { resumedBy: 'r-3' }), ended('failed')];
    expect(
      runsText(runs, { paint: PAINT, width: 100, since: PLAIN_WORDS.since }).join('\n'),
    ).toMatchInlineSnapshot(`
      "run  what                   hosts  who         when                  how it ended
      r-3  deploy p1 of f0494733      2  alice@ops1  2026-11-22T04:30:00Z  running
      r-2  deploy p1 of f0494733      2  alice@ops1  2026-11-22T04:30:00Z  broken off, taken up by r-3
      r-1  deploy p1 of f0494733      2  alice@ops1  2026-11-22T04:30:00Z  failed, 1 of 2 hosts"
    `);
  });
});

it('a run that applied a saved plan is told as such, with the file', () => {
  const { record } = ended('failed');
  const saved = { file: '/reviewed/p1.plan', digest: 'sha256:0' };
  const run = past('r-1', {
    record: { ...record, request: { ...record.request, limit: 'p1-50,p1-51', saved } },
  });
  const [, row] = runsText([run], { paint: PAINT, width: 100, since: PLAIN_WORDS.since });
  expect(row).toContain('apply p1 of f0494733 ');
  const [, asked] = runText(run, [], { paint: PAINT, width: 200, words: PLAIN_WORDS });
  expect(asked).toContain('apply p1 of f0494733, the plan /reviewed/p1.plan; by alice@ops1');
});

describe('what is known of a host', () => {
  const known = (run: PastRun, last: LastSeen) => hostRows(run, [last]).map(({ known }) => known)[0];
  it('is its result, where it has one', () => {
    expect(hostRows(ended('failed'), [seen('p1-51', { stage: 'apply' })])).toEqual([
      { host: 'p1-51', state: 'failed', known: '2 changes made' },
    ]);
    expect(hostRows(past('r-1'), [seen('p1-50', { ended: 'changed' })])).toEqual([
      { host: 'p1-50', state: 'changed', known: 'it had ended' },
    ]);
  });

  it('is harmless before anything was changed, and not known after', () => {
    expect(known(past('r-1'), seen('p1-50'))).toBe('not begun: nothing was done to it');
    expect(known(past('r-1'), seen('p1-50', { stage: 'look' }))).toBe('was at look: nothing was done to it');
    const step = { step: 3, steps: 9, title: 'file /opt/profile' };
    expect(known(past('r-1'), seen('p1-50', { stage: 'apply', step }))).toBe(
      'was at apply, step 3 of 9: file /opt/profile; what became of it is not known here',
    );
    expect(known(past('r-1', { alive: true }), seen('p1-50', { stage: 'apply', step }))).toBe(
      'at apply, step 3 of 9: file /opt/profile',
    );
  });
});

it('shows a run, hosts that are alike in one line, its problems last', () => {
  const broken = past('r-1', { record: { ...past('r-1').record, hosts: ['p1-50', 'p1-51', 'p1-52'] } });
  const rows = hostRows(broken, [seen('p1-50', { stage: 'apply' }), seen('p1-51'), seen('p1-52')]);
  const options = { paint: PAINT, width: 200, words: PLAIN_WORDS };
  expect(runText(broken, rows, options).join('\n')).toMatchInlineSnapshot(`
    "r-1  broken off
      deploy p1 of f0494733 --start; by alice@ops1 with fcops 0.2.0, since 2026-11-22T04:30:00Z

    host        state  what is known
    p1-50       ?      was at apply; what became of it is not known here
    p1-[51:52]  ?      not begun: nothing was done to it"
  `);
  const failed = ended('failed');
  expect(runText(failed, hostRows(failed, [seen('p1-50'), seen('p1-51')]), options).join('\n')).toContain(
    'archive:/opt/lotus failed (status 22)',
  );
});

it('shows a cause that many hosts have in common once, with all that was printed', () => {
  const why = Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n');
  const results = ['p1-50', 'p1-51'].map((host) =>
    result(host, { state: 'failed', problems: [{ kind: 'step', what: 'x failed', where: { host }, why }] }),
  );
  const run = ended('failed', results);
  const text = runText(run, [], { paint: PAINT, width: 80, words: PLAIN_WORDS }).join('\n');
  expect(text.match(/x failed/g)).toHaveLength(1);
  expect(text).toContain('FAILED p1-[50:51]');
  expect(text).toContain('line 0\n');
});
