/** @module-tag needs-namespaces */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { besides, packageLook } from '../../../src/resources/packages/look.ts';
import { packages } from '../../../src/resources/packages/packages.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, converge, failureOf, look, plan } from './support.ts';

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

describe('a package that does something to others', () => {
  const version = (name: string) =>
    hosts.host.sh(`dpkg-query -W -f '\${Status} \${Version}' ${name} 2>/dev/null || echo gone`);

  beforeAll(async () => {
    await hosts.host.sh(`printf '%s\\n' old-driver some-library new-driver >>/usr/share/simulated-host/packages
      apt-get update
      apt-get install -y old-driver some-library
      printf '%s\\n' 'new-driver removes old-driver' 'new-driver changes some-library 2.0-1' >/usr/share/simulated-host/effects`);
  });

  it('is not installed unless what goes and what changes is named, and then that is in the plan', async () => {
    const wanted = { manager: 'apt', names: ['new-driver'] } as const;
    const [refused] = (await plan(hosts.host, [packages(wanted)])).items;
    expect(refused).toMatchObject({
      state: 'violated',
      violation: {
        severity: 'enforce',
        message:
          'old-driver (1.0-1) would be removed, some-library (1.0-1) upgraded to 2.0-1 if new-driver is installed, and nobody has allowed that',
      },
    });
    const [half] = (await plan(hosts.host, [packages({ ...wanted, mayRemove: ['old-driver'] })])).items;
    expect(half).toMatchObject({ state: 'violated' });
    const allowed = packages({ ...wanted, mayRemove: ['old-driver'], mayUpgrade: ['some-library'] });
    const [item] = (await converge(hosts.host, [allowed])).items;
    expect(item).toMatchObject({
      change: {
        details: [
          { name: 'new-driver', before: null, after: 'installed' },
          { name: 'old-driver', before: '1.0-1', after: 'removed' },
          { name: 'some-library', before: '1.0-1', after: 'upgraded to 2.0-1' },
        ],
      },
    });
    expect(await version('old-driver')).toMatch(/gone$|not-installed/);
    expect(await version('some-library')).toContain('2.0-1');
  });

  it('is refused by its step where the plan did not know, and nothing is installed', async () => {
    await hosts.host.sh(`printf '%s\\n' late-driver bystander >>/usr/share/simulated-host/packages
      apt-get install -y bystander`);
    const toDo = await plan(hosts.host, [packages({ manager: 'apt', names: ['late-driver'] })]);
    await hosts.host.sh(`echo 'late-driver removes bystander' >>/usr/share/simulated-host/effects`);
    expect(await failureOf(apply(hosts.host, toDo))).toContain(
      'nothing was installed: it would have bystander (1.0-1) removed, which the inventory does not allow',
    );
    expect(await version('bystander')).toContain('installed 1.0-1');
    expect(await version('late-driver')).toMatch(/gone$/);
    // Where it cannot be looked at either: apt-get itself is told to remove nothing.
    const deaf = `mv /usr/bin/apt-get /usr/bin/apt-get.real
      printf '#!/bin/bash\\n[[ " $* " != *" -s "* ]] || exit 100\\nexec /usr/bin/apt-get.real "$@"\\n' >/usr/bin/apt-get
      chmod 755 /usr/bin/apt-get`;
    await hosts.host.sh(deaf);
    expect(await failureOf(apply(hosts.host, toDo))).toBeTruthy();
    await hosts.host.sh('mv /usr/bin/apt-get.real /usr/bin/apt-get');
    expect(await version('bystander')).toContain('installed 1.0-1');
  });

  it('is looked for only where something is missing', async () => {
    await hosts.host.sh(`mv /usr/bin/apt-get /usr/bin/apt-get.real
      printf '#!/bin/bash\\ntouch /tmp/asked\\nexit 100\\n' >/usr/bin/apt-get; chmod 755 /usr/bin/apt-get; rm -f /tmp/asked`);
    await look(hosts.host, [packages({ manager: 'apt', names: ['bash', 'coreutils'] })]);
    expect(await hosts.host.sh('ls /tmp/asked 2>&1 || true')).toContain('No such file');
    const seen = await look(hosts.host, [packages({ manager: 'apt', names: ['bash', 'nosuchthing'] })]);
    expect(besides(seen, 'apt')).toEqual([]);
    expect(await hosts.host.sh('ls /tmp/asked')).toBe('/tmp/asked');
    await hosts.host.sh('mv /usr/bin/apt-get.real /usr/bin/apt-get');
  });
});
