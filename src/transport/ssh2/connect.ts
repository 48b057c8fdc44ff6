import type { Client } from 'ssh2';
import { look } from '../../core/next.ts';
import { messageOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Connect, Connection, Target } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { remoteCommand } from '../exec/command.ts';
import type { Pipe, PipeEnd } from '../exec/pipe.ts';
import { runScript } from '../exec/run-script.ts';
import { elevation } from '../exec/sudo.ts';
import { ConnectFailure } from '../failures/failure.ts';
import { connectError } from '../failures/troubleshooting.ts';
import { sshClients } from './clients.ts';
import type { LoggedIn } from './logged-in.ts';

/**
 * Connects by the ssh2 package, in this process. Host keys are checked against known_hosts and there is no
 * way to leave that out. One of these serves all the hosts of a run: what it reads it reads once.
 */
export const ssh2Connect = (deps: TransportDeps): Connect => {
  const clients = sshClients(deps);
  return async (target, signal, onAsked) => {
    try {
      if (target.proxyCommand) throw new ConnectFailure(target, { kind: 'proxy-command' });
      return connection(deps, target, await clients.open(target, target.proxyJump, signal, onAsked));
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
    problem: {
      kind: 'connect',
      what: 'the connection was lost',
      where: { host: target.name },
      why: reason,
    },
  });
  return {
    exec: (script, payload = new Uint8Array()) => {
      const bytes = Buffer.from(script);
      const open = () => openPipe(client, remoteCommand(bytes.length, mode.kind), lost);
      return runScript(deps, open, { script: bytes, payload, ...mode.input });
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
          kind: 'connect',
          what: 'the server refused to open a session',
          why: messageOf(error),
          next: [look('look at MaxSessions in its sshd_config')],
        },
      }
    : lost();
