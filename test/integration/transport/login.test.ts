import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { connector } from '../../../src/transport/connect.ts';
import { freePort, portOf } from '../../support/free-port.ts';
import { needs } from '../../support/needs.ts';
import { type Agent, startAgent } from './agent.ts';
import { deps, problemOf, runOn } from './helpers.ts';
import { makeKey } from './keys.ts';
import { type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const hello = async (...args: Parameters<typeof sshd.target>) =>
  (await runOn(sshd.target(...args), 'echo hello')).stdout.toString();
const refusal = (...args: Parameters<typeof sshd.target>) => problemOf(runOn(sshd.target(...args), 'true'));
const failedLogins = () => sshd.log().match(/Failed publickey|userauth_pubkey: .* fail/g)?.length ?? 0;

describe('a login', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('by %s key', async (type) => {
    const own = await startSshd({ userKey: makeKey(join(sshd.directory, `login_${type}`), type) });
    try {
      expect((await runOn(own.target(), 'echo hello')).stdout.toString()).toBe('hello\n');
      // One method, offered once: no "none" try before it, no other key.
      expect(own.log()).not.toMatch(/Failed (none|publickey)/);
    } finally {
      await own.stop();
    }
  });

  it("by ssh's own key files where nothing is named", async () => {
    const home = join(sshd.directory, 'home');
    execFileSync('mkdir', ['-p', `${home}/.ssh`]);
    execFileSync('cp', [sshd.userKey, `${home}/.ssh/id_ed25519`]);
    const { exit } = await runOn(sshd.target({ privateKeys: [] }), 'true', { world: deps({ home }) });
    expect(exit.status).toBe(0);
  });

  it('by the next key where the first is turned down', async () => {
    const wrong = makeKey(join(sshd.directory, 'first'));
    expect(await hello({ privateKeys: [wrong, sshd.userKey] })).toBe('hello\n');
  });
});

describe('a login by the agent', { tags: needs('ssh-agent') }, () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await startAgent();
  });
  afterAll(() => agent.stop());

  it('succeeds', async () => {
    agent.add(sshd.userKey);
    expect(await hello({ privateKeys: [], agent: agent.socket })).toBe('hello\n');
    agent.clear();
  });

  it('succeeds by the key that an encrypted file names, and by no other of the many there', async () => {
    const encrypted = makeKey(join(sshd.directory, 'encrypted'), 'ed25519', 'secret phrase');
    const own = await startSshd({ userKey: encrypted });
    try {
      for (let n = 0; n < 8; n += 1) agent.add(makeKey(join(own.directory, `other${n}`)));
      agent.add(encrypted, 'secret phrase');
      const { exit } = await runOn(own.target({ agent: agent.socket }), 'true');
      expect(exit.status).toBe(0);
      expect(own.log()).not.toContain('Failed');
    } finally {
      agent.clear();
      await own.stop();
    }
  });

  it('is refused before MaxAuthTries is used up', async () => {
    const before = failedLogins();
    for (let n = 0; n < 8; n += 1) agent.add(makeKey(join(sshd.directory, `many${n}`)));
    const message = await refusal({ privateKeys: [], agent: agent.socket });
    expect(message).toContain('login as root was denied');
    expect(failedLogins() - before).toBeLessThanOrEqual(5);
    expect(sshd.log()).not.toContain('Too many authentication failures');
    agent.clear();
  });
});

