import { describe, expect, it } from 'vitest';
import { fcops } from '../../support/fcops.ts';

describe('the command line', () => {
  it('shows a short overview where nothing is asked', async () => {
    const { exitCode, stdout } = await fcops([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('fcops plan p1 --miner f0494733');
    expect(stdout.split('\n').length).toBeLessThan(15);
  });

  it('prints its version', async () => {
    for (const args of [['--version'], ['-V'], ['plan', '--version']])
      expect((await fcops(args)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['plan', 'deploy', 'layout', 'facts', 'render', 'schema', 'trust'])(
    'explains %s with examples',
    async (name) => {
      const { exitCode, stdout } = await fcops(['help', name]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: fcops ${name}`);
      expect(stdout).toContain(`Examples:\n`);
      expect(stdout).toContain(`  fcops ${name}`);
      expect(stdout).toContain('--inventory');
    },
  );

  it.each([
    [['deploi'], 'error: unknown command "deploi"\n  next: did you mean deploy? (fcops help)\n'],
    [
      ['plan', 'p1', '--lmit', 'x'],
      'error: unknown option "--lmit"\n  next: did you mean --limit? (fcops help plan)\n',
    ],
    [['plan'], 'error: missing required argument "role"\n  next: fcops help plan\n'],
    [['plan', 'p3'], 'error: "p3" is no role that can be deployed\n  next: did you mean "p1"?\n'],
    [
      ['inventory', 'lst'],
      'error: unknown command "lst"\n  next: did you mean list? (fcops help inventory)\n',
    ],
    [
      ['deploy', 'p1', '--check'],
      'error: unknown option "--check"\n  next: fcops plan shows what a deploy would change (fcops help deploy)\n',
    ],
    [['layout', 'amd-7523'], 'error: there is no profile "amd-7523"\n  next: did you mean "amd-7532"?\n'],
    [
      ['trust'],
      'error: no host is named\n  next: fcops trust HOST, or fcops trust --miner ID for all of a cluster\n',
    ],
  ])('%j is answered with what to type', async (args, stderr) => {
    expect(await fcops(args)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it('shows what there is below a command', async () => {
    const { exitCode, stderr } = await fcops(['inventory']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('check [options]');
    expect(stderr).not.toContain('error:');
  });

  it('answers in JSON where that is asked for', async () => {
    const { exitCode, stdout, stderr } = await fcops(['plan', '--output', 'json']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toEqual({
      type: 'error',
      problems: [{ what: 'missing required argument "role"', next: 'fcops help plan' }],
    });
  });
});
