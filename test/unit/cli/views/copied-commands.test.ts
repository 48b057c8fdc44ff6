import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { endLines, stepLines } from '../../../../src/cli/views/bootstrap-text.ts';
import { planDocument } from '../../../../src/cli/views/plan-document.ts';
import { planText } from '../../../../src/cli/views/plan-text.ts';
import { problemDocument } from '../../../../src/cli/views/problem-document.ts';
import { problemLines } from '../../../../src/cli/views/problem-text.ts';
import { summaryText } from '../../../../src/cli/views/summary.ts';
import { again, fcopsCommand, look, type Next, shellHere, shellOnHost } from '../../../../src/core/next.ts';
import type { Problem } from '../../../../src/core/problem.ts';
import { keyAdvice } from '../../../../src/ops/bootstrap/steps/wallets.ts';
import { ADDRESSES, idleItem, named, planned, result } from './samples.ts';

const paint = painter(false);
const ADDRESS = `f3${'slikda3gsh'.repeat(8)}abcd`;
const EXPORT = `(source /opt/raid0/profile && umask 077 && lotus wallet export ${ADDRESS} >/root/${ADDRESS.slice(0, 12)}.key)`;
const RSYNC =
  'rsync -a MINER:/opt/filecoin-proof-parameters/v28 /opt/filecoin-proof-parameters/v28-copy/ --info=stats1';
const RESUME = [
  'resume',
  'r-20261122-043000-2kr5x',
  '--inventory',
  '/srv/filecoin/clusters/in/hangzhou/inventory',
];
const SAVE = ['adopt', 'miner-1', '--miner', 'f0494733', '--inventory', '/srv/filecoin/clusters/inventory'];
const WHOLE = `fcops runs show r-20261122-043000-2kr5x --inventory '/srv/file coin/inventory of hangzhou'`;
const KEYS = 'ssh-keygen -R 10.0.0.50 -f /home/operator/.local/state/fcops/known_hosts_of_clusters';

const NEXT: readonly Next[] = [
  shellOnHost(RSYNC, 'copy it from the miner, which has had these files since it was made'),
  shellHere(KEYS, 'if it was reinstalled'),
  fcopsCommand(RESUME, 'where it was killed, take it up on the controller that began it'),
  fcopsCommand(SAVE),
  again('then run the same again; what was done stays, and only what is missing is done'),
];
const COMMANDS = [RSYNC, KEYS, `fcops ${RESUME.join(' ')}`, `fcops ${SAVE.join(' ')}`];
const PROBLEM: Problem = {
  kind: 'step',
  what: 'parameters failed',
  where: { host: 'p1-50', task: 'parameters' },
  why: Array.from({ length: 20 }, (_, index) => `E: line ${index}`).join('\n'),
  next: NEXT,
};

/** Commands that no line has alone, or at least whole. */
const broken = (lines: readonly string[], commands: readonly string[]): string[] =>
  commands.filter((command) => !lines.some((line) => line.includes(command)));

/** Lines of prose that do not fit. */
const tooLong = (lines: readonly string[], commands: readonly string[], width: number): string[] =>
  lines.filter((line) => line.length > width && !commands.some((command) => line.trim().endsWith(command)));

