import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/inventory/cluster.ts';
import type { Ask } from '../../../src/resources/look.ts';
import type { Process, Requirement } from '../../../src/resources/process/process.ts';
import { apx } from '../../../src/roles/apx.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { miner } from '../../../src/roles/miner.ts';
import { lotusKeys, minerKeys } from '../../../src/roles/miner-config.ts';
import { p1 } from '../../../src/roles/p1.ts';
import type { Role } from '../../../src/roles/role.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { CONTEXT, contextOf, filesOf, minerContext, observationOf, resourcesOf } from './support.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');
const roles: readonly (readonly [
  Host['roles'][number],
  Role,
  (own: Partial<Host>) => ReturnType<typeof contextOf>,
])[] = [
  ['p1', p1, (own) => contextOf(amd7532, { roles: ['p1'], ...own })],
  ['c2', c2, (own) => contextOf(intel4216, { roles: ['c2'], ...own })],
  ['apx', apx, (own) => contextOf(amd7532, { roles: ['apx'], ...own })],
  ['miner', miner, (own) => minerContext(amd7532, own)],
];
const address = fc.ipV4();

/** All that is put on a machine: files with their texts, and every resource with what it says of itself. */
const wantedOf = (role: Role, context: ReturnType<typeof contextOf>) => {
  const tasks = role.tasks(context);
  const profile = context.host.roles.includes('c2') ? intel4216 : amd7532;
  return JSON.stringify([
    [...filesOf(tasks, factsFor(profile))],
    resourcesOf(tasks).map(({ id, title }) => [id, title]),
  ]);
};

describe.each(roles)('what a machine of the role %s gets', (_, role, contextWith) => {
  it('follows from the address that it listens on, and from no other', () => {
    fc.assert(
      fc.property(address, address, (login, listen) => {
        const apart = wantedOf(role, contextWith({ address: login, listen }));
        expect(apart).toBe(wantedOf(role, contextWith({ address: listen, listen })));
      }),
      { numRuns: 15 },
    );
  });

  it('has the one that SSH connects to nowhere, and the other in its host name', () => {
    const all = wantedOf(role, contextWith({ address: '192.0.2.77', listen: '10.0.0.50' }));
    expect(all).not.toMatch(/192[.-]0[.-]2[.-]77/);
    expect(all).toMatch(/hostname:f0494733-\w+-10-0-0-50/);
  });
});

describe('a machine with an address of its own to listen on', () => {
  const own = { address: '192.168.10.50', listen: '10.0.0.50' };

  it('has lotus and lotus-miner listen there, each where the inventory says nothing else', () => {
    const { cluster, host } = minerContext(amd7532, own);
    const said = [lotusKeys(cluster, host), minerKeys(cluster, host)].flat();
    expect(said.flatMap(({ path, value }) => (path.includes('ListenAddress') ? [value] : []))).toEqual([
      '/ip4/10.0.0.50/tcp/1234/http',
      '/ip4/10.0.0.50/tcp/2345/http',
    ]);
  });

  it('starts its workers with it', () => {
    const files = filesOf(p1.tasks(contextOf(amd7532, own)));
    expect(files.get('/opt/lotusworker/worker-3p1/start_3p1.sh')).toContain(
      '--role P1 --group 10.0.0.50 --listen 10.0.0.50:10003',
    );
    expect(files.get('/opt/lotusworker/worker-apx/start_apx.sh')).toContain(
      '--role APx --group 10.0.0.50 --listen 10.0.0.50:',
    );
  });
});

const ADDRESS = 'address 10.0.0.50';
const own = { address: '192.168.10.50', listen: '10.0.0.50' };
const requiredBy = (processes: readonly Process[]): readonly string[] =>
  processes.flatMap(({ name, requires }) => (requires.some((one) => one.name === ADDRESS) ? [name] : []));
const requirementIn = (role: Role, context: ReturnType<typeof contextOf>): Requirement => {
  const found = role
    .processes(context)
    .flatMap(({ requires }) => requires.filter(({ name }) => name === ADDRESS))[0];
  if (!found) throw new Error('there is none');
  return found;
};

