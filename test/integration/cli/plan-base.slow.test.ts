/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type * as z from 'zod';
import { planDiffDocumentSchema } from '../../../src/cli/views/plan-diff-document.ts';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { MINER, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { c2Machine, copyPieceInfo, p1Machine } from '../../support/machines.ts';
import type { Repository } from '../../support/repository.ts';
import { makeRepository } from '../../support/repository.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** The comparison of two states says what the plan of hosts says on which the first has been deployed, and which run. */

const OTHER_VERSION = '1.11.2-84d1b1c5e';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const shipped = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Files of the repository that stand in the place of shipped ones, and what may be made of each. */
const TEMPLATES = [
  'p1/worker-p2/start_p2.sh.hbs',
  'p1/worker-Np1/start_Np1.sh.hbs',
  'p1/worker-apx/init_apx.sh.hbs',
  'p1/profile.hbs',
  'c2/start_c2.sh.hbs',
  'c2/profile.hbs',
  'etc/sysctl.conf.hbs',
  'etc/hugepages.sh.hbs',
].map((name) => `templates/${name}`);
const P1_PROFILE = 'profiles/amd-7532.yaml';
const C2_PROFILE = 'profiles/intel-4216.yaml';

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let repository: Repository;
type PlanDiffItem = z.infer<typeof planDiffDocumentSchema>['groups'][number]['items'][number];
type PlanItem = z.infer<typeof planDocumentSchema>['hosts'][number]['items'][number];
let before = '';

const DIRECTORIES = ['templates', 'profiles'];
const fcops = (...args: string[]) =>
  run(
    [
      ...args,
      '--inventory',
      cluster.inventory,
      ...DIRECTORIES.flatMap((name) => [`--${name}`, join(repository.directory, name)]),
    ],
    {
      env: { ...cluster.env, OTHER_TOKEN: 'another-token.of.the-miner', PATH: process.env.PATH ?? '' },
      cwd: repository.directory,
    },
  );

beforeAll(async () => {
  repository = await makeRepository();
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50'), p1Machine('p1-51'), c2Machine('c2-10')] });
  artifacts = await startArtifactServer({ versions: [...Object.values(VERSIONS), OTHER_VERSION] });
  const [first, second, third] = hosts.hosts;
  if (!first || !second || !third) throw new Error('there are three hosts');
  await Promise.all([first, second].map((host) => copyPieceInfo(host)));
  cluster = await writeCluster({
    ...hosts,
    directory: repository.directory,
    artifacts,
    more: { variables: { startPause: 0 } },
    hosts: [
      { host: first, roles: ['p1'], profile: 'amd-7532' },
      { host: second, roles: ['p1'], profile: 'amd-7532' },
      { host: third, roles: ['c2'], profile: 'intel-4216' },
    ],
  });
  for (const file of [...TEMPLATES, P1_PROFILE, C2_PROFILE]) repository.write(file, shipped(file));
  const deployed = await fcops('deploy', 'all', '--miner', MINER, '--yes', '--start', '--no-preflight');
  expect(deployed.exitCode, deployed.stdout + deployed.stderr).toBe(0);
  // What follows from machines is known then.
  const saved = await fcops('facts', 'p1-50', 'p1-51', 'c2-10', '--save');
  expect(saved.exitCode, saved.stderr).toBe(0);
  before = readFileSync(cluster.file, 'utf8');
  await repository.commit('deployed');
  anyway = await live();
  expect(anyway.filter((one) => !/^c2-10 process:/.test(one))).toEqual([]);
}, 120_000);
afterAll(async () => {
  rmSync(repository.directory, { recursive: true, force: true });
  await artifacts?.stop();
  await hosts?.stop();
});

/** A host as both documents name it. */
interface Named {
  readonly host: string;
  readonly address: string;
}

/**
 * What one side says of a resource: what is done to it, and what its text is to be. Secrets stand in it as a plan masks them,
 * and names and addresses of `as`, the host whose text it is, as those of any.
 */
const said = (host: string, item: PlanDiffItem | PlanItem, as: Named): string => {
  // Made-up processes have no huge pages: their mount could be made anew, which the comparison takes for in use.
  if (item.kind === 'mounted') return `${host} ${item.resource}`;
  if (item.state !== 'change') return `${host} ${item.resource} ${item.state}`;
  const text = (item.text?.after ?? '')
    .replaceAll(/<env \w+>/g, '********')
    .replaceAll(as.address, '(address)')
    .replaceAll(as.host, '(name)')
    // The last number of its address.
    .replaceAll(/--group \d+/g, '--group (number)');
  return `${host} ${item.resource} ${item.action} ${text}`.trimEnd();
};

/** What changes or is owed where. */
const offline = async (): Promise<string[]> => {
  const { stdout, stderr } = await fcops('plan', 'all', '--base', 'main', '--output', 'json');
  expect(stderr).toBe('');
  const { groups } = planDiffDocumentSchema.parse(JSON.parse(stdout));
  return groups.flatMap(({ hosts: [first, ...more], items }) =>
    first === undefined
      ? []
      : [first, ...more].flatMap(({ host }) => items.map((item) => said(host, item, first))),
  );
};

/** What the machine is, and what is left over on it, is told of no comparison as such. */
const OF_MACHINES = ['assertion', 'overrides', 'leftovers'];

const live = async (): Promise<string[]> => {
  const { stdout, stderr } = await fcops('plan', 'all', '--output', 'json');
  expect(stderr).not.toContain('error');
  return planDocumentSchema
    .parse(JSON.parse(stdout))
    .hosts.flatMap(({ items, ...as }) =>
      items.flatMap((item) => (OF_MACHINES.includes(item.kind) ? [] : [said(as.host, item, as)])),
    );
};

/** What the simulated hosts tell right after their deploy: this machine has not all the CPUs of a C2 host. */
let anyway: string[] = [];

const withAnyway = (found: readonly string[]): string[] => [...new Set([...found, ...anyway])].sort();

type File = Record<string, unknown> & { hosts: Record<string, unknown>[] };
const changes: readonly (readonly [string, (file: File) => File])[] = [
  ['nothing', (file) => file],
  [
    'settings of all hosts',
    (file) => ({
      ...file,
      variables: {
        ...Object(file.variables),
        ...{ ntpServer: 'ntp.example.com', timezone: 'Europe/Berlin', sysctl: { 'vm.swappiness': '1' } },
        environment: { RUST_LOG: 'debug', OWN: 'value' },
      },
    }),
  ],
  ['another token', (file) => ({ ...file, api: { ...Object(file.api), token: { env: 'OTHER_TOKEN' } } })],
  [
    'another version and another supervisor of one host',
    (file) => ({
      ...file,
      hosts: file.hosts.map((host, index) =>
        index === 0
          ? { ...host, versions: { p1: OTHER_VERSION } }
          : { ...host, variables: { supervisor: 'systemd' } },
      ),
    }),
  ],
  [
    'fewer tasks of one host',
    (file) => ({
      ...file,
      hosts: file.hosts.map((host, index) =>
        index === 1 ? { ...host, overrides: { p1Tasks: 12, until: '2999-12-31', reason: 'a test' } } : host,
      ),
    }),
  ],
  [
    'another name',
    (file) => ({
      ...file,
      hosts: file.hosts.map((host, index) => (index === 1 ? { ...host, name: 'p1-99' } : host)),
    }),
  ],
];

/** Any of these changes of the cluster file, one after the other. */
const inventories: fc.Arbitrary<(file: File) => File> = fc
  .record({
    which: fc.subarray(changes.map(([, change]) => change)),
    variables: fc.record(
      {
        ntpServer: fc.constantFrom('ntp.example.com', null),
        timezone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin'),
        sysctl: fc.dictionary(
          fc.constantFrom('vm.swappiness', 'net.core.somaxconn'),
          fc.constantFrom('7', '512'),
        ),
        environment: fc.dictionary(fc.constantFrom('OWN', 'RUST_LOG'), fc.constantFrom("it's", 'debug', '1')),
        logFiles: fc.constantFrom(3, 5),
      },
      { requiredKeys: [] },
    ),
    host: fc.record({ environment: fc.constantFrom({}, { ONLY: 'here' }), at: fc.nat({ max: 2 }) }),
  })
  .map(({ which, variables, host: { environment, at } }) => (file) => {
    const made = which.reduce<File>((value, change) => change(value), file);
    return {
      ...made,
      variables: { ...Object(made.variables), ...variables },
      hosts: made.hosts.map((host, index) =>
        index === at ? { ...host, variables: { ...Object(host.variables), environment } } : host,
      ),
    };
  });

/** Files of the repository, each as it was deployed or otherwise. */
const repositories: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record({
    inventory: inventories,
    sealing: fc.constantFrom(30, 31),
    tasks: fc.constantFrom(14, 13),
    feeding: fc.constantFrom(2, 1),
    templates: fc.subarray(TEMPLATES, { maxLength: 4 }),
  })
  .map(({ inventory, sealing, tasks, feeding, templates }) => ({
    [relative(repository.directory, cluster.file)]: stringify(inventory(parse(before))),
    [P1_PROFILE]: shipped(P1_PROFILE)
      .replace('maxSealing: { 64GiB: 30,', `maxSealing: { 64GiB: ${sealing},`)
      .replace('tasks: { 64GiB: 14,', `tasks: { 64GiB: ${tasks},`),
    [C2_PROFILE]: shipped(C2_PROFILE).replace('feedingCores: 2', `feedingCores: ${feeding}`),
    ...Object.fromEntries(
      TEMPLATES.map((file) => [file, shipped(file) + (templates.includes(file) ? '# ours\n' : '')]),
    ),
  }));

describe('the comparison with what was deployed', () => {
  it.each(changes)(
    'names what the plan of the hosts names: %s',
    { timeout: 120_000 },
    async (name, change) => {
      writeFileSync(cluster.file, stringify(change(parse(before))));
      const found = await offline();
      expect(withAnyway(found)).toEqual((await live()).sort());
      expect(found.length > 0).toBe(name !== 'nothing');
    },
  );

  it('names what the plan of the hosts names: a template', { timeout: 120_000 }, async () => {
    writeFileSync(cluster.file, before);
    const [template = ''] = TEMPLATES;
    repository.write(
      template,
      shipped(template).replace('export RUST_LOG=', 'export FOO=1\nexport RUST_LOG='),
    );
    const found = await offline();
    expect(withAnyway(found)).toEqual((await live()).sort());
    expect(found.map((one) => one.split(' ', 2).join(' '))).toEqual([
      'p1-50 file:/opt/lotusworker/worker-p2/start_p2.sh',
      'p1-50 process:P2',
      'p1-51 file:/opt/lotusworker/worker-p2/start_p2.sh',
      'p1-51 process:P2',
    ]);
  });

  it('names what the plan of the hosts names, whatever changes in inventory, profiles and templates', {
    timeout: 900_000,
  }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(repositories, async (files) => {
        for (const [file, text] of Object.entries(files)) repository.write(file, text);
        const found = await offline();
        for (const one of found) seen.add(one.split(' ')[1] ?? '');
        expect(withAnyway(found)).toEqual((await live()).sort());
      }),
      // Each is two commands; the seed is another one in each run, and is told where it fails.
      { numRuns: 12, endOnFailure: true },
    );
    // It was about something.
    expect(seen.size).toBeGreaterThan(8);
  });
});
