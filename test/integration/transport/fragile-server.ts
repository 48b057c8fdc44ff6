import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import type { Target } from '../../../src/transport/connection.ts';
import { portOf } from '../../support/free-port.ts';
import { makeKey, publicKey } from './keys.ts';

export interface FragileServer {
  readonly port: number;
  /** TCP connections so far. */
  readonly connections: () => number;
  /** TCP connections that are open now. */
  readonly open: () => number;
  /** Names of the authentication methods asked for so far. */
  readonly attempts: readonly string[];
  readonly target: (change?: Partial<Target>) => Target;
  readonly stop: () => Promise<void>;
}

export interface Behaviour {
  /** Connections closed, or reset, before a word is said. */
  readonly drop?: number;
  readonly how?: 'close' | 'reset';
  /** How far it goes with every client before it falls silent: TCP only, its greeting, or all but the login. */
  readonly silentAfter?: 'connect' | 'banner' | 'key exchange';
  readonly authenticate?: (context: AuthContext) => void;
  /** What a session does, after the command has been accepted. */
  readonly session?: (channel: ssh2.ServerChannel, client: Connection) => void;
}

/** An SSH server that fails as sshd cannot be made to. It runs nothing. */
export const startFragileServer = async (
  directory: string,
  {
    drop = 0,
    how = 'close',
    silentAfter,
    authenticate = (context) => silentAfter ?? context.accept(),
    session,
  }: Behaviour,
): Promise<FragileServer> => {
  let connections = 0;
  const attempts: string[] = [];
  const sockets = new Set<Socket>();
  const name = `fragile_${Math.random().toString(36).slice(2)}`;
  const key = makeKey(join(directory, name));
  const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      attempts.push(context.method);
      authenticate(context);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        const channel = acceptExec();
        session?.(channel, client);
      });
    });
  });
  const listener = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    if (silentAfter === 'banner') socket.write('SSH-2.0-silent\r\n');
    if (silentAfter === 'connect' || silentAfter === 'banner') socket.resume();
    else if (connections > drop) server.injectSocket(socket);
    else if (how === 'reset') socket.resetAndDestroy();
    else socket.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const port = portOf(listener);
  const knownHosts = join(directory, `${name}_known`);
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${publicKey(key)}\n`);
  return {
    port,
    connections: () => connections,
    open: () => sockets.size,
    attempts,
    target: (change = {}) => ({
      name: 'p1-fragile',
      address: '127.0.0.1',
      port,
      user: 'root',
      privateKeys: [key],
      knownHosts,
      proxyJump: [],
      connectTimeout: 5,
      ...change,
    }),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
};