describe('that the machine has the address', () => {
  it('is looked at for all that listen on it, and only where it is another one', () => {
    for (const [name, role, contextWith] of roles) {
      const all = role.processes(contextWith(own));
      expect([name, requiredBy(all)]).toEqual([name, all.map((process) => process.name)]);
      for (const change of [{}, { ...own, checks: 'off' }] satisfies Partial<Host>[])
        expect(requiredBy(role.processes(contextWith(change)))).toEqual([]);
    }
    // It is one thing for all processes of a host.
    const requirements = p1.processes(contextOf(amd7532, own)).map(({ requires }) => requires[0]);
    expect(new Set(requirements).size).toBe(1);
  });

  it('matters to no program that the inventory has listen elsewhere', () => {
    const config = { lotus: {}, miner: { API: { ListenAddress: '/ip4/0.0.0.0/tcp/2345/http' } } };
    expect(requiredBy(miner.processes(minerContext(amd7532, own, { config })))).toEqual(['lotus']);
  });

  const said = (output: string, status = 0, listen = '10.0.0.50') => {
    const context = contextOf(amd7532, { ...own, listen });
    const [first] = p1.processes(context);
    const requirement = first?.requires[0];
    const seen = observationOf(factsFor(amd7532), { guards: { [`address ${listen}`]: { status, output } } });
    return requirement?.check(seen, CONTEXT.pending);
  };

  it('is found, or told with those that it has', () => {
    expect(said('10.0.0.50 ens1f0\n127.0.0.1 lo\n192.168.10.50 eno1')).toBeNull();
    expect(said('127.0.0.1 lo\n192.168.10.50 eno1\n10.0.0.5 ens1f0')).toMatchObject({
      message:
        'worker-50 has no address 10.0.0.50: nothing starts that is to listen there; it has 192.168.10.50 on eno1, 10.0.0.5 on ens1f0',
      next: [{ text: expect.stringContaining('set listen of worker-50') }],
    });
    expect(said('192.168.10.50')).toMatchObject({ message: expect.stringMatching(/it has 192.168.10.50$/) });
    expect(said('127.0.0.1 lo', 0, '127.0.7.7')).toBeNull();
    expect(said('', 1)).toMatchObject({ unknown: expect.stringContaining('does not tell its addresses') });
  });
});

const scriptOf = (ask: Ask | undefined): string =>
  ask && 'script' in ask && typeof ask.script === 'string' ? ask.script : '';

describe('the addresses of a machine', () => {
  const script = scriptOf(requirementIn(p1, contextOf(amd7532, own)).asks[0]);
  /** What it prints on a machine that has these programs, and no others of the sort. */
  const printed = (programs: Readonly<Record<string, string>>) => {
    const directory = mkdtempSync(join(tmpdir(), 'fcops-addresses-'));
    try {
      for (const name of ['bash', 'grep', 'timeout', 'cat'])
        symlinkSync(
          spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(),
          join(directory, name),
        );
      for (const [name, text] of Object.entries(programs))
        writeFileSync(join(directory, name), `#!${directory}/bash\n${text}\n`, { mode: 0o755 });
      const { stdout, status, stderr } = spawnSync(join(directory, 'bash'), ['--norc', '-c', script], {
        encoding: 'utf8',
        env: { PATH: directory },
      });
      return { lines: stdout.split('\n').filter(Boolean), status, stderr };
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  const IP = `cat <<'END'
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eno1    inet 192.168.10.50/24 brd 192.168.10.255 scope global eno1\\       valid_lft forever
3: bond0.100    inet 10.0.0.50/16 scope global bond0.100
4: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0
END`;

  it('are those that ip lists, with their interfaces, the one that is meant first', () => {
    expect(printed({ ip: IP })).toEqual({
      lines: [
        ...['10.0.0.50 bond0.100', '127.0.0.1 lo', '192.168.10.50 eno1'],
        ...['10.0.0.50 bond0.100', '10.8.0.2 tun0'],
      ],
      status: 0,
      stderr: '',
    });
  });

  it('or that hostname has, where there is no ip; that nobody tells them is no empty list', () => {
    const { lines, status } = printed({ hostname: "echo '192.168.10.50 10.0.0.50 fe80::1 '" });
    expect([lines, status]).toEqual([['10.0.0.50', '192.168.10.50', '10.0.0.50'], 0]);
    expect(printed({ ip: 'exit 1' }).status).toBe(1);
    expect(printed({}).status).toBe(1);
  });
});
