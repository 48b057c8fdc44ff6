import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Connection, ServerChannel } from 'ssh2';

/** What is asked of the machine behind the server. */
export interface ShellAccess {
  /** The program and arguments that run a command as `user`. */
  command(user: string, command: string): readonly [string, ...string[]];
  environment(user: string): NodeJS.ProcessEnv;
}

/** Told of what a session does. */
export interface SessionEvents {
  command(command: string): void;
  /** Bytes of a command's standard input (received) or of its output (sent). */
  bytes(direction: 'received' | 'sent', count: number): void;
}

/**
 * Node gives its children sockets, sshd gives pipes: only those can be opened again as /dev/stdin or /dev/stderr.
 * The numbers that bash keeps them under are closed again, as nobody inherits those from sshd.
 */
const WITH_PIPES = 'exec "$@" < <(exec cat) > >(exec cat) 2> >(exec cat >&2) 61>&- 62>&- 63<&-';

/**
 * Sends what a command prints. Where the client's window is full ssh2 keeps the rest of both streams, but takes up
 * one of them only, and where that has been sent sends it again: so one waits at a time, and then it is forgotten.
 */
const sender = (channel: ServerChannel) => {
  const sent = { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined };
  let queue: Promise<unknown> = Promise.resolve();
  const write = (to: Writable, data: Buffer) =>
    new Promise<void>((resolve) => {
      to.write(data, () => {
        Object.assign(channel, sent);
        resolve();
      });
    });
  return {
    send: (from: Readable, to: Writable) => {
      from.on('data', (data: Buffer) => {
        from.pause();
        queue = queue.then(() => write(to, data)).then(() => from.resume());
      });
    },
    /** Calls back when everything has been sent. */
    end: (done: () => void) => void queue.then(done),
  };
};

/** Runs one command with the channel as its standard streams, and reports its end as sshd does. */
const run = (
  channel: ServerChannel,
  argv: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  events: SessionEvents,
) => {
  const child = spawn('bash', ['--norc', '-c', WITH_PIPES, 'sshd', ...argv], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = child;
  channel.on('data', (data: Buffer) => events.bytes('received', data.length));
  stdout.on('data', (data: Buffer) => events.bytes('sent', data.length));
  // A command that does not read its input to the end is no mistake.
  stdin.on('error', () => {});
  channel.on('error', () => {});
  channel.pipe(stdin);
  const output = sender(channel);
  output.send(stdout, channel);
  output.send(stderr, channel.stderr);
  let gone = false;
  child.on('error', (error) => {
    channel.stderr.write(`${error.message}\n`);
    channel.exit(255);
    channel.end();
  });
  // As in sshd the channel stays open while anything holds the standard streams.
  child.on('close', (status, signal) => {
    if (gone) return;
    output.end(() => {
      if (signal) channel.exit(signal.replace('SIG', ''));
      else channel.exit(status ?? 255);
      channel.end();
    });
  });
  // Nor does sshd kill a command whose client has gone: it finds its streams closed.
  channel.on('close', () => {
    gone = true;
    stdin.destroy();
    stdout.destroy();
    stderr.destroy();
  });
};

/** Answers the session requests of a connection that is logged in as `user`. */
export const serveSessions = (
  connection: Connection,
  user: () => string,
  access: ShellAccess,
  events: SessionEvents,
): void => {
  connection.on('session', (accept) => {
    const session = accept();
    session.on('env', (acceptEnvironment) => acceptEnvironment?.());
    session.on('pty', (acceptTerminal) => acceptTerminal?.());
    session.on('exec', (acceptCommand, _reject, { command }) => {
      events.command(command);
      run(acceptCommand(), access.command(user(), command), access.environment(user()), events);
    });
  });
};
