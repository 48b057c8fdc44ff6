import { describe, expect, it } from 'vitest';
import { look } from '../../../src/core/next.ts';
import type { Finding } from '../../../src/resources/assertion/assertion.ts';
import { assertion } from '../../../src/resources/assertion/assertion.ts';
import { casesOf, contextOf, observationOf } from './cases.ts';

const [anyCase] = casesOf('kernel-arguments');
const finds = (found: Finding, severity: 'enforce' | 'warn') =>
  assertion({ name: 'cpu', asks: [], severity, check: () => found }).diff(
    observationOf(anyCase!),
    contextOf(anyCase!),
  );

describe('an assertion', () => {
  it.each(['enforce', 'warn'] as const)('that finds nothing is met (%s)', (severity) => {
    expect(finds(null, severity)).toEqual({ state: 'same' });
  });

  it.each(['enforce', 'warn'] as const)('tells what it found, and how severe that is (%s)', (severity) => {
    expect(finds({ message: 'no GPU', next: [look('put one in')] }, severity)).toEqual({
      state: 'violated',
      violation: { message: 'no GPU', next: [look('put one in')], severity },
    });
  });

  it('that could not be seen stops the host only where it is enforced', () => {
    expect(finds({ unknown: 'no answer' }, 'enforce')).toEqual({ state: 'unknown', reason: 'no answer' });
    expect(finds({ unknown: 'no answer' }, 'warn')).toMatchObject({
      state: 'violated',
      violation: { message: 'no answer', severity: 'warn' },
    });
  });
});
