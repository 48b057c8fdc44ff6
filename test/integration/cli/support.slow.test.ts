/**
 * @module-tag needs-namespaces
 * @module-tag needs-root
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hardwareDocumentSchema } from '../../../src/cli/views/hardware-document.ts';
import { planDocumentSchema } from '../../../src/cli/views/plan-document.ts';
import { statusDocumentSchema } from '../../../src/cli/views/status-document.ts';
import { supportDocumentSchema } from '../../../src/cli/views/support-document.ts';
import { verifyDocumentSchema } from '../../../src/cli/views/verify-document.ts';
import { factsSchema } from '../../../src/core/facts.ts';
import { quote } from '../../../src/core/shell.ts';
import { filesOfTar } from '../../../src/ops/support/tar.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcops as run } from '../../support/fcops.ts';
import { copyPieceInfo, p1Machine } from '../../support/machines.ts';
import { argumentsNow, hasPlant, PLANTS, plantingScript, plantsIn } from '../../support/planted-secrets.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';

/** Secrets of ours, of the host's profile and of others stand wherever an archive takes something from. */

const LOG = '/opt/lotusworker/worker-3p1/log.txt';
let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let cluster: WrittenCluster;
let directory: string;

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory], {
    env: { ...cluster.env, XDG_STATE_HOME: directory },
    cwd: directory,
  });
