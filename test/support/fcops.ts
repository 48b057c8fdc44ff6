import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, inject } from 'vitest';

/** Where the runs of this test's controllers are kept, unless a test says otherwise. */
const state = mkdtempSync(join(tmpdir(), 'fcops-state-'));
// Whoever ends a test's process does not let it end by itself.
afterAll(() => rmSync(state, { recursive: true, force: true }));

export interface FcopsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Home directory; one without anything in it unless given. */
  readonly home?: string;
  /** Standard input of one that runs without a terminal; there is none unless given. */
  readonly input?: string;
}

const settings = ({ env = {}, cwd, home = '/nonexistent' }: FcopsOptions) =>
  ({
    reject: false,
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '', HOME: home, XDG_STATE_HOME: state, ...env },
    stripFinalNewline: false,
    ...(cwd !== undefined && { cwd }),
  }) as const;

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the bundled fcops without a terminal. */
export const startFcops = (args: readonly string[], options: FcopsOptions = {}) =>
  execa(process.execPath, [inject('fcops'), ...args], { ...settings(options), stdin: 'ignore' });

/** Runs the bundled fcops without a terminal, to its end. */
export const fcops = async (args: readonly string[], options: FcopsOptions = {}): Promise<Ended> => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [inject('fcops'), ...args], {
    ...settings(options),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  return { exitCode, stdout, stderr };
};

/** Keys that are typed when a text appears. */
export interface Typed {
  readonly after: string;
  readonly keys: string;
}

/** Starts the bundled fcops on a terminal of 80 × 24; both outputs are one. */
export const startFcopsOnTerminal = (args: readonly string[], options: FcopsOptions = {}) => {
  const words = [process.execPath, inject('fcops'), ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  return execa(
    'script',
    [
      '--quiet',
      '--flush',
      '--return',
      '--command',
      `stty cols 80 rows 24; exec ${words.join(' ')}`,
      '/dev/null',
    ],
    { ...settings({ ...options, env: { TERM: 'xterm-256color', ...options.env } }), stdin: 'pipe' },
  );
};

/** Runs it there to its end, with keys that are typed on the way. */
export const fcopsOnTerminal = async (
  args: readonly string[],
  { after, keys }: Typed,
  options: FcopsOptions = {},
): Promise<Ended> => {
  const running = startFcopsOnTerminal(args, options);
  let shown = '';
  running.stdout.on('data', (chunk: Buffer) => {
    const before = shown.includes(after);
    shown += chunk.toString();
    if (!before && shown.includes(after)) running.stdin.write(keys);
  });
  const { exitCode, stdout, stderr } = await running;
  return { exitCode, stdout, stderr };
};
