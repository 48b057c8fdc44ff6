import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HostPlan } from '../../../../src/engine/plan.ts';
import { lastSeen, pastRuns, plansOf } from '../../../../src/engine/runs/history.ts';
import type { Complaint, JournalDeps } from '../../../../src/engine/runs/journal.ts';
import { RunJournal } from '../../../../src/engine/runs/journal.ts';
import type { RunRecord } from '../../../../src/engine/runs/record.ts';
import type { Step } from '../../../../src/resources/kinds.ts';
import { keptStep } from '../../../../src/resources/kinds.ts';

/** Whether directories stay, as on a file system of somebody else; root may remove any other. */
const stubborn = vi.hoisted(() => {
  // Another file of tests may have loaded the journal before, with the file system as it is.
  vi.resetModules();
  return { on: false };
});
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const rmSync: typeof fs.rmSync = (...args) => {
    if (stubborn.on) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    fs.rmSync(...args);
  };
  return { ...fs, rmSync };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const SECRET = 'pl4nted-s3cret';
const complaints: Complaint[] = [];
const deps = (): JournalDeps => ({
  directory: join(directory, 'runs'),
  redact: (text) => text.replaceAll(SECRET, '********'),
  date: () => new Date('2026-01-02T03:04:05.678Z'),
  complain: (_, about) => void complaints.push(about),
});

const record = (run: string, more: Partial<RunRecord> = {}): RunRecord => ({
  format: 'fcops-run/1',
  run,
  operation: 'deploy',
  request: {
    role: 'p1',
    miner: 'f0494733',
    tags: [],
    start: false,
    batches: [{ hosts: 1 }],
    maxFail: { hosts: 0 },
    inventory: '/clusters',
    transport: 'ssh2',
  },
  who: 'alice@ops1',
  since: '2026-01-02T03:04:05Z',
  version: '0.1.0',
  hosts: ['p1-50', 'p1-51', 'p1-52'],
  process: { pid: 4711, started: '42', boot: 'b' },
  ...more,
});

const FIRST = 'r-20260102T030405Z-aaaaa';
const SECOND = 'r-20260102T040405Z-bbbbb';

const plan: HostPlan = {
  format: 'fcops-host-plan/1',
  host: 'p1-50',
  same: 3,
  items: [
    {
      state: 'change',
      task: 'worker profile',
      kind: 'file',
      resource: 'file:/opt/profile',
      title: 'file /opt/profile',
      change: {
        action: 'update',
        details: [],
        text: { before: `TOKEN=${SECRET}\n`, after: 'TOKEN=********\n' },
        steps: [
          {
            step: 'put-file',
            path: '/opt/profile',
            mode: '0600',
            owner: 'root',
            group: 'root',
            content: ['TOKEN=', { secret: 'env TOKEN', as: 'shell' }, '\n'],
            seen: 'absent',
            deadline: 120,
          },
        ],
      },
    },
  ],
};

