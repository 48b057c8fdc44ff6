import { expect, it } from 'vitest';
import type { Host } from '../../../../src/inventory/cluster.ts';
import { hostInputs } from '../../../../src/ops/saved-plan/inputs.ts';
import { shipped } from '../../layout/shipped.ts';
import { contextOf } from '../../roles/support.ts';

const inputs = (own: Partial<Host>) => {
  const { cluster, host } = contextOf(shipped('amd-7532'), own);
  return hostInputs(cluster, host);
};

it('has where SSH finds the machine, besides the address that workers listen on', () => {
  const apart = inputs({ listen: '10.0.0.50' });
  expect(apart).toMatchObject({ listen: '"10.0.0.50"', address: '"192.168.10.50"' });
  expect(apart).not.toEqual(inputs({ address: '192.168.20.50', listen: '10.0.0.50' }));
  // As plans have it that were saved before hosts could have two.
  expect(inputs({})).toMatchObject({ address: '"192.168.10.50"' });
  expect(inputs({})).not.toHaveProperty('listen');
});

it('has through whom and at which port, and not as whom', () => {
  const { host } = contextOf(shipped('amd-7532'));
  const by = (more: object) => inputs({ ssh: { ...host.ssh, ...more } });
  expect(by({ port: 2222, proxyJump: 'ops@gate' })).toMatchObject({
    'ssh.port': '2222',
    'ssh.proxyJump': '"ops@gate"',
  });
  expect(by({ user: 'ops', privateKey: '/home/ops/.ssh/other' })).toEqual(inputs({}));
});
