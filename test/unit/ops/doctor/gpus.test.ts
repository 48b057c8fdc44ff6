import { describe, expect, it } from 'vitest';
import type { GpuProcess, GpusOfHost } from '../../../../src/ops/doctor/gpus.ts';
import { gpusDiagnosis } from '../../../../src/ops/doctor/gpus.ts';
import type { GpuUsers } from '../../../../src/ops/doctor/host-look.ts';
import type { GpusSeen } from '../../../../src/resources/gpus/look.ts';
import { commandsOf, told } from './support.ts';

const card = (busId: number) => ({ address: `0000:${busId.toString(16).padStart(2, '0')}:00.0`, busId });
const lists = (...ids: readonly number[]): GpusSeen => ({
  type: 'told',
  gpus: ids.map((busId) => ({
    address: card(busId).address,
    name: 'RTX 3090',
    busy: null,
    memoryUsed: null,
    memoryTotal: null,
    temperature: null,
  })),
});
const c2 = (k: number, more: Partial<GpuProcess> = {}): GpuProcess => ({
  name: `C2-${k}`,
  group: 'C2',
  role: 'c2',
  pid: 100 + k,
  at: [],
  ...more,
});
const bound = (...pairs: readonly (readonly [number, number])[]): GpuUsers => ({
  bound: pairs.map(([k, id]) => ({ pid: 100 + k, name: 'BELLMAN_GPU_BUS_ID', busId: String(id) })),
  users: pairs.map(([k]) => ({ pid: 100 + k, user: 0, directory: '/tmp' })),
  locks: [],
});
const of = (more: Partial<GpusOfHost>) =>
  gpusDiagnosis({
    host: 'c2-10',
    size: '64GiB',
    present: [card(24), card(59)],
    seen: lists(24, 59),
    processes: [c2(1), c2(2)],
    users: bound([1, 24], [2, 59]),
    ...more,
  });

describe('the GPUs that processes are bound to', () => {
  it('are well where each has its own, and nothing is said of those that are bound to none', () => {
    expect(of({})).toEqual({ findings: [], unknowns: [] });
    expect(of({ users: { bound: [], users: [], locks: [] } })).toEqual({ findings: [], unknowns: [] });
  });

  it('are told where the machine has no such GPU; a restart waits for what is at work', () => {
    const { findings } = of({ users: bound([1, 33], [2, 59]), processes: [c2(1, { at: null }), c2(2)] });
    expect(told(findings)).toEqual(['critical gpu c2-10: C2-1 is bound to a GPU that the machine has not']);
    expect(findings[0]?.evidence).toEqual([
      'BELLMAN_GPU_BUS_ID=33 in its environment',
      'bus ids of the machine: 24, 59',
    ]);
    expect(findings[0]?.cost).toBe('up to 120 sectors (7.5 TiB) a day do not get past C2');
    expect(commandsOf(findings)).toEqual([
      'plan c2 --limit c2-10',
      'restart c2 --limit c2-10 --process C2-1 --drain',
    ]);
  });

  it('are told where the card is in the machine and its driver does not list it', () => {
    const { findings } = of({ seen: lists(59) });
    expect(told(findings)).toEqual([
      'critical gpu c2-10: C2-1 is bound to a GPU that has fallen off the bus',
    ]);
    // What hangs, or is not loaded, is a check of its own.
    expect(of({ seen: { type: 'unknown', why: 'it hangs' } }).findings).toEqual([]);
  });

  it('are told where two have one, though there is one for each', () => {
    const both = bound([1, 24], [2, 24]);
    expect(told(of({ users: both }).findings)).toEqual([
      'warn gpu c2-10: C2-1 and C2-2 are bound to one GPU',
    ]);
    expect(of({ users: both, present: [card(24)], seen: lists(24) }).findings).toEqual([]);
  });

  it('are unknown where nobody could look', () => {
    expect(of({ users: { why: 'x' } })).toMatchObject({ findings: [], unknowns: [{ why: 'x' }] });
    expect(of({ users: { why: 'x' }, present: [] }).unknowns).toEqual([]);
  });
});

describe('a lock of the GPU code', () => {
  const lock = { directory: '/tmp', name: 'bellman.gpu.lock', user: 1000 };

  it('is told where it is of another user than the processes that take it', () => {
    const { findings } = of({ users: { ...bound([1, 24], [2, 59]), locks: [lock] } });
    expect(told(findings)).toEqual([
      'warn gpu-lock c2-10: the GPU lock /tmp/bellman.gpu.lock belongs to another user',
    ]);
    expect(findings[0]).toMatchObject({
      processes: ['C2-1', 'C2-2'],
      evidence: ['it is of user 1000; C2-1 runs as user 0, C2-2 runs as user 0'],
    });
  });

  it('is none of theirs in another directory, or of their own user', () => {
    for (const other of [
      { ...lock, directory: '/opt/tmp' },
      { ...lock, user: 0 },
    ])
      expect(of({ users: { ...bound([1, 24], [2, 59]), locks: [other] } }).findings).toEqual([]);
  });
});
