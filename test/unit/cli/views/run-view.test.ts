import { describe, expect, it } from 'vitest';
import type { RunView, RunViewOptions } from '../../../../src/cli/views/run-view.ts';
import { lookView, runView } from '../../../../src/cli/views/run-view.ts';
import { keepingStream, testSession } from '../session.ts';

const OPTIONS: RunViewOptions = {
  title: 'plan p1',
  stages: ['look'],
  hosts: ['p1-50'],
  addresses: new Map(),
  verbose: false,
};

const painted = async (
  view: (session: ReturnType<typeof testSession>['session'], options: RunViewOptions) => Promise<RunView>,
  terminals: { readonly stdout: boolean; readonly stderr: boolean },
  env: Record<string, string> = {},
) => {
  const [stdout, stderr] = [keepingStream(terminals.stdout), keepingStream(terminals.stderr)];
  const { session } = testSession({}, { stdout: stdout.stream, stderr: stderr.stream, env });
  const shown = await view(session, OPTIONS);
  shown.emit({ type: 'run-begin', run: 'r-1', hosts: ['p1-50'] });
  // listr2 hands its stages over a moment later.
  await new Promise((resolve) => setImmediate(resolve));
  shown.end();
  return (stdout.text() + stderr.text()).includes('\u001b');
};

describe.each([
  ['lookView', lookView],
  ['runView', runView],
])('%s', (_, view) => {
  it('paints on a terminal, and not beside a pager, in a pipe or on a dumb terminal', async () => {
    expect(await painted(view, { stdout: true, stderr: true })).toBe(true);
    expect(await painted(view, { stdout: false, stderr: true })).toBe(false);
    expect(await painted(view, { stdout: false, stderr: false })).toBe(false);
    expect(await painted(view, { stdout: true, stderr: true }, { TERM: 'dumb' })).toBe(false);
  });
});
