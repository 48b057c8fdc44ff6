/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
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
const template = 'p1/worker-p2/start_p2.sh.hbs';
const shipped = fileURLToPath(new URL(`../../../templates/${template}`, import.meta.url));

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let repository: Repository;
let before = '';

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory, '--templates', join(repository.directory, 'templates')], {
    env: { ...cluster.env, OTHER_TOKEN: 'another-token.of.the-miner', PATH: process.env.PATH ?? '' },
    cwd: repository.directory,
  });

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
  repository.write(`templates/${template}`, readFileSync(shipped, 'utf8'));
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

/** What changes or is owed where, as `host resource`. */
const offline = async (): Promise<string[]> => {
  const { stdout, stderr } = await fcops('plan', 'all', '--base', 'main', '--output', 'json');
  expect(stderr).toBe('');
  const { groups } = planDiffDocumentSchema.parse(JSON.parse(stdout));
  return groups.flatMap(({ hosts: those, items }) =>
    those.flatMap(({ host }) => items.map(({ resource }) => `${host} ${resource}`)),
  );
};

/** What the machine is, and what is left over on it, is told of no comparison as such. */
const OF_MACHINES = ['assertion', 'overrides', 'leftovers'];

const live = async (): Promise<string[]> => {
  const { stdout, stderr } = await fcops('plan', 'all', '--output', 'json');
  expect(stderr).not.toContain('error');
  return planDocumentSchema
    .parse(JSON.parse(stdout))
    .hosts.flatMap(({ host, items }) =>
      items.flatMap(({ kind, resource }) => (OF_MACHINES.includes(kind) ? [] : [`${host} ${resource}`])),
    );
};

/** What the simulated hosts tell right after their deploy: this machine has not all the CPUs of a C2 host. */
let anyway: string[] = [];

const withAnyway = (found: readonly string[]): string[] => [...new Set([...found, ...anyway])].sort();

type File = Record<string, unknown> & { hosts: Record<string, unknown>[] };
const changes: readonly (readonly [string, (file: File) => unknown])[] = [
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
    const text = readFileSync(shipped, 'utf8');
    repository.write(
      `templates/${template}`,
      text.replace('export RUST_LOG=', 'export FOO=1\nexport RUST_LOG='),
    );
    const found = await offline();
    expect(withAnyway(found)).toEqual((await live()).sort());
    expect(found).toEqual([
      'p1-50 file:/opt/lotusworker/worker-p2/start_p2.sh',
      'p1-50 process:P2',
      'p1-51 file:/opt/lotusworker/worker-p2/start_p2.sh',
      'p1-51 process:P2',
    ]);
  });
});