describe.each([60, 80, 120])('at %i columns, commands that are to be typed are whole', (width) => {
  const check = (lines: readonly string[], commands: readonly string[]) => {
    expect(broken(lines, commands)).toEqual([]);
    expect(tooLong(lines, commands, width)).toEqual([]);
  };

  it('in a problem', () => {
    const lines = problemLines(problemDocument(PROBLEM, PLAIN_WORDS), { paint, width });
    check(lines, COMMANDS);
    // On lines of their own: nothing but blanks before them, and nothing behind.
    expect(lines.map((line) => line.trim())).toEqual(expect.arrayContaining(COMMANDS));
  });

  it('in a summary', () => {
    const commands = {
      planCommand: `fcops plan p1 --miner f0494733 ${'--limit p1-50 '.repeat(8)}--inventory x`,
      resumeCommand: COMMANDS[2] ?? '',
      wholeCommand: WHOLE,
    };
    const unknown: Problem = { kind: 'unknown-host-key', what: 'its key is not known' };
    const trustCommand = (hosts: readonly string[]) =>
      `fcops trust --inventory 'a b' --limit ${hosts.join()}`;
    const lines = summaryText({
      results: [
        result('p1-50', { state: 'failed', problems: [PROBLEM] }),
        ...['p1-51', 'p1-52'].map((host) => result(host, { state: 'unreachable', problems: [unknown] })),
        result('p1-53', { reboot: ['hugepagesz=1G is not in effect'] }),
      ],
      seconds: 1,
      warnings: [],
      ...commands,
      trustCommand,
      addresses: ADDRESSES,
      startCommand: (hosts) => `fcops deploy p1 --start --limit ${hosts.join()}`,
      rebootCommand: (hosts, drain) => `fcops reboot p1${drain ? ' --drain' : ''} --limit ${hosts.join()}`,
      restartCommand: (hosts, processes) =>
        `fcops restart p1 --process ${processes.join()} --limit ${hosts.join()}`,
      statusCommand: (hosts) => `fcops status --full --limit ${hosts.join()}`,
      words: PLAIN_WORDS,
      colour: false,
      width,
    }).split('\n');
    check(lines, [...COMMANDS, ...Object.values(commands), trustCommand(['p1-51', 'p1-52'])]);
  });

  it('in a plan: of checks that only warn, of those that stop a host, and at its end', () => {
    const startCommand = (hosts: readonly string[]) =>
      `fcops deploy p1 --start --inventory '/srv/a b/inventory' --limit ${hosts.join()}`;
    const lines = (['warn', 'enforce'] as const).flatMap((severity) =>
      planText(
        planDocument({ miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS }, [
          planned('p1-50', [
            {
              ...named('parameters', 'assertion:parameters'),
              state: 'violated',
              violation: { severity, message: 'the parameters are missing', next: NEXT },
            },
          ]),
          planned('p1-51', [idleItem('P1-1')]),
        ]),
        {
          colour: false,
          width,
          full: false,
          since: (stamp) => stamp,
          startCommand,
          trustCommand: (hosts) => `fcops trust ${hosts.join()}`,
        },
      ).split('\n'),
    );
    for (const command of COMMANDS) expect(lines.filter((line) => line.includes(command))).toHaveLength(2);
    check(lines, [...COMMANDS, startCommand(['p1-51'])]);
  });

  it('at the end of a set-up', () => {
    const outcome = {
      what: 'set-up' as const,
      miner: 'f01',
      owner: ADDRESS,
      worker: null,
      api: null,
      token: '/t',
      next: [...keyAdvice([ADDRESS]), ...NEXT],
    };
    const lines = endLines({ state: 'done', outcome }, 'miner-1', { paint, width, words: PLAIN_WORDS });
    check(lines, [EXPORT, ...COMMANDS, ADDRESS]);
    expect(lines.map((line) => line.trim())).toContain(EXPORT);
  });

  it('and words that are longer than the column of a set-up go on below it', () => {
    const lines = stepLines(
      {
        type: 'steps',
        what: 'set-up',
        host: 'miner-1',
        miner: 'f01',
        steps: [
          {
            name: 'snapshot',
            title: 'chain snapshot',
            state: 'done',
            says: `from ${ADDRESS.repeat(2)} here`,
          },
        ],
      },
      { paint, width, words: PLAIN_WORDS },
    );
    const [, ...rows] = lines.slice(0, -1);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(width);
    expect(rows.map((row) => row.slice(25)).join('')).toContain(ADDRESS.repeat(2));
    expect(rows.slice(1).every((row) => row.startsWith(' '.repeat(25)))).toBe(true);
  });
});

it('leaves advice in one line where it fits', () => {
  const problem: Problem = { kind: 'step', what: 'x', next: [fcopsCommand(['runs']), look('then look')] };
  const lines = problemLines(problemDocument(problem, PLAIN_WORDS), { paint, width: 60 });
  expect(lines).toEqual(['x', '  next: fcops runs; then look']);
});

it('breaks other advice around its commands', () => {
  const problem: Problem = {
    kind: 'step',
    what: 'x',
    next: [
      fcopsCommand(['runs']),
      shellHere('ls -la /var/lib/fcops', 'see what is there'),
      look('then look'),
    ],
  };
  const lines = problemLines(problemDocument(problem, PLAIN_WORDS), { paint, width: 40 });
  expect(lines).toEqual([
    'x',
    '  next:',
    '            fcops runs',
    '        see what is there:',
    '            ls -la /var/lib/fcops',
    '        then look',
  ]);
});
