import type { Client } from 'ssh2';
import { messageOf } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { remoteCommand } from '../command.ts';
import type { Connect, Connection, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure } from '../failure.ts';
import { type Pipe, type PipeEnd, run } from '../running.ts';
import { elevation } from '../sudo.ts';
import { connectError } from '../troubleshooting.ts';
import { type LoggedIn, sshClients } from './clients.ts';

/**
 * Connects by the ssh2 package, in this process. Host keys are checked against known_hosts and there is no
 * way to leave that out. One of these serves all the hosts of a run: what it reads it reads once.
 */
export const ssh2Connect = (deps: TransportDeps): Connect => {
  const clients = sshClients(deps);
  return async (target, signal) => {
    try {
      if (target.proxyCommand) throw new ConnectFailure(target, { kind: 'proxy-command' });
      return connection(deps, target, await clients.open(target, target.proxyJump, signal));
    } catch (error) {
      throw error instanceof ConnectFailure ? connectError(target, error) : error;
    }
  };
};

const connection = (deps: TransportDeps, target: Target, { client, close }: LoggedIn): Connection => {
  let reason = 'the server closed the connection';
  client.on('error', (error) => {
    reason = error.message;
  });
  const mode = elevation(target);
  const lost = (): PipeEnd => ({
    status: null,
    signal: null,
    lost: true,
    problem: { what: 'the connection was lost', where: { host: target.name }, why: reason },
  });
  return {
    exec: (script, payload = new Uint8Array()) => {
      const bytes = Buffer.from(script);
      const open = () => openPipe(client, remoteCommand(bytes.length, mode.kind), lost);
      return run(deps, open, { script: bytes, payload, ...mode.input });
    },
    close,
  };
};

const openPipe = (client: Client, command: string, lost: () => PipeEnd): Promise<Result<Pipe, PipeEnd>> =>
  new Promise((resolve) => {
    try {
      client.exec(command, (error, channel) => {
        if (error) return resolve(err(refusedSession(error, lost)));
        let abandon = (): void => {};
        const ended = new Promise<PipeEnd>((resolveEnd) => {
          const stderrRead = new Promise<void>((done) =>
            channel.stderr.once('end', done).once('close', done),
          );
          // Without a status the connection was lost: `if (code)` would take that for success.
          channel.once('close', (code: number | null | undefined, signal?: string) =>
            stderrRead.then(() =>
              resolveEnd(code === undefined ? lost() : { status: code, signal: signal ?? null, lost: false }),
            ),
          );
          abandon = () => {
            channel.close();
            resolveEnd({ status: null, signal: null, lost: false });
          };
        });
        resolve(ok({ stdin: channel, stdout: channel, stderr: channel.stderr, ended, abandon }));
      });
    } catch {
      // ssh2 throws where the connection is gone already.
      resolve(err(lost()));
    }
  });

/** A server may be there and still refuse one more session on the connection. */
const refusedSession = (error: Error, lost: () => PipeEnd): PipeEnd =>
  'reason' in error
    ? {
        status: null,
        signal: null,
        lost: false,
        problem: {
          what: 'the server refused to open a session',
          why: messageOf(error),
          next: 'look at MaxSessions in its sshd_config',
        },
      }
    : lost();
