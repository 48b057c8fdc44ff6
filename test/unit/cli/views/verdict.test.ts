import { describe, expect, it } from 'vitest';
import { exitOf } from '../../../../src/cli/exit.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { findingsOf, planDocument } from '../../../../src/cli/views/plan-document.ts';
import { findingsBy, resultFindings } from '../../../../src/cli/views/verdict.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import type { PlanItem } from '../../../../src/engine/plan.ts';
import { onlyDrift } from '../../../../src/ops/drift/drift.ts';
import {
  ADDRESSES,
  failedResult,
  idleItem,
  planned,
  planOf,
  rebootItem,
  restartItem,
  result,
  sysctlItem,
  unknownItem,
  violatedItem,
} from './samples.ts';

describe('the verdict', () => {
  it.each<[number, readonly PlanItem[]]>([
    [0, []],
    [12, [violatedItem('enforce'), sysctlItem, rebootItem]],
    [1, [violatedItem('enforce'), unknownItem]],
    [2, [sysctlItem]],
    [14, [sysctlItem, rebootItem, violatedItem('warn')]],
    [12, [rebootItem, violatedItem('warn')]],
    [8, [violatedItem('warn')]],
    [8, [violatedItem('enforce')]],
    [0, [idleItem('APx')]],
    [4, [rebootItem]],
    [4, [restartItem('P1-1')]],
  ])('of a plan is exit code %i', (code, items) => {
    const isBlocked = items.some(
      (item) =>
        item.state === 'unknown' || (item.state === 'violated' && item.violation.severity === 'enforce'),
    );
    const about = { miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS };
    const document = planDocument(about, [planned('p1-50', items), planned('p1-51', [])]);
    expect(exitOf(findingsOf(document), true)).toBe(code);
    expect(exitOf(findingsOf(document), false)).toBe(isBlocked ? 1 : 0);
    expect(document.verdict === 'failed').toBe(isBlocked);
  });

  it.each<[number, readonly PlanItem[]]>([
    [0, []],
    [2, [sysctlItem]],
    [2, [sysctlItem, rebootItem, restartItem('P1-1'), violatedItem('warn'), violatedItem('enforce')]],
    [0, [rebootItem, restartItem('P1-1'), violatedItem('enforce')]],
    [1, [sysctlItem, unknownItem]],
  ])('of what was changed by hand is exit code %i, whatever else is owed or wrong', (code, items) => {
    const about = { miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS };
    const { plan, drift } = onlyDrift(planOf('p1-50', items), { why: 'it does not tell' });
    const document = planDocument(about, [{ state: 'planned', plan, drift }]);
    expect(exitOf(findingsOf(document), true)).toBe(code);
  });

  it('of a comparison with a revision is that of what is pending alone', () => {
    const codes = (['well', 'changes', 'failed'] as const).map((verdict) =>
      exitOf(findingsBy(verdict), true),
    );
    expect(codes).toEqual([0, 2, 1]);
  });

  it.each<[number, HostResult]>([
    [0, result('p1-50', { state: 'changed' })],
    [1, failedResult('p1-50')],
    [12, result('p1-50', { warnings: ['the kernel is old'], reboot: ['x'] })],
    [0, result('p1-50', { idle: ['APx'] })],
    [4, result('p1-50', { reboot: ['hugepagesz=1G is not in effect'] })],
  ])('of a deploy is exit code %i', (code, one) => {
    expect(exitOf(resultFindings([result('p1-51'), one]), true)).toBe(code);
  });
});
