import { expect, it } from 'vitest';
import { withCauses } from '../../../../src/ops/doctor/causes.ts';
import { finding } from '../../../../src/ops/doctor/finding.ts';

it('that a process does not run is told with what stands still for it, and not once more', () => {
  const dead = finding('critical', 'process', 'p1-50', 'does not run', {
    processes: ['P2'],
    evidence: ['its log ends: panic'],
  });
  const blocked = finding('critical', 'p2', 'p1-50', 'P1 is held up', { processes: ['P2'], evidence: ['a'] });
  const others = [
    { ...dead, host: 'p1-51' },
    { ...dead, processes: ['P2', 'P1-3'] },
    { ...dead, kind: 'gpu' as const },
  ];
  expect(withCauses([dead, blocked, ...others])).toEqual([
    { ...blocked, evidence: ['a', 'P2: does not run', 'its log ends: panic'] },
    ...others,
  ]);
  expect(withCauses([dead])).toEqual([dead]);
});
