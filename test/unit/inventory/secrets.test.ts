import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { missingSecrets, secretsOf } from '../../../src/inventory/secrets.ts';
import { clusterFile, clusterOf } from './support.ts';

const withSecrets = clusterFile({
  api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { file: 'secrets/token' } },
  ssh: { password: { env: 'LOGIN' }, sudoPassword: { file: '~/sudo' } },
});

describe('secrets of a cluster', () => {
  it('are read from the environment, from files beside the inventory and from the home directory', () => {
    const files = { 'inventories/secrets/token': 'made-up-token\n', '/home/op/sudo': 'made-up-sudo' };
    const cluster = clusterOf(withSecrets, files, { LOGIN: 'made-up-login' });
    expect(missingSecrets(cluster)).toEqual([]);
    expect(cluster.api.token.reveal()).toBe('made-up-token');
    expect(cluster.hosts[0]?.ssh.password?.reveal()).toBe('made-up-login');
    expect(cluster.hosts[1]?.ssh.sudoPassword?.reveal()).toBe('made-up-sudo');
  });

  it('are named once each, however many hosts use them', () => {
    expect(secretsOf(clusterOf(withSecrets)).map(({ name }) => name)).toEqual([
      'file inventories/secrets/token',
      'env LOGIN',
      'file /home/op/sudo',
    ]);
  });

  it('do not keep a cluster from being loaded, and are reported with place and advice', () => {
    expect(missingSecrets(clusterOf(withSecrets)).map(({ what }) => what)).toEqual([
      expect.stringContaining('the secret file inventories/secrets/token is missing'),
      expect.stringContaining('the secret LOGIN is missing: the environment variable is not set'),
      expect.stringContaining('the secret file /home/op/sudo is missing'),
    ]);
  });

  it('name the host that they are for', () => {
    const host = { name: 'p1-50', address: '192.168.10.50', roles: ['p1'], profile: 'amd-7532' };
    const cluster = clusterOf(
      clusterFile({ hosts: [{ ...host, ssh: { password: { env: 'P1_50' } } }] }),
      {},
      { TOKEN: 'made-up-token' },
    );
    expect(missingSecrets(cluster)).toMatchObject([{ where: { host: 'p1-50' } }]);
  });

  it('are masked wherever a cluster is printed', () => {
    const cluster = clusterOf(clusterFile(), {}, { TOKEN: 'made-up-token' });
    expect(JSON.stringify(cluster)).not.toContain('made-up-token');
    expect(inspect(cluster, { depth: 9 })).not.toContain('made-up-token');
  });

  const saidOf = (value: string) => missingSecrets(clusterOf(clusterFile(), {}, { TOKEN: value }));

  it.each(['x', 'lotus', '/opt', '1234567'])('that are short are refused: %s', (value) => {
    const problems = saidOf(value);
    expect(problems).toMatchObject([
      {
        kind: 'weak-secret',
        what: 'the secret TOKEN is too short: 8 characters are the least',
        where: { line: 6 },
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain(`"${value}"`);
  });

  it.each(['made-up-token\nand-more-of-it', 'made-up-token\r\n', 'made-up\u2028token'])(
    'with several lines are refused: %j',
    (value) => {
      expect(saidOf(value)).toMatchObject([{ what: 'the secret TOKEN has several lines' }]);
    },
  );

  it('in files of several lines are refused, and a last line break is none', () => {
    const file = clusterFile({
      api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { file: 'token' } },
    });
    const problemsOf = (text: string) => missingSecrets(clusterOf(file, { 'inventories/token': text }));
    expect(problemsOf('made-up-token\n')).toEqual([]);
    expect(problemsOf('made-up-token\nmade-up-more\n')).toMatchObject([
      { what: 'the secret file inventories/token has several lines' },
    ]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'of a variable that is not set, whatever objects have of that name: %s',
    (env) => {
      const file = clusterFile({ api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { env } } });
      expect(missingSecrets(clusterOf(file))).toMatchObject([
        { what: `the secret ${env} is missing: the environment variable is not set` },
      ]);
    },
  );

  it('that stand in what is shown anyway are refused: they would be masked there', () => {
    const cluster = clusterOf(clusterFile(), {}, { TOKEN: 'filecoin-parents' });
    const open = [{ name: 'a template', text: 'export X=/opt/raid0/filecoin-parents\n' }];
    expect(missingSecrets(cluster)).toEqual([]);
    expect(missingSecrets(cluster, open)).toMatchObject([
      { what: 'the secret env TOKEN is a text that stands in a template as well' },
    ]);
  });
});
