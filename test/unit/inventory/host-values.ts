import fc from 'fast-check';
import { valueAt } from '../../../src/inventory/yaml-file.ts';

/** Values of hosts as clusters, groups and hosts set them. */

export const HOSTS = ['p1-50', 'p1-51', 'p1-52', 'p1-53', 'p1-54', 'p1-55'].map((name) => ({
  name,
  address: `192.168.10.${name.slice(3)}`,
  roles: ['p1'],
  profile: 'amd-7532',
}));

/** Each of these keys at each place, or not there. */
const keys = {
  os: fc.constantFrom('ubuntu-22.04', 'ubuntu-20.04', 'debian-12'),
  checks: fc.constantFrom('enforce', 'warn', 'off'),
  ssh: fc.record(
    { port: fc.integer({ min: 1, max: 9 }), user: fc.constantFrom('a', 'b') },
    { requiredKeys: [] },
  ),
  versions: fc.record(
    { p1: fc.constantFrom('1.11.1-3079a405a'), c2: fc.constantFrom('2.0-x', '2.0-y') },
    { requiredKeys: [] },
  ),
  variables: fc.record(
    {
      timezone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'UTC'),
      ntpServer: fc.constantFrom(null, 'ntp.example.com'),
      packages: fc.array(fc.constantFrom('tmux', 'wget'), { maxLength: 2 }),
      sysctl: fc.dictionary(fc.constantFrom('vm.a', 'vm.b'), fc.constantFrom('1', '2'), {
        noNullPrototype: true,
      }),
      environment: fc.dictionary(fc.constantFrom('A', 'B'), fc.constantFrom('1', '2'), {
        noNullPrototype: true,
      }),
    },
    { requiredKeys: [] },
  ),
};
export const values = fc.record(keys, { requiredKeys: [], noNullPrototype: true });

export const PATHS = [
  ...[['checks'], ['ssh', 'port'], ['ssh', 'user'], ['versions', 'c2']],
  ...['timezone', 'ntpServer', 'packages'].map((key) => ['variables', key]),
  ...['vm.a', 'vm.b'].map((key) => ['variables', 'sysctl', key]),
  ...['A', 'B'].map((key) => ['variables', 'environment', key]),
];

/** The value of the first that has one. */
export const firstOf = (layers: readonly unknown[], path: readonly string[]): unknown =>
  layers.map((layer) => valueAt(layer, path)).find((value) => value !== undefined);
