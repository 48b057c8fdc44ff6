import { existsSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A stream that text is written to, and what is known of the terminal behind it. */
export interface OutStream {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** 80 × 24 where there is no terminal. */
  readonly columns: () => number;
  readonly rows: () => number;
}

/** Everything that fcops takes from its process. Made once, by main; everything below is handed what it needs. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly home: string;
  readonly user: string;
  /** Name of this machine. */
  readonly controller: string;
  readonly isRoot: boolean;
  /** Where the shipped templates and profiles are. */
  readonly packageRoot: string;
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly stdinIsTerminal: boolean;
  /** Asks on the terminal; null where there is no answer (end of input, Ctrl-C). */
  readonly ask: (question: string) => Promise<string | null>;
  /** Asks for what is not shown while it is typed, a line for each question; null where there is no answer. */
  readonly askHidden: (questions: readonly string[]) => Promise<readonly string[] | null>;
  /** All of standard input, to its end. */
  readonly readInput: () => Promise<Uint8Array>;
  /** Opens a file in an editor, as $VISUAL or $EDITOR, and waits; gives its exit code, 127 where there is none. */
  readonly edit: (file: string) => Promise<number>;
  /** Shows a text in a pager, as $PAGER or `less`; false where that could not be started. */
  readonly page: (text: string) => Promise<boolean>;
  /** Milliseconds since some moment, for durations. */
  readonly now: () => number;
  readonly date: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
  /** Calls back after `ms`, unless the function that it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back every `ms` until the function that it returns is called; keeps no process alive. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Calls back at each SIGINT and SIGTERM until the function that it returns is called. */
  readonly onInterrupt: (callback: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
  /** Calls back with an error that nobody caught, until the function that it returns is called. */
  readonly onCrash: (callback: (error: unknown) => void) => () => void;
  /**
   * From now on fcops goes on, in silence, where nobody reads its output any more (`fcops deploy … | head`);
   * until then that ends it.
   */
  readonly goOnUnread: () => void;
  /** Leaves at once. */
  readonly exit: (code: number) => void;
}

/** The world as Node gives it. `entry`: URL of the file that was started. */
export const nodeWorld = (entry: string): World => {
  let goesOn = false;
  // A reader that has seen enough (`fcops plan … | head`) is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!goesOn) process.exit();
    });
  }
  return {
    env: process.env,
    version: process.env.FCOPS_VERSION ?? 'development',
    home: homedir(),
    user: userName(),
    controller: hostname(),
    isRoot: process.getuid?.() === 0,
    packageRoot: packageRoot(dirname(fileURLToPath(entry))),
    stdout: outStream(process.stdout),
    stderr: outStream(process.stderr),
    stdinIsTerminal: process.stdin.isTTY === true,
    ask,
    askHidden: async (questions) => (await import('./hidden-input.ts')).askHidden(questions),
    readInput,
    edit,
    page,
    now: () => performance.now(),
    date: () => new Date(),
    random: Math.random,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    every: (ms, callback) => {
      const timer = setInterval(callback, ms).unref();
      return () => clearInterval(timer);
    },
    onInterrupt: (callback) => {
      process.on('SIGINT', callback);
      process.on('SIGTERM', callback);
      return () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      };
    },
    onCrash: (callback) => {
      process.on('uncaughtException', callback);
      return () => process.off('uncaughtException', callback);
    },
    goOnUnread: () => {
      goesOn = true;
    },
    exit: (code) => process.exit(code),
  };
};

const outStream = (stream: NodeJS.WriteStream): OutStream => ({
  write: (text) => {
    if (stream.writable) stream.write(text);
  },
  isTerminal: stream.isTTY === true,
  columns: () => stream.columns || 80,
  rows: () => stream.rows || 24,
});

/** The name of a user without an entry in the passwd file cannot be looked up. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
};

const packageRoot = (start: string): string => {
  for (let directory = start; directory !== dirname(directory); directory = dirname(directory)) {
    if (existsSync(`${directory}/package.json`)) return directory;
  }
  return start;
};

const ask = async (question: string): Promise<string | null> => {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  prompt.once('close', () => gone.abort());
  // readline takes Ctrl-C for itself while it asks.
  prompt.once('SIGINT', () => prompt.close());
  try {
    return await prompt.question(question, { signal: gone.signal });
  } catch {
    return null;
  } finally {
    prompt.close();
  }
};

const readInput = async (): Promise<Uint8Array> => {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

const edit = async (file: string): Promise<number> => {
  const { spawn } = await import('node:child_process');
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  // It may have options of its own, as a shell reads them.
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(NOT_FOUND));
    child.once('close', (status) => resolve(status ?? 1));
  });
};

/** Status of a shell that does not find a command. */
const NOT_FOUND = 127;

const page = async (text: string): Promise<boolean> => {
  const { spawn } = await import('node:child_process');
  // Colours stay, and what fits is shown and left there.
  const env = { ...process.env, LESS: process.env.LESS ?? 'FRX' };
  const pager = spawn('/bin/sh', ['-c', process.env.PAGER || 'less'], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env,
  });
  // Whoever has seen enough leaves before the end.
  pager.stdin.on('error', () => {});
  pager.stdin.end(text);
  const status = await new Promise<number | null>((resolve) => {
    pager.once('error', () => resolve(NOT_FOUND));
    pager.once('close', resolve);
  });
  return status !== NOT_FOUND;
};
