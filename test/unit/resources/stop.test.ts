import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/content.ts';
import type { Row } from '../../../src/resources/look.ts';
import type { WorkOfProcesses } from '../../../src/resources/process/at-work.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { meantBy, stopResource } from '../../../src/resources/process/stop.ts';
import type { Diff } from '../../../src/resources/resource.ts';
import { observationOf } from './answer-of.ts';
import { FACTS } from './cases.ts';

const worker = (name: string, more: Partial<Process> = {}): Process => ({
  name,
  group: 'P1',
  repository: `/opt/w/${name}`,
  known: { by: 'argument' },
  log: `/opt/w/${name}/log.txt`,
  port: 10001,
  program: '/opt/w/worker',
  reads: { profile: '/opt/profile', script: `/opt/w/${name}/start.sh` },
  environment: [],
  environmentFrom: [],
  environmentIsWhole: true,
  requires: [],
  start: { run: 'true', pause: 30, leftovers: '/opt/hugepages/layer_labels/1p1' },
  stop: { deadline: 60 },
  ...more,
});

const runs = (name: string, pid: number): Row => [
  'process',
  `/opt/w/${name}`,
  `${pid}`,
  '1700000000',
  '0',
  '1',
  `${pid}00`,
];
const LOOKED: Row = ['processes', 'seen'];

const a = worker('a');
const diff = (
  rows: readonly Row[],
  {
    process = a,
    siblings = [a],
    chosen = siblings,
    killAfter = null,
    atWork,
    only,
    withOther,
  }: {
    process?: Process;
    siblings?: readonly Process[];
    chosen?: readonly Process[];
    killAfter?: number | null;
    atWork?: WorkOfProcesses;
    only?: ReadonlySet<string>;
    withOther?: string;
  } = {},
): Diff => {
  const isMeant = meantBy({ only, withOther });
  return stopResource(process, { siblings, chosen, killAfter, ...(isMeant && { isMeant }) }).diff(
    { ...observationOf(FACTS, { rows }), ...(atWork && { atWork }) },
    { pending: () => false, digest: (content) => `sum of ${JSON.stringify(content)}` },
  );
};

