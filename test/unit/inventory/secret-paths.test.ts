import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import { redactor } from '../../../src/core/secret.ts';
import { clusterFileSchema } from '../../../src/inventory/inventory-file.ts';
import { readCluster } from '../../../src/inventory/read-cluster.ts';
import { secret } from '../../../src/inventory/schema-parts.ts';
import { secretPaths } from '../../../src/inventory/secret-paths.ts';
import { presentSecrets, secretsOf } from '../../../src/inventory/secrets.ts';
import { clusterFile, memoryFiles, shippedProfiles } from './support.ts';

const ENV = { TOKEN: 'made-up-token', HOOK: 'made-up-hook $x', PAGER: 'made-up-pager' };

test('a key of the type of a secret is found by its type, wherever it stands', () => {
  const schema = z.strictObject({
    plain: z.string(),
    one: secret('One.').exactOptional(),
    described: secret('One.').describe('Another.').meta({ examples: [] }).nullable().optional(),
    list: z.array(z.strictObject({ key: secret('Key.') })),
    named: z.record(z.string(), secret('By name.')),
    either: z.union([z.string(), secret('Or a secret.')]),
    none: z.strictObject({ env: z.string() }),
  });
  const ref = { env: 'X' };
  const value = {
    ...{ plain: 'x', one: ref, described: ref, either: ref, none: { env: 'X' } },
    list: [{ key: ref }, {}, { key: ref }],
    named: { a: ref },
  };
  expect(secretPaths(schema, value)).toEqual([
    ['one'],
    ['described'],
    ['list', 0, 'key'],
    ['list', 2, 'key'],
    ['named', 'a'],
    ['either'],
  ]);
  for (const wrong of [undefined, null, 'x', [], { list: 'x', named: [ref], one: undefined }])
    expect(secretPaths(schema, wrong)).toEqual([]);
});

test('a kind of schema in which nobody has looked for secrets is a mistake of whoever uses it', () => {
  expect(() => secretPaths(z.map(z.string(), secret('Key.')), {})).toThrow('the type map');
});

test('a new secret in the schema of cluster files is masked, and nobody has to remember it', () => {
  const schema = clusterFileSchema.extend({
    webhook: secret('Made up.').exactOptional(),
    alerts: z.array(z.strictObject({ to: z.string(), pager: secret('Made up.') })).exactOptional(),
  });
  const content = clusterFile({
    api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { env: 'TOKEN' } },
    webhook: { env: 'HOOK' },
    alerts: [{ to: 'a', pager: { env: 'PAGER' } }],
  });
  const file = 'inventories/f0494733.yaml';
  const { cluster, problems } = readCluster(
    file,
    {
      profiles: shippedProfiles,
      files: memoryFiles({ [file]: stringify(content) }),
      env: ENV,
      home: '/home/op',
    },
    schema,
  );
  expect(problems).toEqual([]);
  if (!cluster) throw new Error('no cluster was read');
  expect(secretsOf(cluster).map(({ name }) => name)).toEqual(['env TOKEN', 'env HOOK', 'env PAGER']);
  const masked = redactor(presentSecrets(cluster));
  expect(masked(`says ${ENV.HOOK}, ${ENV.PAGER} and ${ENV.TOKEN}`)).toBe(
    'says ********, ******** and ********',
  );
});

test('the schema of cluster files has the secrets that are known', () => {
  const ref = { env: 'X' };
  const ssh = { password: ref, sudoPassword: ref };
  const value = {
    api: { token: ref },
    artifacts: { password: ref },
    storage: [{ key: ref }],
    ssh,
    groups: { 'rack-a': { ssh } },
    hosts: [{}, { ssh }],
  };
  expect(secretPaths(clusterFileSchema, value).map((path) => path.join('.'))).toEqual([
    'api.token',
    'artifacts.password',
    'storage.0.key',
    'ssh.password',
    'ssh.sudoPassword',
    'groups.rack-a.ssh.password',
    'groups.rack-a.ssh.sudoPassword',
    'hosts.1.ssh.password',
    'hosts.1.ssh.sudoPassword',
  ]);
});
