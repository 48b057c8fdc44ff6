import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../../../src/cli/views/time-left.ts';

const SECONDS = new Map([
  ['packages', 60],
  ['archive', 30],
  ['file', 0],
]);
const secondsOf = (resource: string) => SECONDS.get(resource);
const host = (resources: readonly string[], atFirst = 0) => ({ resources, atFirst });

describe('timeLeft', () => {
  it('is that of the host that has most left to do, where all are at work at once', () => {
    const hosts = [host(['packages', 'archive', 'file']), host(['archive'])];
    expect(timeLeft(hosts, 50, secondsOf)).toBe(90);
  });

  it('takes off what the step at work has had, and no more than it takes', () => {
    expect(timeLeft([host(['packages', 'archive'], 45)], 50, secondsOf)).toBe(45);
    expect(timeLeft([host(['packages', 'archive'], 500)], 50, secondsOf)).toBe(30);
  });

  it('is more where hosts have to wait for their turn', () => {
    expect(timeLeft([host(['packages']), host(['packages']), host(['packages'])], 1, secondsOf)).toBe(180);
  });

  it('takes steps that nobody knows for such as the others are, and says nothing where most are unknown', () => {
    expect(timeLeft([host(['packages', 'x'])], 50, secondsOf)).toBe(120);
    expect(timeLeft([host(['packages', 'x', 'y'])], 50, secondsOf)).toBeNull();
    expect(timeLeft([], 50, secondsOf)).toBeNull();
  });
});
