import { describe, expect, it } from 'vitest';
import type { RunView, RunViewOptions } from '../../../../src/cli/views/run-view.ts';
import { lookView, runView } from '../../../../src/cli/views/run-view.ts';
import { keepingStream, testContext } from '../context.ts';

const OPTIONS: RunViewOptions = {
  title: 'plan p1',
  addresses: new Map(),
  verbose: false,
  forks: 50,
};

const painted = async (
  view: (context: ReturnType<typeof testContext>['context'], options: RunViewOptions) => Promise<RunView>,
  terminals: { readonly stdout: boolean; readonly stderr: boolean },
  env: Record<string, string> = {},
) => {
  const [stdout, stderr] = [keepingStream(terminals.stdout), keepingStream(terminals.stderr)];
  const { context } = testContext({}, { stdout: stdout.stream, stderr: stderr.stream, env });
  const shown = await view(context, OPTIONS);
  shown.emit({ type: 'run-begin', run: 'r-1', hosts: ['p1-50'], stages: ['look'] });
  const looking = shown.inOrder?.([{ stages: ['look'], run: async () => {} }]);
  await looking;
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
