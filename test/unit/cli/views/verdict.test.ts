import { describe, expect, it } from 'vitest';
import { exitOf } from '../../../../src/cli/exit.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { planDocument } from '../../../../src/cli/views/plan-document.ts';
import { resultVerdict } from '../../../../src/cli/views/verdict.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import type { PlanItem } from '../../../../src/engine/plan.ts';
import {
  ADDRESSES,
  failedResult,
  idleItem,
  planned,
  rebootItem,
  restartItem,
  result,
  sysctlItem,
  violatedItem,
} from './samples.ts';

describe('the verdict', () => {
  it.each<[number, readonly PlanItem[]]>([
    [0, []],
    [1, [violatedItem('enforce'), sysctlItem, rebootItem]],
    [2, [sysctlItem, rebootItem, violatedItem('warn')]],
    [3, [rebootItem, violatedItem('warn')]],
    [0, [idleItem('APx')]],
    [4, [rebootItem]],
    [4, [restartItem('P1-1')]],
  ])('of a plan is exit code %i', (code, items) => {
    const about = { miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS };
    const { verdict } = planDocument(about, [planned('p1-50', items), planned('p1-51', [])]);
    expect(exitOf(verdict, true)).toBe(code);
    expect(exitOf(verdict, false)).toBe(code === 1 ? 1 : 0);
  });

  it.each<[number, HostResult]>([
    [0, result('p1-50', { state: 'changed' })],
    [1, failedResult('p1-50')],
    [3, result('p1-50', { warnings: ['the kernel is old'], reboot: ['x'] })],
    [0, result('p1-50', { idle: ['APx'] })],
    [4, result('p1-50', { reboot: ['hugepagesz=1G is not in effect'] })],
  ])('of a deploy is exit code %i', (code, one) => {
    expect(exitOf(resultVerdict([result('p1-51'), one]), true)).toBe(code);
  });
});
