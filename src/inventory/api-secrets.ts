import { FcopsError } from '../core/problem.ts';
import { Secret } from '../core/secret.ts';

/**
 * Address and token of a miner's API that are read from the miner host: known by their names, with values only in the
 * run that has read them.
 */
export const apiSecrets = (miner: string): { readonly address: Secret; readonly token: Secret } => ({
  address: unread(`API address of ${miner}`),
  token: unread(`API token of ${miner}`),
});

const unread = (name: string): Secret =>
  new Secret(name, () => {
    throw new FcopsError({
      kind: 'secret',
      what: `the ${name} is on the miner host, and was not read there`,
    });
  });
