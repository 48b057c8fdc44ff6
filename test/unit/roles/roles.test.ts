import { describe, expect, it } from 'vitest';
import { edit } from '../../../src/core/next.ts';
import type { Host } from '../../../src/inventory/cluster.ts';
import { defaultVariables } from '../../../src/inventory/variables.ts';
import type { Resource, Task } from '../../../src/resources/resource.ts';
import { apx } from '../../../src/roles/apx.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { miner } from '../../../src/roles/miner.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { processTask } from '../../../src/roles/processes.ts';
import { factsFor, problemsOf, shipped } from '../layout/shipped.ts';
import {
  CONTEXT,
  contextOf,
  filesOf,
  minerContext,
  observationOf,
  resourcesOf,
  shippedTemplates,
  withSystemd,
} from './support.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');
const centos: Host['os'] = { id: 'centos', version: '7', family: 'redhat' };

const idsOf = (tasks: readonly Task[]) => resourcesOf(tasks).map(({ id }) => id);
const roles = [
  ['p1', p1, amd7532],
  ['c2', c2, intel4216],
  ['apx', apx, amd7532],
] as const;

/** Every package that is asked for, and that none of them is there. */
const NONE_INSTALLED = (resources: readonly Resource[]): [string, boolean][] =>
  resources
    .flatMap(({ asks }) => asks)
    .flatMap((ask): [string, boolean][] =>
      ask.look === 'package' && 'name' in ask && typeof ask.name === 'string' ? [[ask.name, false]] : [],
    );

describe.each(roles)('the role %s', (name, role, profile) => {
  const context = contextOf(profile, { roles: [name] });
  const tasks = [...role.tasks(context), processTask(name, context.host, role.processes(context), true)];

  it('declares nothing twice', () => {
    const ids = idsOf(tasks);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
  });

  it('is the same for the same host, and another object for each', () => {
    const again = role.tasks(context);
    expect(idsOf(again)).toEqual(idsOf(role.tasks(context)));
    const first = new Set<unknown>(resourcesOf(role.tasks(context)));
    expect(resourcesOf(again).some((resource) => first.has(resource))).toBe(false);
  });

  it('names the machine after miner, role and address (3.2)', () => {
    expect(idsOf(tasks)).toContain(`hostname:f0494733-${name}-192-168-10-50`);
  });

  it('sets fs.nr_open before the limit that it bounds', () => {
    const ids = idsOf(tasks);
    const kernel = ids.findIndex((id) => id.startsWith('sysctl:'));
    expect(kernel).toBeGreaterThan(-1);
    expect(kernel).toBeLessThan(ids.indexOf('file:/etc/security/limits.d/99-fcops.conf'));
  });

  it('has no checks where they are off', () => {
    const ids = idsOf(role.tasks(contextOf(profile, { checks: 'off' })));
    expect(ids.filter((id) => id.startsWith('assertion:'))).toEqual([]);
    expect(idsOf(tasks).some((id) => id.startsWith('assertion:'))).toBe(true);
  });

  it('leaves the clock alone where there is no server for it', () => {
    const variables = { ...defaultVariables(context.host.os), ntpServer: null, packages: [] };
    const ids = idsOf(role.tasks(contextOf(profile, { variables })));
    expect(ids.filter((id) => id.startsWith('cron:'))).toEqual([]);
    expect(ids).toContain(name === 'apx' ? 'packages:curl' : 'packages:curl,nvidia-driver-460');
  });

  it('asks for its version and the checksum of it', () => {
    expect(problemsOf(() => role.tasks(contextOf(profile, { versions: {} })))[0]?.next).toEqual([
      edit(`add ${name} to versions`),
    ]);
    const version = { versions: { p1: '9.9.9', c2: '9.9.9', apx: '9.9.9' } };
    expect(problemsOf(() => role.tasks(contextOf(profile, version)))[0]).toMatchObject({
      what: 'artifacts.sha256 has no checksum of lotus-worker-9.9.9.tar.gz',
      where: { file: 'inventories/f0494733.yaml' },
    });
  });

  it.each([
    [centos, 'yum', ['curl', 'ntpdate', 'cronie']],
    [{ id: 'debian', version: '13', family: 'debian' }, 'apt', ['curl', 'ntpsec-ntpdate', 'cron']],
  ] as const)('fits $id', (os, manager, names) => {
    const variables = defaultVariables(os);
    const resources = resourcesOf(role.tasks(contextOf(profile, { os, variables })));
    const diff = resources
      .find(({ kind }) => kind === 'packages')
      ?.diff(
        observationOf(factsFor(profile), { packages: Object.fromEntries(NONE_INSTALLED(resources)) }),
        CONTEXT,
      );
    expect(diff).toMatchObject({
      change: {
        steps: [
          {
            step: 'install-packages',
            manager,
            names: expect.arrayContaining([...names]),
          },
        ],
      },
    });
  });
});

