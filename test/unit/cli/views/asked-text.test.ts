import { describe, expect, it } from 'vitest';
import { askedText, whatOf } from '../../../../src/cli/views/asked-text.ts';
import type { Size } from '../../../../src/engine/batches.ts';
import type { RunRecord, RunRequest } from '../../../../src/engine/runs/record.ts';

const asked = (operation: RunRecord['operation'], more: Partial<RunRequest>) => ({
  operation,
  request: {
    role: 'p1',
    miner: 'f0494733',
    tags: [],
    start: false,
    batches: [],
    maxFail: { hosts: 0 },
    inventory: '/inventories',
    transport: 'ssh2' as const,
    ...more,
  },
});

const LOSES_NOTHING = { loseTasks: false, drain: null };

describe('what a run was asked for', () => {
  it('has the options of its command, and no other', () => {
    const restart = asked('restart', {
      limit: 'p1-50',
      start: true,
      processes: ['P1-3'],
      stop: { loseTasks: false, drain: 'all', drainTimeout: 7200 },
    });
    expect(askedText(restart)).toBe(
      'restart p1 of f0494733 --limit p1-50 --process P1-3 --drain --drain-timeout 2h',
    );
    const stop = asked('stop', { limit: 'p1-3', killAfter: 90, stop: { loseTasks: true, drain: null } });
    expect(askedText(stop)).toBe('stop p1 of f0494733 --limit p1-3 --lose-tasks --kill-after 90s');
    const processes = ['P1-1', 'P1-2', 'P1-3', 'P2'];
    const start = asked('start', { start: true, preflight: false, processes });
    expect(askedText(start)).toBe('start p1 of f0494733 --process P1-[1:3],P2 --no-preflight');
    const deploy = asked('deploy', { start: true, tags: ['env', 'bin'], reboot: { timeout: 1800 } });
    expect(askedText(deploy)).toBe('deploy p1 of f0494733 --tags env,bin --start --reboot');
  });

  it('has its batches and how many may fail, where that is not what its command does by itself', () => {
    const batches = [{ hosts: 1 }, { percent: 25 }];
    const deploy = asked('deploy', { batches, maxFail: { percent: 10 } });
    expect(askedText(deploy)).toBe('deploy p1 of f0494733 --batch 1,25% --max-fail 10%');
    const versions = [{ key: 'p1' as const, version: '1.11.1', hosts: ['p1-50'] }];
    const upgrade = (more: Partial<RunRequest>) =>
      askedText(asked('upgrade', { upgrade: { versions, sha256: {} }, ...more }));
    expect(upgrade({ batches: [{ percent: 25 }] })).toBe('upgrade p1 of f0494733 to 1.11.1');
    expect(upgrade({ batches: [{ percent: 50 }], maxFail: { hosts: 2 } })).toBe(
      'upgrade p1 of f0494733 to 1.11.1 --batch 50% --max-fail 2',
    );
    const reboot = (size: Size) => askedText(asked('reboot', { batches: [size], reboot: { timeout: 1800 } }));
    expect(reboot({ hosts: 1 })).toBe('reboot p1 of f0494733');
    expect(reboot({ hosts: 2 })).toBe('reboot p1 of f0494733 --batch 2');
    expect(askedText(asked('rollback', { maxFail: { percent: 100 } }))).toBe('rollback p1 of f0494733');
  });

  it('says what becomes of proofs, in the words of the options', () => {
    const miner = (stop: Partial<NonNullable<RunRequest['stop']>>) =>
      askedText(asked('restart', { role: 'miner', start: true, stop: { ...LOSES_NOTHING, ...stop } }));
    expect(miner({ window: 'wait', downtime: 480 })).toBe(
      'restart miner of f0494733 --downtime 8m --wait-for-window',
    );
    expect(miner({ window: 'ignore' })).toBe('restart miner of f0494733 --ignore-proving-window');
  });

  it('names the command that makes a run of its own', () => {
    const versions = [{ key: 'p1' as const, version: '1.11.1', hosts: ['p1-50'] }];
    const stop = { loseTasks: false, drain: 'all' as const };
    const upgrade = asked('upgrade', { start: true, upgrade: { versions, sha256: {} }, stop });
    expect(askedText(upgrade)).toBe('upgrade p1 of f0494733 to 1.11.1');
    const rotate = asked('restart', { start: true, otherToken: true, stop: { ...stop, each: true } });
    expect(askedText(rotate)).toBe('rotate the token of f0494733');
    const recover = asked('reboot', {
      start: true,
      limit: 'p1-50',
      preflight: false,
      reboot: { timeout: 1800, hardware: true },
      stop: { ...stop, drain: 'finalize' },
    });
    expect(askedText(recover)).toBe('recover p1 of f0494733 --limit p1-50 --drain finalize');
    expect(whatOf(recover)).toBe('recover p1 of f0494733');
  });
});
