import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { show } from '../../../../src/cli/commands/runs.ts';
import type { HostResult } from '../../../../src/engine/events.ts';
import { cameToItsHosts, runNamed } from '../../../../src/ops/resume.ts';
import { testContext } from '../context.ts';
import { failedResult, result } from '../views/samples.ts';

const state = mkdtempSync(join(tmpdir(), 'fcops-runs-'));
afterAll(() => rmSync(state, { recursive: true }));
const directory = join(state, 'fcops/runs');

const write = (run: string, hosts: readonly string[], results: readonly HostResult[] | null) => {
  mkdirSync(join(directory, run), { recursive: true });
  const maxFail = { hosts: 0 };
  const request = { role: 'p1', miner: 'f0494733', tags: [], start: false, batches: [], maxFail };
  const record = {
    format: 'fcops-run/1',
    run,
    operation: 'deploy',
    request: { ...request, inventory: '/inventories', transport: 'ssh2' },
    who: 'alice@ops1',
    since: '2026-11-22T04:30:00Z',
    version: '0.2.0',
    hosts,
    process: { pid: 7, started: '1', boot: 'b' },
  };
  writeFileSync(join(directory, run, 'run.json'), JSON.stringify(record));
  const ended = { format: 'fcops-run-result/1', state: 'failed', ended: '', results };
  if (results) writeFileSync(join(directory, run, 'result.json'), JSON.stringify(ended));
};

const locked = (host: string) =>
  result(host, {
    state: 'blocked',
    problems: [{ kind: 'locked', what: 'another run is changing this host' }],
  });

const KILLED = 'r-20261122T043000Z-aaaaa';
const FAILED = 'r-20261122T043100Z-bbbbb';
const LOCKED = 'r-20261122T043200Z-ccccc';
write(KILLED, ['p1-50', 'p1-51'], null);
write(FAILED, ['p1-50'], [failedResult('p1-50')]);
write(LOCKED, ['p1-50'], [locked('p1-50')]);

const shown = async (run: string): Promise<string> => {
  const { context, stdout } = testContext({}, { env: { XDG_STATE_HOME: state } });
  await show(context, [run], {});
  return stdout();
};

describe('runs show', () => {
  it('says nothing of other hosts where there are none', async () => {
    expect(await shown(FAILED)).toContain(`to do what is left:\n  fcops resume ${FAILED}\n`);
    expect(await shown(FAILED)).not.toContain('what became of');
    expect(await shown(KILLED)).toContain(
      'what became of them is on the hosts; to find out, and to do what is left:',
    );
  });
});

describe('the last run', () => {
  it('is the newest, and to be taken up the newest that did more than to find its hosts taken', () => {
    expect(runNamed(directory, 'last').record.run).toBe(LOCKED);
    expect(runNamed(directory, 'last', cameToItsHosts).record.run).toBe(FAILED);
    // By its name any can be.
    expect(runNamed(directory, 'ccccc', cameToItsHosts).record.run).toBe(LOCKED);
  });
});
