import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { EMPTY_CONFIG, parseSshConfig, settingsFor } from '../../../src/transport/ssh-config/ssh-config.ts';
import { applySshConfig, type StatedTarget } from '../../../src/transport/target.ts';

const CONFIG = `
# first match wins, so the general comes last
Host p1-* !p1-99
  User deploy
  IdentityFile ~/.ssh/cluster
  IdentityFile "~/.ssh/with blank"
  ProxyJump gate,ops@10.0.0.2:2200
Host gate
  HostName gate.example.com
  Port=2222
  User = ops
  IdentityFile %d/.ssh/%r@%h
Host 192.168.10.7
  ProxyCommand nc -x proxy %h %p
Host quiet
  ProxyJump none
  UserKnownHostsFile ~/a ~/b
  HostKeyAlias the-alias
Match user root
  Port 9
Host *
  ConnectTimeout 7
  User everybody
`;
const config = parseSshConfig({ file: '~/.ssh/config', text: CONFIG });
const stated = (change: Partial<StatedTarget> = {}): StatedTarget => ({
  name: 'p1-50',
  address: '192.168.10.50',
  ...change,
});
const local = { home: '/home/me', agent: '/run/agent' };
const resolve = (change: Partial<StatedTarget> = {}) => applySshConfig(stated(change), config, local);

describe('ssh_config', () => {
  it.each([
    ['p1-50', 'User', 'deploy'],
    ['P1-50', 'user', 'deploy'],
    ['p1-99', 'User', 'everybody'],
    ['gate', 'Port', '2222'],
    ['gate', 'User', 'ops'],
    ['other', 'User', 'everybody'],
    ['other', 'ConnectTimeout', '7'],
    ['other', 'Port', undefined],
    ['quiet', 'ProxyJump', undefined],
  ])('for %s has %s %s', (host, keyword, value) => {
    expect(settingsFor(config, [host]).first(keyword)).toBe(value);
  });

  it('adds up identity files, quoted or not', () => {
    expect(settingsFor(config, ['p1-1']).all('IdentityFile')).toEqual([
      '~/.ssh/cluster',
      '~/.ssh/with blank',
    ]);
  });

  it('passes over Match blocks with a note', () => {
    expect(config.notes).toEqual(['~/.ssh/config:19: fcops passes over Match blocks']);
  });

  it('takes Match all as Host *', () => {
    const all = parseSshConfig({ file: 'f', text: 'Match all\nPort 7\n' });
    expect(settingsFor(all, ['x']).first('Port')).toBe('7');
    expect(all.notes).toEqual([]);
  });

  it('reads included files, in their place', () => {
    const included = [{ file: 'more', text: 'Host a\nPort 1\nHost *\nPort 2' }];
    const main = { file: 'main', text: 'Include conf.d/*\nPort 3\nHost a\nUser late' };
    const asked: string[] = [];
    const parsed = parseSshConfig(main, (pattern) => {
      asked.push(pattern);
      return included;
    });
    expect(asked).toEqual(['conf.d/*']);
    expect(settingsFor(parsed, ['a']).first('Port')).toBe('1');
    expect(settingsFor(parsed, ['b']).first('Port')).toBe('2');
    expect(settingsFor(parsed, ['a']).first('User')).toBe('late');
  });

  it.each(['', '#', 'Host', 'Port', '"', 'Host "a b', '=', 'Include'])('stands %j', (text) => {
    expect(settingsFor(parseSshConfig({ file: 'f', text }), ['x']).first('Port')).toBeUndefined();
  });
});

describe('a target', () => {
  it('without configuration has the defaults', () => {
    expect(applySshConfig(stated(), EMPTY_CONFIG, { home: '/home/me' })).toEqual({
      name: 'p1-50',
      address: '192.168.10.50',
      port: 22,
      user: 'root',
      privateKeys: [],
      knownHosts: '/home/me/.ssh/known_hosts',
      alsoKnownHosts: ['/etc/ssh/ssh_known_hosts'],
      connectTimeout: 15,
      proxyJump: [],
    });
  });

  it('takes from ssh_config what the inventory leaves open, by its name as well as its address', () => {
    expect(resolve()).toMatchObject({
      user: 'deploy',
      privateKeys: ['/home/me/.ssh/cluster', '/home/me/.ssh/with blank'],
      agent: '/run/agent',
      connectTimeout: 7,
    });
    expect(resolve({ name: 'x', address: '192.168.10.7' }).proxyCommand).toBe('nc -x proxy %h %p');
  });

  it('resolves bastions, by their names in ssh_config too', () => {
    expect(resolve().proxyJump).toMatchObject([
      {
        name: 'gate',
        address: 'gate.example.com',
        port: 2222,
        user: 'ops',
        privateKeys: ['/home/me/.ssh/ops@gate.example.com'],
      },
      { name: 'ops@10.0.0.2:2200', address: '10.0.0.2', port: 2200, user: 'ops', privateKeys: [] },
    ]);
  });

  it.each([
    ['gate', 'gate.example.com', 2222, 'ops'],
    ['me@gate', 'gate.example.com', 2222, 'me'],
    ['gate:22', 'gate.example.com', 22, 'ops'],
    ['ssh://me@10.0.0.1:23', '10.0.0.1', 23, 'me'],
    ['[fe80::1]:24', 'fe80::1', 24, 'everybody'],
  ])('has a bastion written %s', (written, address, port, user) => {
    expect(resolve({ proxyJump: [written] }).proxyJump).toMatchObject([
      { name: written, address, port, user },
    ]);
  });

  it('refuses a bastion that is none', () => {
    expect(() => resolve({ proxyJump: ['a b:c:d'] })).toThrow(/write it as user@host:port/);
  });

  it('lets the inventory win', () => {
    const secret = new Secret('env P', () => 'p');
    const target = resolve({
      port: 23,
      user: 'root',
      privateKeys: ['~/.ssh/mine'],
      knownHosts: '~/pinned',
      proxyJump: [],
      connectTimeout: 3,
      sudoPassword: secret,
    });
    expect(target).toEqual({
      name: 'p1-50',
      address: '192.168.10.50',
      port: 23,
      user: 'root',
      privateKeys: ['/home/me/.ssh/mine'],
      agent: '/run/agent',
      knownHosts: '/home/me/pinned',
      connectTimeout: 3,
      proxyJump: [],
      sudoPassword: secret,
    });
  });

  it('knows several known_hosts files and the alias', () => {
    expect(resolve({ name: 'quiet' })).toMatchObject({
      knownHosts: '/home/me/a',
      alsoKnownHosts: ['/home/me/b', '/etc/ssh/ssh_known_hosts'],
      hostKeyAlias: 'the-alias',
      proxyJump: [],
    });
  });

  it.each([
    ['IdentityAgent none', undefined],
    ['IdentityAgent ~/agent', '/home/me/agent'],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['', '/run/agent'],
  ])('with %j has the agent %s', (text, agent) => {
    expect(applySshConfig(stated(), parseSshConfig({ file: 'f', text }), local).agent).toBe(agent);
  });
});
