import { expect, it } from 'vitest';
import { hostInputs } from '../../../../src/ops/saved-plan/inputs.ts';
import { shipped } from '../../layout/shipped.ts';
import { contextOf } from '../../roles/support.ts';

const inputs = (own: { readonly address?: string; readonly listen?: string }) => {
  const { cluster, host } = contextOf(shipped('amd-7532'), own);
  return hostInputs(cluster, host);
};

it('has the address that workers listen on, and not the one that SSH connects to', () => {
  const apart = inputs({ listen: '10.0.0.50' });
  expect(apart).toEqual(inputs({ address: '192.168.20.50', listen: '10.0.0.50' }));
  expect(apart).toMatchObject({ listen: '"10.0.0.50"' });
  expect(apart).not.toHaveProperty('address');
  // As plans have it that were saved before hosts could have two.
  expect(inputs({})).toMatchObject({ address: '"192.168.10.50"' });
  expect(inputs({})).not.toHaveProperty('listen');
});