const turn = () => new Promise((resolve) => setImmediate(resolve));
const gone = () => null;
const everything = () =>
  readdirSync(directory, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

test('a run that was killed says what it was at, and that the rest is not known', () => {
  const journal = RunJournal.begin(record(FIRST), deps());
  journal.plans([plan]);
  journal.event({ type: 'phase', host: 'p1-50', phase: 'look' });
  journal.event({ type: 'phase', host: 'p1-50', phase: 'apply' });
  journal.event({
    type: 'step-begin',
    host: 'p1-50',
    step: 2,
    steps: 5,
    task: 't',
    resource: 'file:/a',
    title: 'file /a',
  });
  journal.event({ type: 'phase', host: 'p1-51', phase: 'look' });
  // The last line may be cut.
  writeFileSync(join(directory, 'runs', FIRST, 'events.jsonl'), '{"type":"host-end","res', { flag: 'a' });
  const { runs, problems } = pastRuns(join(directory, 'runs'), gone);
  expect(problems).toEqual([]);
  expect(runs).toMatchObject([{ record: { run: FIRST }, result: null, alive: false, resumedBy: null }]);
  expect(lastSeen(join(directory, 'runs'), FIRST, ['p1-50', 'p1-51', 'p1-52'])).toEqual([
    { host: 'p1-50', stage: 'apply', step: { step: 2, steps: 5, title: 'file /a' }, ended: null },
    { host: 'p1-51', stage: 'look', step: null, ended: null },
    { host: 'p1-52', stage: null, step: null, ended: null },
  ]);
});

test('a run is alive as long as its very process is', () => {
  RunJournal.begin(record(FIRST), deps());
  const aliveWith = (started: string, boot: string) =>
    pastRuns(join(directory, 'runs'), () => ({ started, boot })).runs[0]?.alive;
  expect([aliveWith('42', 'b'), aliveWith('43', 'b'), aliveWith('42', 'c')]).toEqual([true, false, false]);
});

test('plans are kept as they were agreed to; no secret is in any file, also not one that a host has', async () => {
  const journal = RunJournal.begin(record(FIRST), deps());
  journal.plans([plan]);
  journal.event({ type: 'step-output', host: 'p1-50', step: 1, line: `it says ${SECRET}` });
  journal.end({ format: 'fcops-run-result/1', state: 'done', ended: '2026-01-02T03:05:00Z', results: [] });
  await turn();
  const kept = plansOf(join(directory, 'runs'), FIRST).get('p1-50');
  expect(kept?.items[0]).toMatchObject({
    change: { steps: [{ content: ['TOKEN=', { secret: 'env TOKEN' }, '\n'] }] },
  });
  expect(everything()).not.toContain(SECRET);
  expect(everything()).toContain('it says ********');
});

test('nothing that stands on a host is kept, and what was agreed to is known again', () => {
  const OTHERS = '0thers-s3cret';
  const [item] = plan.items;
  if (item?.state !== 'change') throw new Error('no change');
  const deadline = 120;
  const owned = { mode: '0644', owner: 'root', group: 'root', seen: 'absent', deadline };
  const steps: Step[] = [
    { step: 'edit-lines', path: '/etc/fstab', line: OTHERS, drop: [`password=${OTHERS}`], deadline },
    { step: 'edit-crontab', user: 'root', seen: '', line: 'x', drop: [OTHERS], deadline },
    { step: 'rewrite-file', path: '/etc/default/grub', text: OTHERS, ...owned },
  ];
  const change = {
    action: 'update',
    details: [{ name: 'a', before: OTHERS, after: 'b' }],
    text: { before: OTHERS, after: 'c' },
    lines: [{ line: 1, before: OTHERS, after: OTHERS }],
    steps,
  } as const;
  const reason = {
    state: 'unknown',
    task: 't',
    kind: 'k',
    resource: 'k:r',
    title: 'r',
    reason: OTHERS,
  } as const;
  const journal = RunJournal.begin(record(FIRST), deps());
  journal.plans([{ ...plan, items: [{ ...item, change }, reason] }]);
  expect(everything()).not.toContain(OTHERS);
  const kept = plansOf(join(directory, 'runs'), FIRST).get('p1-50')?.items[0];
  expect(kept).toMatchObject({ change: { steps: steps.map(keptStep) } });
  expect(steps.map(keptStep).map(keptStep)).toEqual(steps.map(keptStep));
  const other: Step = { step: 'rewrite-file', path: '/etc/default/grub', text: 'another', ...owned };
  expect(keptStep(other)).not.toEqual(steps.map(keptStep)[2]);
});

test('folders and files are for their user alone', () => {
  RunJournal.begin(record(FIRST), deps());
  const modes = ['.', FIRST, join(FIRST, 'run.json'), join(FIRST, 'events.jsonl')].map(
    (path) => statSync(join(directory, 'runs', path)).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
});

test('a run that was taken up says by which', () => {
  RunJournal.begin(record(FIRST), deps());
  RunJournal.begin(record(SECOND, { resumes: FIRST }), deps());
  const { runs } = pastRuns(join(directory, 'runs'), gone);
  expect(runs.map(({ record: { run }, resumedBy }) => [run, resumedBy])).toEqual([
    [SECOND, null],
    [FIRST, SECOND],
  ]);
});

test('a journal of something else is told, with the others', () => {
  RunJournal.begin(record(FIRST), deps());
  RunJournal.begin(record(SECOND), deps());
  writeFileSync(join(directory, 'runs', SECOND, 'run.json'), '{"format":"fcops-run/9"}');
  const { runs, problems } = pastRuns(join(directory, 'runs'), gone);
  expect(runs.map(({ record: { run } }) => run)).toEqual([FIRST]);
  expect(problems).toMatchObject([{ what: 'the journal of this run cannot be read' }]);
});

test('where nothing can be written, that is said once, and the run goes on', () => {
  complaints.length = 0;
  writeFileSync(join(directory, 'runs'), '');
  const journal = RunJournal.begin(record(FIRST), deps());
  journal.event({ type: 'phase', host: 'p1-50', phase: 'look' });
  journal.end({ format: 'fcops-run-result/1', state: 'done', ended: '', results: [] });
  expect(new Set(complaints)).toEqual(new Set(['this run']));
});

test('where only old runs cannot be removed, that is what is said, and the run is kept', () => {
  complaints.length = 0;
  const old = (number: number) => `r-20250102T030405Z-${String(number).padStart(5, 'a')}`;
  for (let number = 0; number < 200; number++) {
    mkdirSync(join(directory, 'runs', old(number)), { recursive: true });
    writeFileSync(join(directory, 'runs', old(number), 'result.json'), '{}');
  }
  stubborn.on = true;
  RunJournal.begin(record(FIRST), deps());
  stubborn.on = false;
  expect(complaints).toEqual(['old runs']);
  expect(readdirSync(join(directory, 'runs', FIRST)).sort()).toEqual(['events.jsonl', 'run.json']);
  RunJournal.begin(record(SECOND), deps());
  expect(readdirSync(join(directory, 'runs')).filter((run) => run < FIRST)).toHaveLength(198);
});

test('what cannot be read is not taken for nothing', () => {
  const file = join(directory, 'a-file');
  writeFileSync(file, '');
  expect(pastRuns(join(directory, 'missing'), gone).runs).toEqual([]);
  expect(() => pastRuns(join(file, 'runs'), gone)).toThrow('ENOTDIR');
  expect(() => lastSeen(directory, 'a-file', ['p1-50'])).toThrow('ENOTDIR');
});
