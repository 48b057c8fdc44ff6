import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { type ShellAccess, serveSessions } from './ssh-session.ts';

export interface SshServerOptions {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Private host key, or several of different types, OpenSSH format. */
  readonly hostKey: string | readonly string[];
  /** Public key that may log in, OpenSSH format. */
  readonly authorizedKey: string;
  /** Password that may log in; none where it is left out. */
  readonly password: string | undefined;
  /** Users that there are. */
  readonly users: readonly string[];
  readonly access: ShellAccess;
  /** Told of logins and failures, in the words of OpenSSH's log. */
  readonly log?: (line: string) => void;
}

/** A connection is cut after so many bytes of one direction, seen from the server. */
export interface Cut {
  readonly direction: 'received' | 'sent';
  readonly bytes: number;
}

/** What a server saw, and the faults that a test wants of it. */
export interface SshServer {
  readonly port: number;
  /** Commands that clients asked for, oldest first. */
  readonly commands: readonly string[];
  /** Connections that came so far, logged in or not. */
  readonly connectionCount: () => number;
  /** Connections that are open now. */
  readonly openCount: () => number;
  /** Cuts every open connection, as a failing network does. */
  drop(): void;
  /** Cuts all connections once the commands from now on have transferred so much. Happens once. */
  dropAfterBytes(cut: Cut): void;
  refuseLogins(refuse?: boolean): void;
  /** The next connections find this host key (private, OpenSSH format). */
  changeHostKey(privateKey: string): void;
  /** Nobody listens any more; `plug` ends that. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

const isAllowed = (context: AuthContext, options: SshServerOptions): boolean => {
  if (!options.users.includes(context.username)) return false;
  if (context.method === 'password')
    return options.password !== undefined && context.password === options.password;
  if (context.method !== 'publickey') return false;
  const key = ssh2.utils.parseKey(options.authorizedKey);
  if (key instanceof Error || !key.getPublicSSH().equals(context.key.data)) return false;
  if (!context.signature || !context.blob) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
};

/** Lets a client through to another address: what a bastion does. */
const serveForwarding = (connection: Connection): void => {
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const far = connect({ host: destIP, port: destPort, noDelay: true });
    far.once('error', () => reject());
    far.once('connect', () => {
      const channel = accept();
      channel.on('error', () => far.destroy());
      channel.on('close', () => far.destroy());
      far.on('error', () => channel.close());
      channel.pipe(far).pipe(channel);
    });
  });
};

/** Starts an SSH server; rejects where the address cannot be listened on. */
export const startSshServer = async (options: SshServerOptions): Promise<SshServer> => {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const methods: ('publickey' | 'password')[] =
    options.password === undefined ? ['publickey'] : ['publickey', 'password'];
  let connections = 0;
  let refusing = false;
  let cut: Cut | undefined;
  let port = options.port;
  const { log = () => {} } = options;

  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const events = {
    command: (command: string) => void commands.push(command),
    bytes: (direction: Cut['direction'], count: number) => {
      if (cut?.direction !== direction) return;
      const left = cut.bytes - count;
      cut = left > 0 ? { direction, bytes: left } : undefined;
      if (!cut) drop();
    },
  };
  const greet = (connection: Connection) => {
    let user = '';
    // A client that hangs up without a word is no mistake of the server.
    connection.on('error', () => {});
    connection.on('authentication', (context) => {
      const { method, username } = context;
      if (refusing || !isAllowed(context, options)) {
        log(`Failed ${method} for ${username}`);
        return context.reject(methods);
      }
      user = username;
      // A key comes twice: first it is only asked whether it would do.
      if (method !== 'publickey' || context.signature) log(`Accepted ${method} for ${username}`);
      context.accept();
    });
    connection.on('close', () => {
      if (user) log(`Disconnected from user ${user}`);
    });
    connection.on('ready', () => {
      serveSessions(connection, () => user, options.access, events);
      serveForwarding(connection);
    });
  };
  const speaker = (hostKey: SshServerOptions['hostKey']) =>
    new ssh2.Server({ hostKeys: [hostKey].flat() }, greet);
  let ssh = speaker(options.hostKey);
  const accept = (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  };
  let listener = createServer(accept);
  const plug = async () => {
    listener = createServer(accept);
    listener.listen(port, options.address, 511);
    await once(listener, 'listening');
    const bound = listener.address();
    if (bound && typeof bound === 'object') port = bound.port;
  };
  const unplug = async () => {
    if (!listener.listening) return;
    const closed = once(listener, 'close');
    listener.close();
    drop();
    await closed;
  };
  await plug();
  return {
    get port() {
      return port;
    },
    commands,
    connectionCount: () => connections,
    openCount: () => sockets.size,
    drop,
    dropAfterBytes: (next) => {
      cut = next;
    },
    refuseLogins: (refuse = true) => {
      refusing = refuse;
    },
    changeHostKey: (privateKey) => {
      ssh = speaker(privateKey);
    },
    unplug,
    plug,
    close: unplug,
  };
};