describe('the limits of sessions', () => {
  const limits = (settings: Record<string, string> = {}) => {
    const variables = { ...contextOf(amd7532).host.variables, sysctl: settings };
    const resources = resourcesOf(p1.tasks(contextOf(amd7532, { variables })));
    return resources.find(({ id }) => id === 'file:/etc/security/limits.d/99-fcops.conf');
  };
  const seen = (value: string, writable = true) =>
    observationOf(factsFor(amd7532), {
      paths: { '/etc/security/limits.d/99-fcops.conf': { type: 'absent' } },
      sysctl: { 'fs.nr_open': { value, writable } },
    });

  it('are set once the kernel allows so many open files', () => {
    expect(limits()?.diff(seen('1048576'), CONTEXT).state).toBe('change');
    expect(limits()?.diff(seen('1073741816', false), CONTEXT).state).toBe('change');
  });

  it('are left alone where they would refuse every login', () => {
    expect(limits()?.diff(seen('1048576', false), CONTEXT)).toMatchObject({
      state: 'violated',
      violation: { severity: 'warn', next: [edit('raise fs.nr_open on the machine that this host runs on')] },
    });
    expect(limits({ 'fs.nr_open': '65536' })?.diff(seen('65536'), CONTEXT)).toMatchObject({
      violation: { next: [edit('set variables.sysctl fs.nr_open to 10000000 or more')] },
    });
  });
});

describe('the processes', () => {
  const names = (role: 'p1' | 'c2' | 'apx') => {
    const [, { processes }, profile] = roles.find(([name]) => name === role) ?? roles[0];
    return processes(contextOf(profile)).map(({ name, repository, port }) => `${name} ${repository} ${port}`);
  };

  it('of P1 are APx, P2 and each task, in the order of the handbook (2.2.8)', () => {
    expect(names('p1')).toEqual([
      'APx /opt/lotusworker/worker-apx 11000',
      'P2 /opt/lotusworker/worker-p2 12000',
      ...Array.from({ length: 14 }, (_, n) => `P1-${n + 1} /opt/lotusworker/worker-${n + 1}p1 ${10001 + n}`),
    ]);
  });

  it('of a machine of APx alone is APx, as on a P1 machine', () => {
    expect(names('apx')).toEqual(['APx /opt/lotusworker/worker-apx 11000']);
    const [alone] = apx.processes(contextOf(amd7532));
    const [beside] = p1.processes(contextOf(amd7532));
    expect({ ...alone, requires: [] }).toEqual({ ...beside, requires: [] });
  });

  it('of a machine of APx alone needs room; of template data that of pieces is told', () => {
    const requires = (checks: Host['checks']) =>
      apx
        .processes(contextOf(amd7532, { checks }))[0]
        ?.requires.map(({ name, severity }) => [name, severity]);
    expect(requires('enforce')).toEqual([
      ['room at /opt/raid0', 'enforce'],
      ['template data /opt/raid0/piecetemplate/piece-info.json', 'warn'],
      ['template data /opt/raid0/piecetemplate/staged-file', 'warn'],
    ]);
    expect(requires('off')).toEqual([]);
  });

  it('of C2 are one a GPU, on the CPUs that taskset gives them', () => {
    expect(names('c2').map((line) => line.split(' ')[0])).toEqual(['C2-1', 'C2-2', 'C2-3', 'C2-4']);
    expect(c2.processes(contextOf(intel4216)).map(({ cpus }) => cpus?.length)).toEqual([16, 16, 16, 16]);
  });

  it('know what their files export, secrets by name', () => {
    const [, , first] = p1.processes(contextOf(amd7532));
    const known = new Map(first?.environment.map(({ name, value }) => [name, value]));
    expect(known.get('MINER_API_INFO')).toEqual([
      { secret: 'token', as: 'plain' },
      ':/ip4/192.168.10.1/tcp/2345/http',
    ]);
    expect(known.get('CPU_LIST')).toEqual(['0,1']);
    // $CPU_LIST, as the line before has it.
    expect(known.get('FIL_PROOFS_CC_CPU_SET_STR')).toEqual(['0,1']);
    expect(first?.environmentIsWhole).toBe(true);
  });
});

it('the machine starts without the huge pages too', () => {
  const fstab = resourcesOf(p1.tasks(contextOf(amd7532))).find(({ id }) => id.startsWith('fstab:'));
  const seen = observationOf(factsFor(amd7532), { paths: { '/etc/fstab': { type: 'absent' } } });
  expect(fstab?.diff(seen, CONTEXT)).toMatchObject({
    change: {
      lines: [{ after: 'none /opt/hugepages/layer_labels hugetlbfs pagesize=1G,size=1792G,nofail 0 0' }],
    },
  });
});

