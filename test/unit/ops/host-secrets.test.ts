import { expect, it } from 'vitest';
import { profileSecrets } from '../../../src/ops/host-secrets.ts';

const of = (...variables: string[]) =>
  profileSecrets(Buffer.from(variables.map((one) => `${one}\0`).join('')).toString('base64'));

it('finds tokens of APIs without their addresses, and what is called a secret', () => {
  expect(
    of('MINER_API_INFO=eyJh.bGci:/ip4/10.0.0.1/tcp/2345/http', 'FULLNODE_API_INFO=/ip4/1/tcp/2'),
  ).toEqual(['eyJh.bGci']);
  expect(of('DB_PASSWORD=long-enough\nwith lines', 'AUTHOR=somebody-else', 'AWS_SECRET=short')).toEqual([
    'long-enough\nwith lines',
  ]);
  expect(of()).toEqual([]);
  expect(profileSecrets('no base64 at all!')).toEqual([]);
});
