import type { Digest, Reveal } from '../core/content.ts';
import type { Render } from '../render/renderer.ts';
import { GivenSecrets } from './given-secrets.ts';
import type { RoleHosts, RoleWork } from './role-work.ts';
import { roleWork } from './role-work.ts';

/** Says what hosts are to be where no secret is at hand: contents hold the names of secrets alone. */
export const workWithoutSecrets = (
  hosts: Pick<RoleHosts, 'role' | 'cluster' | 'hosts'>,
  render: Render,
): Promise<RoleWork> =>
  roleWork(
    {
      ...hosts,
      reveal: noSecret,
      digest: noSecret,
      redact: (text) => text,
      given: new GivenSecrets(),
      renderer: async () => render,
    },
    { tags: [], start: false },
  );

const noSecret: Reveal & Digest = () => {
  throw new RangeError('a secret was asked for where none is at hand');
};