describe('the worker of a role', () => {
  it('is linked at the path of the handbook', () => {
    expect(idsOf(p1.tasks(contextOf(amd7532)))).toEqual(
      expect.arrayContaining([
        'archive:/opt/lotusworker/versions/p1/1.11.1-3079a405a',
        'link:/opt/lotusworker/lotus-worker',
      ]),
    );
    expect(idsOf(apx.tasks(contextOf(amd7532)))).toEqual(
      expect.arrayContaining([
        'archive:/opt/lotusworker/versions/apx/1.11.1-3079a405a',
        'link:/opt/lotusworker/lotus-worker',
      ]),
    );
    expect(idsOf(c2.tasks(contextOf(intel4216)))).toEqual(
      expect.arrayContaining([
        'archive:/opt/lotusworker/versions/c2/1.11.1-39c692f52-intel',
        'link:/opt/lotus-worker',
      ]),
    );
  });
});

describe('the bus ids of GPUs', () => {
  const scriptOf = (context: ReturnType<typeof contextOf>, facts = factsFor(intel4216)) =>
    filesOf(c2.tasks(context), facts).get('/opt/worker-3c2/start_3c2.sh');
  const gpu = (busId: number) => ({ address: '0000:00:00.0', busId, numaNode: 0 });

  it('come from the machine, in its own order', () => {
    expect(scriptOf(contextOf(intel4216))).toMatch('BELLMAN_GPU_BUS_ID=35\n');
  });

  it('may be stated for the host or in the profile, and then need no facts', () => {
    const host = contextOf(intel4216, { facts: { gpus: [1, 2, 130, 4].map(gpu) } });
    expect(filesOf(c2.tasks(host)).get('/opt/worker-3c2/start_3c2.sh')).toMatch('GPU_BUS_ID=130\n');
    const gpus = intel4216.gpus.map((one, index) => ({ ...one, busId: 70 + index }));
    const profile = contextOf({ ...intel4216, gpus });
    expect(filesOf(c2.tasks(profile)).get('/opt/worker-3c2/start_3c2.sh')).toMatch('GPU_BUS_ID=72\n');
  });

  it('are refused where there are fewer GPUs than workers', () => {
    const facts = { ...factsFor(intel4216), gpus: [1, 2].map(gpu) };
    expect(problemsOf(() => scriptOf(contextOf(intel4216), facts))[0]).toMatchObject({
      what: 'worker-50 needs 4 NVIDIA GPUs for 4 C2 workers, the machine has 2',
      where: { host: 'worker-50' },
    });
    const stated = contextOf(intel4216, { facts: { gpus: [gpu(1)] } });
    expect(problemsOf(() => c2.tasks(stated))[0]?.what).toMatch('stated or saved for worker-50 has 1');
  });
});

describe('the shipped templates', () => {
  it('are all used', () => {
    const used = new Set<string>();
    const all = [
      ...roles.map(([, role, profile]) => [role, contextOf(profile)] as const),
      [
        miner,
        minerContext(
          amd7532,
          {},
          { packing: 14, backup: { mount: '/b', storage: null, directory: '/b/m', hours: 6, keep: 28 } },
        ),
      ] as const,
    ].map(([role, context]) => [role, withSystemd(context)] as const);
    for (const [role, context] of all) {
      const counting = {
        ...context,
        render: (name: string, values: Readonly<Record<string, unknown>>) => {
          used.add(name);
          return context.render(name, values);
        },
      };
      filesOf(role.tasks(counting), factsFor(context.host.profile));
      role.processes(counting);
    }
    // A partial is used where a template that is used includes it.
    for (const { text } of [...used].map((name) => shippedTemplates.get(name) ?? { text: '' }))
      for (const [, name = ''] of text.matchAll(/\{\{> (\S+)\}\}/g)) used.add(name);
    expect([...used].toSorted()).toEqual([...shippedTemplates.keys()].toSorted());
  });

  it('each refuse to do without a variable that they use', async () => {
    const { createRenderer } = await import('../../../src/render/renderer.ts');
    for (const [name, { file, text }] of shippedTemplates) {
      const own = text.replace(/\{\{> \S+\}\}/g, '');
      if (!own.includes('{{')) continue;
      const render = await createRenderer(shippedTemplates);
      const variable = /\{\{#?(?:\w+ )?([a-zA-Z]\w*)/.exec(own)?.[1];
      const [problem] = problemsOf(() => render(name, {}));
      expect(problem?.where?.file).toBe(file);
      expect(problem?.what).toBe(`the variable "${variable}" is missing`);
      expect(text.split('\n')[(problem?.where?.line ?? 0) - 1]).toMatch(variable ?? 'none');
    }
  });
});
