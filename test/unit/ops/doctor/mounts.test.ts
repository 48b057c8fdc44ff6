import { describe, expect, it } from 'vitest';
import { GiB, TiB } from '../../../../src/core/units.ts';
import { mountsFindings } from '../../../../src/ops/doctor/mounts.ts';
import type { MountStatus } from '../../../../src/ops/status/host-status.ts';
import { observationOf } from '../../resources/answer-of.ts';
import { FACTS } from '../../resources/cases.ts';
import { told } from './support.ts';

interface Stated {
  readonly free?: number;
  readonly options?: readonly string[];
  readonly fstype?: string;
}
const of = (
  target: string,
  { free = 50 * TiB, options = ['rw'], fstype = 'xfs' }: Stated,
  roles = ['p1'],
) => {
  const mount = { source: '/dev/md0', fstype, bytes: 100 * TiB, freeBytes: free };
  const mounts: readonly MountStatus[] = [{ target, what: 'own disks', state: 'mounted', ...mount }];
  const seen = observationOf(FACTS, { mounts: { [target]: { ...mount, options, users: [] } } });
  return told(mountsFindings({ host: 'h', roles, size: '64GiB', mounts, sectors: ['/ceph'], seen }));
};

describe('file systems', () => {
  it('are well with room', () => {
    expect(of('/opt/raid0', {})).toEqual([]);
    expect(of('/opt/hugepages/layer_labels', { free: 0, fstype: 'hugetlbfs' })).toEqual([]);
  });

  it.each(['/opt/raid0', '/ceph', '/'])('are told where %s is read-only', (target) => {
    expect(of(target, { options: ['rw', 'relatime', 'ro'], free: 0 })).toEqual([
      `critical mount h: ${target} (own disks) is read-only`,
    ]);
  });

  it('may be read-only where nothing of ours is written', () => {
    expect(of('/mnt/other', { options: ['ro'] })).toEqual([]);
  });

  it('are told with hardly any room, and critical with none', () => {
    expect(of('/opt/raid0', { free: 4 * TiB })).toEqual([
      'warn mount h: /opt/raid0 (own disks) is nearly full',
    ]);
    expect(of('/opt/raid0', { free: 0.5 * TiB })).toEqual([
      'critical mount h: /opt/raid0 (own disks) is full',
    ]);
    // A storage of petabytes with a part of a percent takes sectors still.
    expect(of('/ceph', { free: 0.5 * TiB })).toEqual(['warn mount h: /ceph (own disks) is nearly full']);
    expect(of('/ceph', { free: 60 * GiB })).toEqual(['critical mount h: /ceph (own disks) is full']);
  });

  it('of the miner are its metadata', () => {
    expect(of('/opt/raid0', { free: 4 * TiB }, ['miner'])).toEqual([
      'warn metadata h: /opt/raid0 (own disks) is nearly full',
    ]);
  });
});
