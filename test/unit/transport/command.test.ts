import { describe, expect, it } from 'vitest';
import { type Elevation, remoteCommand } from '../../../src/transport/exec/command.ts';
import { sshArguments } from '../../../src/transport/openssh/arguments.ts';

describe('the command for the login shell', () => {
  it.each(['none', 'sudo', 'sudo-password'] as const)(
    'by %s says nothing that shells read differently',
    (elevation) => {
      const command = remoteCommand(12_345, elevation satisfies Elevation);
      expect(command).not.toMatch(/[\\!\n`]/);
      // Outside the quotes: words and blanks only.
      expect(command.replaceAll(/'[^']*'/g, '')).toMatch(/^[A-Za-z0-9_@%+=:,./ -]+$/);
      expect(command).toMatch(/^exec \//);
    },
  );
});

describe('the arguments of ssh', () => {
  const endpoint = {
    name: 'p1-50',
    address: '192.168.10.50',
    port: 22,
    user: 'root',
    privateKeys: ['/home/me/.ssh/my key'],
    knownHosts: '/home/me/100% mine/known_hosts',
    connectTimeout: 15,
  };

  it('never ask and always check the host key', () => {
    const args = sshArguments({ ...endpoint, proxyJump: [] });
    expect(args).toEqual(expect.arrayContaining(['BatchMode=yes', 'StrictHostKeyChecking=yes']));
    expect(args).toContain('UserKnownHostsFile="/home/me/100%% mine/known_hosts"');
    expect(args.join(' ')).not.toContain('ProxyCommand');
  });

  it('check that of every bastion too, with a level of %% for each ssh that reads it', () => {
    const bastions = ['far', 'near'].map((name) => ({ ...endpoint, name, address: name }));
    const command = sshArguments({ ...endpoint, proxyJump: bastions }).at(-1) ?? '';
    expect(command.match(/StrictHostKeyChecking=yes/g)).toHaveLength(2);
    expect(command).toMatch(/-W '\[%h\]:%p' root@near$/);
    expect(command).toContain('[%%h]:%%p');
    expect(command).toContain('100%%%% mine');
  });
});
