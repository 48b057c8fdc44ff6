import { homedir } from 'node:os';
import { afterAll, describe } from 'vitest';
import { FcopsError } from '../../../src/core/problem.ts';
import { connector, type Transport } from '../../../src/transport/connect.ts';
import type { Connection, Exit, Running, Target } from '../../../src/transport/connection.ts';
import { systemDeps, type TransportDeps } from '../../../src/transport/deps.ts';
import { needs } from '../../support/needs.ts';

/** The real world, but for a home directory without keys of the one who runs the tests. */
export const deps = (change: Partial<TransportDeps> = {}): TransportDeps => ({
  ...systemDeps({ env: process.env, home: '/nonexistent', isRoot: true }),
  ...change,
});

export const realHome = homedir();
export const never = (): AbortSignal => new AbortController().signal;

export interface Outcome {
  readonly stdout: Buffer;
  readonly exit: Exit;
}

/** One suite for each of the transports, named with it in the place of %s; the system's ssh may be missing. */
export const eachTransport = <T extends Transport>(
  transports: readonly T[],
  name: string,
  tests: (transport: T) => void,
): void => {
  for (const transport of transports) {
    const tags = transport === 'openssh' ? [needs('ssh')] : [];
    describe(name.replace('%s', transport), { tags }, () => tests(transport));
  }
};

/** The transports that use SSH. */
export const BOTH = ['ssh2', 'openssh'] as const;

/** Reads a run to its end. */
export const outcome = async (running: Running): Promise<Outcome> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.stdout) chunks.push(chunk);
  return { stdout: Buffer.concat(chunks), exit: await running.exit };
};

const open = new Set<Connection>();
afterAll(async () => {
  await Promise.all([...open].map((connection) => connection.close()));
});

/** Connects; closed after the tests of the file at the latest. */
export const connectTo = async (
  target: Target,
  { transport = 'ssh2', world = deps() }: { transport?: Transport; world?: TransportDeps } = {},
): Promise<Connection> => {
  const connection = await (await connector(transport, world))(target, never());
  open.add(connection);
  return connection;
};

/** Runs one script on a connection of its own. */
export const runOn = async (
  target: Target,
  script: string,
  options: { payload?: Uint8Array; transport?: Transport; world?: TransportDeps } = {},
): Promise<Outcome> => {
  const connection = await connectTo(target, options);
  try {
    return await outcome(connection.exec(script, options.payload));
  } finally {
    open.delete(connection);
    await connection.close();
  }
};

/** The message of the FcopsError with which an attempt ends; anything else fails the test. */
export const problemOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof FcopsError) return error.message;
    throw error;
  }
  throw new Error('it succeeded');
};
