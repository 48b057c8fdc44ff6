import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { connector } from '../../../src/transport/connect.ts';
import { BEGIN } from '../../../src/transport/exec/command.ts';
import { needs } from '../../support/needs.ts';
import { type Behaviour, type FragileServer, startFragileServer } from './fragile-server.ts';
import { BOTH, connectTo, deps, eachTransport, never, outcome, problemOf, runOn } from './helpers.ts';
import { type Sshd, startSshd } from './sshd.ts';

let directory: string;
const servers: FragileServer[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-fragile-'));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const start = async (behaviour: Behaviour): Promise<FragileServer> => {
  const server = await startFragileServer(directory, behaviour);
  servers.push(server);
  return server;
};
/** Waits between tries without the waiting; what takes longer is a time-out and left alone. */
const hurried = deps({
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms < 5_000 ? 1 : ms);
    return () => clearTimeout(timer);
  },
});
const password = new Secret('env HOST_PASSWORD', () => 'Correct-Horse-7');

describe('connections dropped before the handshake', () => {
  it.each(['close', 'reset'] as const)('by %s are tried again', async (how) => {
    const server = await start({ drop: 4, how });
    const connection = await connectTo(server.target(), { world: hurried });
    expect(server.connections()).toBe(5);
    await connection.close();
  });

  it('without end are given up in the end, and explained', async () => {
    const server = await start({ drop: 1000 });
    const message = await problemOf(connectTo(server.target(), { world: hurried }));
    expect(message).toContain('closed the connection before the SSH handshake');
    expect(message).toContain('MaxStartups');
    expect(server.connections()).toBe(6);
  });

  it('are not waited for when the user interrupts', async () => {
    const server = await start({ drop: 1000 });
    const controller = new AbortController();
    const attempt = (await connector('ssh2', deps()))(server.target(), controller.signal);
    setTimeout(() => controller.abort(new Error('interrupted')), 50);
    await expect(attempt).rejects.toThrow('interrupted');
  });
});

describe('a login by password', () => {
  const takes = (method: 'password' | 'keyboard-interactive'): Behaviour => ({
    authenticate: (context) => {
      const decide = (given: string | undefined) =>
        given === password.reveal() ? context.accept() : context.reject([method]);
      if (context.method !== method) context.reject([method]);
      else if (context.method === 'password') decide(context.password);
      else if (context.method === 'keyboard-interactive') {
        context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => decide(answer));
      }
    },
  });

  it('succeeds, after the key was turned down', async () => {
    const server = await start(takes('password'));
    await connectTo(server.target({ password }));
    expect(server.attempts).toEqual(['publickey', 'password']);
  });

  it('takes one try where there is no key', async () => {
    const server = await start(takes('password'));
    await connectTo(server.target({ password, privateKeys: [] }));
    expect(server.attempts).toEqual(['password']);
  });

  it('answers a server that asks for it by PAM', async () => {
    const server = await start(takes('keyboard-interactive'));
    await connectTo(server.target({ password }));
    expect(server.attempts).toEqual(['publickey', 'keyboard-interactive']);
  });

  it('that is wrong is tried once, and not shown', async () => {
    const server = await start(takes('password'));
    const wrong = new Secret('env HOST_PASSWORD', () => 'wrong-password');
    const message = await problemOf(connectTo(server.target({ password: wrong, privateKeys: [] })));
    expect(message).toContain('login as root was denied');
    expect(message).toContain('tried: password (env HOST_PASSWORD)');
    expect(message).not.toContain('wrong-password');
    expect(server.attempts).toEqual(['password']);
    expect(server.connections()).toBe(1);
  });

  it('is not taken by the system ssh', async () => {
    const server = await start(takes('password'));
    const message = await problemOf(connectTo(server.target({ password }), { transport: 'openssh' }));
    expect(message).toContain('the system ssh takes no password');
    expect(server.connections()).toBe(0);
  });
});

describe('a command', () => {
  it('whose connection breaks is lost, with what came before', async () => {
    const server = await start({
      session: (channel, client) => {
        channel.write(`${BEGIN}half of the`);
        setTimeout(() => client.end(), 50);
      },
    });
    const { stdout, exit } = await runOn(server.target(), 'true');
    expect(stdout.toString()).toBe('half of the');
    expect(exit).toMatchObject({ status: null, lost: true, problem: { what: 'the connection was lost' } });
  });

  it('that ends without a status is lost too', async () => {
    const server = await start({
      session: (channel) => {
        channel.write(BEGIN);
        channel.end();
      },
    });
    expect((await runOn(server.target(), 'true')).exit).toMatchObject({ status: null, lost: true });
  });

  it('killed by a signal is no success', async () => {
    const server = await start({
      session: (channel) => {
        channel.write(BEGIN);
        channel.exit('KILL', false, 'out of memory');
        channel.end();
      },
    });
    expect((await runOn(server.target(), 'true')).exit).toMatchObject({
      status: null,
      signal: 'SIGKILL',
      lost: false,
    });
  });

  it('on a connection that is closed is lost at once', async () => {
    const server = await start({});
    const connection = await connectTo(server.target());
    await connection.close();
    expect((await outcome(connection.exec('true'))).exit).toMatchObject({ status: null, lost: true });
  });
});

eachTransport(BOTH, 'by %s, with a real server', (transport) => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const sshdAsRoot = { tags: [needs('sshd'), needs('root')] };
  it('a command is lost when the server process of its session dies', sshdAsRoot, async () => {
    // $PPID is the sshd of this session: its death is a broken connection.
    const { stdout, exit } = await runOn(
      sshd.target(),
      'echo begun; sleep 0.3; kill -KILL $PPID; sleep 5; echo never',
      {
        transport,
      },
    );
    expect(stdout.toString()).toBe('begun\n');
    expect(exit).toMatchObject({ status: null, signal: null, lost: true });
    expect(exit.problem?.where).toEqual({ host: 'p1-test' });
  });

  it('what runs detached goes on after the connection is closed', async () => {
    const file = join(sshd.directory, `detached_${transport}`);
    await runOn(
      sshd.target(),
      `(setsid sh -c 'sleep 0.3; echo done >${file}' >/dev/null 2>&1 </dev/null &)`,
      {
        transport,
      },
    );
    const read = async () =>
      (await runOn(sshd.target(), `cat ${file} 2>/dev/null || true`)).stdout.toString();
    await expect.poll(read, { timeout: 5_000 }).toBe('done\n');
  });

  it('a script cut off on its way is not run', async () => {
    const file = join(sshd.directory, `cut_${transport}`);
    const connection = await (await connector(transport, deps()))(sshd.target(), never());
    const { remoteCommand } = await import('../../../src/transport/exec/command.ts');
    // The command of a script of 100 bytes, fed fewer of them.
    const cut = remoteCommand(100, 'none');
    const { exit } = await outcome(connection.exec(`printf 'touch ${file}' | (${cut})`));
    expect(exit.status).toBe(254);
    expect((await outcome(connection.exec(`test -e ${file}`))).exit.status).toBe(1);
    await connection.close();
  });
});