describe('a refused login says', () => {
  it('which key was tried', async () => {
    const wrong = makeKey(join(sshd.directory, 'wrong'));
    const message = await refusal({ privateKeys: [wrong] });
    expect(message).toContain('p1-test: login as root was denied');
    expect(message).toContain(`tried: key ${wrong}`);
    expect(message).toContain('the server accepts: publickey');
    expect(message).toMatch(/next: .*ssh-copy-id -p \d+ root@127.0.0.1/);
  });

  it('nothing about a password that the server does not take, and never sends it', async () => {
    const message = await refusal({
      privateKeys: [],
      password: new Secret('env HOST_PASSWORD', () => 'hunter2-hunter2'),
    });
    expect(message).toContain('login as root was denied');
    expect(message).not.toContain('hunter2');
  });

  it('to use the agent for an encrypted key', async () => {
    const encrypted = makeKey(join(sshd.directory, 'locked'), 'ed25519', 'secret phrase');
    const message = await refusal({ privateKeys: [encrypted] });
    expect(message).toContain('no key, agent or password to log in as root');
    expect(message).toContain(`${encrypted} is encrypted`);
    expect(message).toContain(`next: ssh-add ${encrypted}`);
  });

  it.each([
    ['missing', undefined, 'does not exist'],
    ['no key', 'hello', 'no private key'],
  ])('what is wrong with a key file that is %s', async (name, content, why) => {
    const file = join(sshd.directory, name.replace(' ', '-'));
    if (content) writeFileSync(file, content);
    expect(await refusal({ privateKeys: [file] })).toMatch(new RegExp(`${file}.*${why}`));
  });

  it('that the agent cannot be asked', async () => {
    const message = await refusal({ privateKeys: [], agent: '/nonexistent/agent' });
    expect(message).toContain('the agent at /nonexistent/agent: Failed to connect to agent');
  });

  it('that the agent does not answer, and goes on without it', async () => {
    const silent = await silentAgent();
    const world = deps({ after: hurried });
    const message = await problemOf(
      runOn(sshd.target({ privateKeys: [], agent: silent.socket }), 'true', { world }),
    );
    expect(message).toContain(`the agent at ${silent.socket}: it did not answer within 5 s`);
    const { exit } = await runOn(sshd.target({ agent: silent.socket }), 'true', { world });
    expect(exit.status).toBe(0);
    // Nothing of it is left that would keep fcops from ending.
    await expect.poll(silent.connections).toBe(0);
    await silent.stop();
  });

  it('nothing of a silent agent when the user interrupts', async () => {
    const silent = await silentAgent();
    const controller = new AbortController();
    const attempt = (await connector('ssh2', deps()))(
      sshd.target({ agent: silent.socket }),
      controller.signal,
    );
    await silent.asked;
    controller.abort(new Error('interrupted'));
    await expect(attempt).rejects.toThrow('interrupted');
    await silent.stop();
  });
});

describe('a host that cannot be reached', () => {
  it('because the port is closed', async () => {
    const port = await freePort();
    const message = await refusal({ port });
    expect(message).toContain(`p1-test: 127.0.0.1 port ${port} refused the connection`);
  });

  it('because packets to it disappear', async () => {
    // No address swallows packets on every machine: a socket that never connects stands for it.
    const world = deps({ dial: () => new Socket() });
    const message = await problemOf(runOn(sshd.target({ connectTimeout: 1 }), 'true', { world }));
    expect(message).toContain('did not answer within 1 s');
  });

  it('because its name is unknown', async () => {
    expect(await refusal({ address: 'host.invalid' })).toContain('the name host.invalid cannot be resolved');
  });

  it('because it does not speak SSH, and is asked once', async () => {
    let asked = 0;
    const server = createServer((socket) => {
      asked += 1;
      socket.end('220 mail.example.com ESMTP\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const message = await problemOf(
      runOn(sshd.target({ port }), 'true', { world: deps({ after: hurried }) }),
    );
    expect(message).toContain(`127.0.0.1 port ${port} is not an SSH server`);
    expect(message).toContain('it sent: 220 mail.example.com ESMTP');
    expect(asked).toBe(1);
    server.close();
  });
  it('because it takes the connection and says nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    expect(await refusal({ port, connectTimeout: 1 })).toContain('the login was not done within 1 s');
    server.close();
  });
});

/** Waits between retries shortened to a hundredth; real time-outs are left alone. */
const hurried: ReturnType<typeof deps>['after'] = (ms, callback) => {
  const timer = setTimeout(callback, ms < 6_000 ? ms / 100 : ms);
  return () => clearTimeout(timer);
};

/** An agent that takes connections, and hangs. */
const silentAgent = async () => {
  const socket = join(sshd.directory, `silent_${Math.random().toString(36).slice(2)}`);
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    connection.on('error', () => {}).once('close', () => open.delete(connection));
    connection.resume();
  }).listen(socket);
  const asked = once(server, 'connection');
  await once(server, 'listening');
  return {
    socket,
    asked,
    connections: () => open.size,
    stop: async () => {
      for (const connection of open) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