describe('the end of a process', () => {
  it('is one step by number, start time and repository; what does not run is left alone', () => {
    expect(diff([LOOKED])).toEqual({ state: 'same' });
    expect(diff([runs('a', 7), LOOKED])).toEqual({
      state: 'change',
      change: {
        action: 'run',
        details: [{ name: 'state', before: 'running', after: 'not running' }],
        steps: [
          {
            step: 'stop-process',
            name: 'a',
            repository: '/opt/w/a',
            known: { by: 'argument' },
            pid: 7,
            ticks: 700,
            beside: [],
            wait: 60,
            killAfter: null,
            leftovers: '/opt/hugepages/layer_labels/1p1',
            deadline: 180,
          },
        ],
      },
    });
  });

  it('is of those alone that run with another secret than they would be given now', () => {
    const token = contentOf({ secret: 'API token', as: 'plain' }, ':/ip4/10.0.0.1/tcp/2345/http');
    const process = worker('a', {
      environment: [
        { name: 'MINER_API_INFO', value: token },
        { name: 'RUST_LOG', value: contentOf('debug') },
      ],
    });
    const sums = (pid: number, sum: string): Row => ['procsum', `${pid}`, 'MINER_API_INFO', sum];
    const right = `sum of ${JSON.stringify(token)}`;
    const given = { process, withOther: 'API token' };
    expect(diff([runs('a', 7), sums(7, right), LOOKED], given)).toEqual({ state: 'same' });
    for (const rows of [[sums(7, 'sum of another')], []])
      expect(diff([runs('a', 7), ...rows, LOOKED], given)).toMatchObject({
        change: { steps: [{ pid: 7 }] },
      });
    const both = [runs('a', 7), runs('a', 8), sums(7, right), sums(8, 'sum of another')];
    expect(diff([...both, LOOKED], given)).toMatchObject({ change: { steps: [{ pid: 8 }] } });
    expect(diff([runs('a', 7), LOOKED], { process, withOther: 'of something else' })).toEqual({
      state: 'same',
    });
  });

  it('is unknown where nobody could look', () => {
    expect(diff([])).toEqual({ state: 'unknown', reason: 'it cannot be told whether a runs' });
  });

  it('says what is lost with it, and where nobody can tell that', () => {
    const atWork: WorkOfProcesses = new Map([
      ['a', { type: 'tasks', tasks: [{ task: 'PC1', sector: 1017, seconds: 15120 }] }],
    ]);
    expect(diff([runs('a', 7), LOOKED], { atWork, killAfter: 90 })).toMatchObject({
      change: {
        details: [
          { name: 'state' },
          { name: 'at', after: 'PC1 of sector 1017 for 4 h 12 min' },
          { name: 'killed', after: 'after 90 s' },
        ],
        atWork: { type: 'tasks' },
        steps: [{ killAfter: 90, deadline: 210 }],
      },
    });
    const unknown: WorkOfProcesses = new Map([['a', { type: 'unknown', why: 'the miner does not answer' }]]);
    expect(diff([runs('a', 7), LOOKED], { atWork: unknown })).toMatchObject({
      change: {
        details: [{ name: 'state' }, { name: 'may be at', after: 'a task: the miner does not answer' }],
        atWork: { type: 'unknown' },
      },
    });
    const idle: WorkOfProcesses = new Map([['a', { type: 'tasks', tasks: [] }]]);
    expect(diff([runs('a', 7), LOOKED], { atWork: idle })).not.toHaveProperty('change.atWork');
  });

  it('takes all that work on the repository, one after the other', () => {
    expect(diff([runs('a', 7), runs('a', 8), LOOKED])).toMatchObject({
      change: {
        details: [{ before: 'running as processes 7 and 8' }],
        steps: [
          { pid: 7, beside: [8] },
          { pid: 8, beside: [] },
        ],
      },
    });
  });

  it('is refused where another one that goes on needs it', () => {
    const b = worker('b', { after: ['a'] });
    const both = [runs('a', 7), runs('b', 8), LOOKED];
    expect(diff(both, { siblings: [a, b], chosen: [a] })).toMatchObject({
      state: 'violated',
      violation: { severity: 'enforce', next: [{ text: 'stop both: --process b,a' }] },
    });
    expect(diff(both, { siblings: [a, b] }).state).toBe('change');
    expect(diff([runs('a', 7), LOOKED], { siblings: [a, b], chosen: [a] }).state).toBe('change');
  });

  it('of a run that is taken up leaves alone what was started since', () => {
    expect(diff([runs('a', 7), LOOKED], { only: new Set(['7 700']) }).state).toBe('change');
    expect(diff([runs('a', 7), LOOKED], { only: new Set(['7 699']) })).toEqual({ state: 'same' });
  });
});

describe('the end of a process that a unit runs', () => {
  const unit = { name: 'fcops-p1@1.service', file: '/etc/systemd/system/fcops-p1@.service' };
  const byUnit: Row = [...runs('a', 7), '', unit.name];

  it('is brought about through systemd, whatever is to run it', () => {
    for (const process of [a, worker('a', { unit })])
      expect(diff([byUnit, LOOKED], { process })).toMatchObject({
        state: 'change',
        change: {
          details: [
            { name: 'state', before: 'running', after: 'not running' },
            { name: 'by', before: null, after: `systemctl stop ${unit.name}` },
          ],
          steps: [{ step: 'stop-process', pid: 7, unit: unit.name }],
        },
      });
    expect(diff([runs('a', 7), LOOKED], { process: worker('a', { unit }) })).toMatchObject({
      change: { steps: [expect.not.objectContaining({ unit: unit.name })] },
    });
  });

  it('takes the unit that is about to start it again, and no other', () => {
    const process = worker('a', { unit });
    const inState = (active: string): Diff =>
      stopResource(process, { siblings: [process], chosen: [process], killAfter: null }).diff(
        observationOf(FACTS, {
          rows: [LOOKED],
          units: { [unit.name]: { load: 'loaded', active, file: 'static', needsReload: false } },
        }),
        { pending: () => false, digest: () => '' },
      );
    expect(inState('activating')).toMatchObject({
      state: 'change',
      change: { steps: [{ step: 'put-unit', name: unit.name, active: 'stopped' }] },
    });
    for (const active of ['inactive', 'failed']) expect(inState(active)).toEqual({ state: 'same' });
    expect(diff([LOOKED], { process })).toEqual({ state: 'same' });
  });
});
