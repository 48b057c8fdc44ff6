import type { Context, GlobalOptions } from '../../../src/cli/context.ts';
import { startContext } from '../../../src/cli/context.ts';
import type { OutStream, World } from '../../../src/cli/world.ts';

/** A stream that keeps what is written to it. */
export const keepingStream = (
  isTerminal: boolean,
): { readonly stream: OutStream; readonly text: () => string } => {
  const written: string[] = [];
  return {
    stream: { write: (text) => written.push(text), isTerminal, columns: () => 80, rows: () => 24 },
    text: () => written.join(''),
  };
};

export interface TestContext {
  readonly context: Context;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal, as from the keyboard. */
  readonly interrupt: () => void;
  readonly exits: readonly number[];
}

/** A context in a world where nothing is real. */
export const testContext = (
  options: Partial<GlobalOptions> = {},
  world: Partial<World> = {},
): TestContext => {
  const stdout = keepingStream(false);
  const stderr = keepingStream(false);
  const interrupts = new Set<(signal: 'SIGINT') => void>();
  const exits: number[] = [];
  const context = startContext(
    {
      env: {},
      version: '0.0.0',
      home: '/home/alice',
      user: 'alice',
      controller: 'ops1',
      isRoot: false,
      packageRoot: '/nowhere',
      stdout: stdout.stream,
      stderr: stderr.stream,
      stdinIsTerminal: false,
      ask: async () => null,
      askHidden: async () => null,
      readInput: async () => new Uint8Array(),
      edit: async () => 127,
      page: async () => false,
      now: () => 0,
      after: () => () => {},
      date: () => new Date('2026-11-22T10:30:00.123Z'),
      random: () => 0.5,
      every: () => () => {},
      onInterrupt: (callback) => {
        interrupts.add(callback);
        return () => interrupts.delete(callback);
      },
      onCrash: () => () => {},
      goOnUnread: () => {},
      exit: (code) => exits.push(code),
      ...world,
    },
    { inventory: 'inventories', output: 'text', color: 'auto', ...options },
  );
  return {
    context,
    stdout: stdout.text,
    stderr: stderr.text,
    interrupt: () => {
      for (const callback of interrupts) callback('SIGINT');
    },
    exits,
  };
};
