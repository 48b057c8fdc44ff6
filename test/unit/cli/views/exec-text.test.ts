import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { execDocument, execDocumentSchema } from '../../../../src/cli/views/exec-document.ts';
import { execLines } from '../../../../src/cli/views/exec-text.ts';
import type { HostExec } from '../../../../src/ops/exec/exec.ts';
import type { Outcome } from '../../../../src/ops/exec/outcome.ts';

const host = (name: string, outcome: Outcome, stdout = '', more: Partial<HostExec> = {}): HostExec => ({
  host: name,
  profile: '/opt/lotusworker/profile',
  loaded: true,
  outcome,
  stdout: { text: stdout, cut: false },
  stderr: { text: '', cut: false },
  ...more,
});
const ADDRESSES = new Map([
  ['p1-53', { address: '10.0.0.53' }],
  ['p1-54', { address: '10.0.0.54' }],
]);
const WELL: Outcome = { type: 'exited', status: 0 };
const document = (...hosts: HostExec[]) =>
  execDocumentSchema.parse(
    execDocument({ miner: 'f0494733', command: ['uptime'], timeout: 30 }, hosts, PLAIN_WORDS),
  );
const text = (hosts: readonly HostExec[], width = 80) =>
  execLines(document(...hosts), { paint: painter(false), width, addresses: ADDRESSES }).join('\n');

it('shows one result without counting', () => {
  expect(text([host('p1-50', WELL, 'up\n')])).toBe('p1-50: exit 0\n  up');
  expect(text([host('p1-50', WELL), host('p1-51', WELL)])).toBe('p1-[50:51]: exit 0 (2 hosts)');
});

it('puts trouble first, then what most hosts have, and tells everything apart', () => {
  const problem = {
    kind: 'connect',
    what: '10.0.0.53 port 22 refused the connection',
    where: { host: 'p1-53' },
  } as const;
  const lost = { type: 'lost', problem: { ...problem, what: 'the connection was lost' } } as const;
  const hosts = [
    host('p1-50', WELL, 'a\n'),
    host('p1-51', WELL, 'b\n'),
    host('p1-52', WELL, 'b\n'),
    host('p1-53', { type: 'not run', problems: [problem] }),
    host('p1-54', {
      type: 'not run',
      problems: [{ ...problem, what: '10.0.0.54 port 22 refused the connection', where: { host: 'p1-54' } }],
    }),
    host('p1-55', { type: 'exited', status: 2 }, '', { stderr: { text: 'no\n', cut: true } }),
    host('p1-56', { type: 'killed', status: 137, signal: 'SIGKILL' }),
    host('p1-57', { type: 'timed out' }, 'begun', { stdout: { text: 'begun', cut: true } }),
    host('p1-58', { type: 'hangs' }),
    host('p1-59', lost),
    host('p1-60', { type: 'interrupted', begun: true }),
    host('p1-61', WELL, 'b\n', { loaded: false }),
  ];
  expect(text(hosts)).toBe(`p1-[53:54]: not run (2 hosts, as p1-53 says it)
  10.0.0.53 port 22 refused the connection

p1-55: exit 2
  standard error:
  no
  (more than 32 KiB: the rest is not shown)

p1-56: killed by SIGKILL (exit 137)

p1-57: timed out: it was ended after 30 s
  begun
  (more than 256 KiB: the rest is not shown)

p1-58: hangs: its 30 s are over, it could not be ended, and may still run there

p1-59: connection lost: it is not known whether it ran to its end
  the connection was lost

p1-60: interrupted before its end

p1-[51:52]: exit 0 (2 hosts)
  b

p1-50: exit 0
  a

p1-61: exit 0
  without the variables of the role: /opt/lotusworker/profile is not there
  b

12 hosts: 4 exit 0, 2 not run, 1 exit 2, 1 killed by SIGKILL, 1 timed out, 1
  hangs, 1 lost, 1 interrupted`);
  expect(document(...hosts).counts).toEqual({ hosts: 12, well: 4 });
});
