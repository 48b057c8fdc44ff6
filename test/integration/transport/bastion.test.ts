import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ssh2Connect } from '../../../src/transport/ssh2/connect.ts';
import { fetchHostKey } from '../../../src/transport/ssh2/fetch-host-key.ts';
import { freePort } from '../../support/free-port.ts';
import { needs } from '../../support/needs.ts';
import { BOTH, connectTo, deps, eachTransport, never, outcome, problemOf, runOn } from './helpers.ts';
import { asBastion, type Sshd, startSshd } from './sshd.ts';

let first: Sshd;
let second: Sshd;
let inner: Sshd;
beforeAll(async () => {
  // sshd's own default limit on logins that are under way, which a login a host would run into.
  first = await startSshd({ maxStartups: '10:30:100' });
  second = await startSshd();
  inner = await startSshd();
});
afterAll(() => Promise.all([first, second, inner].map((sshd) => sshd.stop())));

const acceptedBy = (sshd: Sshd): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;

eachTransport(BOTH, 'through bastions by %s', (transport) => {
  it('a script runs on the host behind one, with its payload intact', async () => {
    const payload = randomBytes(3_000_000);
    const target = inner.target({ proxyJump: [asBastion(first)] });
    const { stdout, exit } = await runOn(target, 'cat', { payload, transport });
    expect(exit.status).toBe(0);
    expect(stdout.equals(payload)).toBe(true);
    expect(acceptedBy(first)).toBeGreaterThan(0);
  });

  it('and behind two', async () => {
    const before = acceptedBy(second);
    const target = inner.target({ proxyJump: [asBastion(first), asBastion(second)] });
    expect((await runOn(target, 'echo behind', { transport })).stdout.toString()).toBe('behind\n');
    expect(acceptedBy(second)).toBe(before + 1);
  });

  const sshdAsRoot = { tags: [needs('sshd'), needs('root')] };
  it('a closed port behind one is reported with the bastion', sshdAsRoot, async () => {
    const target = inner.target({ port: await freePort(), proxyJump: [asBastion(first)] });
    const message = await problemOf(runOn(target, 'true', { transport }));
    expect(message).toContain('p1-test: the bastion did not connect to');
    expect(message).toContain('Connection refused');
  });

  it('a bastion that refuses the login is the one that is named', async () => {
    const bastion = asBastion(first, { privateKeys: [second.userKey], user: 'nobody' });
    const message = await problemOf(runOn(inner.target({ proxyJump: [bastion] }), 'true', { transport }));
    expect(message).toContain(`p1-test: bastion ${bastion.name}: login as nobody was denied`);
  });
});

describe('many hosts behind one bastion', () => {
  it('share it for their keys as well', async () => {
    const before = acceptedBy(first);
    const fetch = fetchHostKey(deps());
    const presented = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        fetch(inner.target({ name: `p1-${n}`, proxyJump: [asBastion(first)] }), never()),
      ),
    );
    expect(presented.map(({ verdict }) => verdict.kind)).toEqual(Array(20).fill('match'));
    expect(acceptedBy(first)).toBe(before + 1);
  });

  it('share one login there', async () => {
    const before = acceptedBy(first);
    const connect = ssh2Connect(deps());
    const targets = Array.from({ length: 20 }, (_, n) =>
      inner.target({ name: `p1-${n}`, proxyJump: [asBastion(first)] }),
    );
    const connections = await Promise.all(targets.map((target) => connect(target, never())));
    const outcomes = await Promise.all(connections.map((connection) => outcome(connection.exec('echo ok'))));
    await Promise.all(connections.map((connection) => connection.close()));
    expect(outcomes.filter(({ stdout }) => stdout.toString() === 'ok\n')).toHaveLength(20);
    expect(acceptedBy(first)).toBe(before + 1);
  });

  it('leave it when the last of them is closed, and come back', async () => {
    const target = inner.target({ proxyJump: [asBastion(first)] });
    const closed = () => first.log().match(/Disconnected from user root/g)?.length ?? 0;
    const one = await connectTo(target);
    const before = closed();
    await one.close();
    await expect.poll(closed).toBeGreaterThan(before);
    expect((await runOn(target, 'true')).exit.status).toBe(0);
  });
});
