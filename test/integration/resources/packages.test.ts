/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageLook } from '../../../src/resources/packages/look.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { look } from './support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [{ name: 'debian', os: 'debian' }] });
});
afterAll(() => hosts.stop());

const installed = async (names: readonly string[]) =>
  packageLook.all(await look(hosts.host, [packages({ manager: 'apt', names })]));

/** As `dpkg-query` says, which is slow and knows all. */
const asked = async (names: readonly string[]) => {
  const shown = await hosts.host.sh(
    `dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${names.join(' ')} 2>/dev/null || true`,
  );
  const lines = new Set(shown.split('\n'));
  return new Map(names.map((name) => [name, lines.has(`${name} installed`)]));
};

it('all packages of this machine are seen as dpkg-query sees them', async () => {
  const names = (await hosts.host.sh(`dpkg-query -W -f '\${Package}\\n' | sort -u`)).split('\n');
  const wanted = [...names, 'nosuchpackage'];
  const seen = await installed(wanted);
  expect(seen.size).toBe(wanted.length);
  expect(seen).toEqual(await asked(wanted));
  expect(seen.get('nosuchpackage')).toBe(false);
});

it('a change that dpkg has not yet merged into its database counts', async () => {
  await hosts.host.sh(`cp /var/lib/dpkg/status /tmp/kept
    mkdir -p /var/lib/dpkg/updates
    printf 'Package: late-one\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\nMaintainer: x <x@y>\\nDescription: x\\n' >/var/lib/dpkg/updates/0000`);
  expect(await asked(['late-one', 'bash'])).toEqual(
    new Map(Object.entries({ 'late-one': true, bash: true })),
  );
  expect(await installed(['late-one', 'bash'])).toEqual(
    new Map(Object.entries({ 'late-one': true, bash: true })),
  );
  await hosts.host.sh('rm /var/lib/dpkg/updates/0000');
  expect((await installed(['late-one'])).get('late-one')).toBe(false);
});