const program = (name: string, text: string) =>
  writeFileSync(`${hosts.host.root}/usr/local/bin/${name}`, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
const read = (file: string) =>
  new Map(
    filesOfTar(gunzipSync(readFileSync(file))).map(({ name, bytes }) => [
      name.slice(name.indexOf('/') + 1),
      Buffer.from(bytes).toString(),
    ]),
  );

/** A line for each way in which a program may log a secret. */
const logged = (secret: string): string =>
  [
    `said ${secret} once`,
    JSON.stringify({ headers: { Authorization: `Bearer ${secret}` } }),
    `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`,
    `GET http://mirror/?t=${encodeURIComponent(secret)}`,
    Buffer.from(secret).toString('hex'),
  ].join('\n');

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50')] });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  directory = mkdtempSync(join(tmpdir(), 'fcops-support-'));
  await copyPieceInfo(hosts.host);
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: [{ host: hosts.host, roles: ['p1'], profile: 'amd-7532' }],
  });
  await hosts.host.sh(plantingScript('p1'));
  const deployed = await fcops('deploy', 'p1', '--yes');
  expect(deployed.exitCode, deployed.stdout + deployed.stderr).toBe(0);
  await hosts.host.sh(plantingScript('p1'));
  await hosts.host.sh(`mkdir -p ${LOG.slice(0, LOG.lastIndexOf('/'))}
    printf '%s\\n' ${quote(
      [
        'an ordinary line',
        logged(TOKEN),
        logged(artifacts.password),
        logged(PLANTS.profile),
        `mysql password=${PLANTS.script} http://me:${PLANTS.option}@backup/`,
      ].join('\n'),
    )} >${LOG}
    head -c 300000 /dev/zero | tr '\\0' x | fold -w 99 >${LOG.replace('3p1', '4p1')}
    echo the end >>${LOG.replace('3p1', '4p1')}`);
  program(
    'journalctl',
    `[[ $* != *_TRANSPORT=kernel* ]] || echo "2026-11-29T20:31:06+0000 p1-50 kernel: NVRM: Xid (PCI:0000:21:00): 79, GPU has fallen off the bus ${TOKEN}"`,
  );
});
afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

const refusesSecrets = (file: string): void => {
  for (const [name, text] of read(file)) {
    for (const secret of [TOKEN, artifacts.password, PLANTS.profile])
      for (const line of logged(secret).split('\n').slice(2))
        expect(text.includes(line) || text.includes(secret), `${name} has ${line}`).toBe(false);
    expect(hasPlant(text), `${name}: ${plantsIn(text)}`).toBe(false);
  }
};

it('makes one archive of all that is known, for its owner alone, with no secret in it', {
  timeout: 120_000,
}, async () => {
  const file = join(directory, 'a.tar.gz');
  const seen = new Set<string>();
  const looking = setInterval(() => {
    for (const list of argumentsNow()) seen.add(list);
  }, 20);
  const { exitCode, stdout, stderr } = await fcops('support', 'p1-50', '--out', file);
  clearInterval(looking);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/a\.tar\.gz: \d+ files, .*; no secret that is known is in it\n/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  refusesSecrets(file);
  for (const secret of [TOKEN, artifacts.password, PLANTS.profile])
    expect([...seen].filter((list) => list.includes(secret))).toEqual([]);
  const files = read(file);
  expect(planDocumentSchema.parse(JSON.parse(files.get('plan.json') ?? '')).hosts).toHaveLength(1);
  expect(statusDocumentSchema.parse(JSON.parse(files.get('status.json') ?? '')).counts.hosts).toBe(1);
  expect(verifyDocumentSchema.parse(JSON.parse(files.get('verify.json') ?? '')).right).toBe(false);
  expect(factsSchema.parse(JSON.parse(files.get('facts.json') ?? '')).hostname).toMatch(/^f0494733-p1-/);
  const hardware = hardwareDocumentSchema.parse(JSON.parse(files.get('hardware.json') ?? ''));
  expect(hardware.findings.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/^Xid 79 of GPU 0000:21:00\.0/),
  );
  expect(files.get('kernel.txt')).toContain(
    'Xid (PCI:0000:21:00): 79, GPU has fallen off the bus ********\n',
  );
  expect(files.get('plan.txt')).toContain('start_1p1.sh');
  expect(files.get('logs/P1-3.log')).toMatch(/^an ordinary line\nsaid \*{8} once\n/);
  expect(files.get('logs/P1-4.log')).toMatch(/^\(what was written before is left out\)\n(x+\n)+x*the end\n$/);
  const names = [...files.keys()];
  expect(names.filter((name) => /^host-runs\/r-.*\.journal$/.test(name))).toHaveLength(1);
  expect(names.filter((name) => /^runs\/r-[^/]*\/(run|result|plan|events)\.jsonl?$/.test(name))).toHaveLength(
    4,
  );
  const index = files.get('index.txt') ?? '';
  expect(index).toMatch(
    /^Support archive of p1-50 \([\d.]+\), miner f0494733, roles p1\.\nMade .* with fcops /,
  );
  expect(index).toMatch(/\nNot in this archive:\n(.*\n)* {2}logs\/P2\.log: there is no .* on the host\n/);
});

it('writes over nothing, and says so before it asks the host', async () => {
  const file = join(directory, 'there');
  writeFileSync(file, 'mine');
  const { exitCode, stderr } = await fcops('support', 'p1-50', '--out', file);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('there is a file already, and it is not written over');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  const nowhere = await fcops('support', 'p1-50', '--out', join(directory, 'no/where'));
  expect(nowhere.stderr).toContain('there is no such directory');
  const role = await fcops('support', 'f0494733');
  expect(role.exitCode).toBe(1);
});

it('goes on without what hangs or is not there, and names it', { timeout: 120_000 }, async () => {
  program('dmidecode', 'sleep 60');
  program('nvidia-smi', 'trap "" TERM; sleep 60');
  program('ps', 'sleep 60');
  const { exitCode, stdout, stderr } = await fcops('support', 'p1-50', '--output', 'json');
  expect(exitCode, stdout + stderr).toBe(0);
  const document = supportDocumentSchema.parse(JSON.parse(stdout));
  expect(document.file).toMatch(/\/fcops-support-p1-50-\d{8}T\d{6}Z\.tar\.gz$/);
  expect(document.missing).toContainEqual({ name: 'system/processes.txt', why: 'ps gave no answer in time' });
  const hardware = read(document.file).get('hardware.txt') ?? '';
  expect(hardware).toContain('? the memory modules are not known: dmidecode gave no answer in time\n');
  expect(hardware).toContain('? whether its GPUs answer is not known: nvidia-smi gave no answer in time\n');
});

it('is still made of what is known here where the host does not answer', { timeout: 60_000 }, async () => {
  hosts.host.ssh.close();
  const { exitCode, stdout, stderr } = await fcops('support', 'p1-50', '--output', 'json');
  expect(exitCode, stdout + stderr).toBe(0);
  const { missing, files } = supportDocumentSchema.parse(JSON.parse(stdout));
  expect(missing.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['hardware', 'facts', 'logs', 'host-runs', 'kernel.txt', 'system']),
  );
  expect(files.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^runs\/r-.*\/events\.jsonl$/));
});
