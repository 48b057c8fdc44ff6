import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskedText } from '../../../src/core/content.ts';
import type { Profile } from '../../../src/core/profile.ts';
import { quote } from '../../../src/core/shell.ts';
import { apx } from '../../../src/roles/apx.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { needs } from '../../support/needs.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { contextOf, filesOf, TOKEN } from './support.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');
const p1Files = filesOf(p1.tasks(contextOf(amd7532)));
const apxFiles = filesOf(apx.tasks(contextOf(amd7532)));
const c2Files = filesOf(c2.tasks(contextOf(intel4216)), factsFor(intel4216));

/** `export NAME=value` lines of a script, as the shell would see them. */
const exportsOf = (text = '') =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

describe('the files of a P1 machine', () => {
  it('are where the handbook has them (1.3.2)', () => {
    const inLotusworker = [...p1Files.keys()].filter((path) => path.startsWith('/opt/'));
    const perTask = Array.from(
      { length: 14 },
      (_, index) => `/opt/lotusworker/worker-${index + 1}p1/start_${index + 1}p1.sh`,
    );
    expect(inLotusworker.toSorted()).toEqual(
      [
        '/opt/lotusworker/profile',
        '/opt/lotusworker/start_apx.sh',
        '/opt/lotusworker/start_p1.sh',
        '/opt/lotusworker/start_p2.sh',
        '/opt/lotusworker/worker-apx/init_apx.sh',
        '/opt/lotusworker/worker-apx/start_apx.sh',
        '/opt/lotusworker/worker-p2/start_p2.sh',
        ...perTask,
      ].toSorted(),
    );
  });

  it('give each task the cores and nodes of the handbook (2.2.6.4)', () => {
    const rows = Array.from({ length: 14 }, (_, index) => {
      const text = p1Files.get(`/opt/lotusworker/worker-${index + 1}p1/start_${index + 1}p1.sh`);
      const { CPU_LIST, FIL_PROOFS_NUMA_NODE, FIL_PROOFS_HUGEPAGES_MOUNT_PATH } = exportsOf(text);
      expect(FIL_PROOFS_HUGEPAGES_MOUNT_PATH).toBe(`/opt/hugepages/layer_labels/${index + 1}p1`);
      return `${CPU_LIST}=${FIL_PROOFS_NUMA_NODE}`;
    });
    expect(rows).toEqual([
      ...['0,1=0', '2,3=0,1', '8,9=1', '10,11=1,2', '16,17=2', '18,19=2,3', '32,33,31=3,4'],
      ...['34,35=4', '40,41,39=4,5', '42,43=5', '48,49,47=5,6', '50,51=6', '56,57,55=6,7', '58,59=7'],
    ]);
    expect(exportsOf(p1Files.get('/opt/lotusworker/worker-p2/start_p2.sh')).CPU_LIST).toBe('24,26,28,30');
  });

  it('allocate 7 × 252 huge pages and the rest on the node of the GPU (2.2.5.3)', () => {
    const calls = p1Files.get('/etc/hugepages.sh')?.match(/^allocate .*$/gm);
    expect(calls).toEqual([
      ...[0, 1, 2, 4, 5, 6, 7].map((node) => `allocate ${node} 252`),
      'allocate 3 $((total - allocated))',
    ]);
    expect(p1Files.get('/etc/hugepages.sh')).toMatch('total=1792');
  });

  it('allocate all huge pages when the machine starts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fcops-nodes-'));
    try {
      const pages = (node: number) => join(folder, `node${node}/hugepages/hugepages-1048576kB/nr_hugepages`);
      for (let node = 0; node < 8; node++) {
        mkdirSync(dirname(pages(node)), { recursive: true });
      }
      const text = p1Files.get('/etc/hugepages.sh')?.replaceAll('/sys/devices/system/node', folder);
      const { status, stderr } = spawnSync('bash', { input: text, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const given = [0, 1, 2, 3, 4, 5, 6, 7].map((node) => Number(readFileSync(pages(node), 'utf8')));
      expect(given).toEqual([252, 252, 252, 28, 252, 252, 252, 252]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('differ for 32 GiB sectors in their number, the sector type and the limit of sectors', () => {
    const files = filesOf(p1.tasks(contextOf(amd7532, {}, { sectorSize: '32GiB' })));
    expect([...files.keys()].filter((path) => /start_\d+p1\.sh$/.test(path))).toHaveLength(24);
    expect(exportsOf(files.get('/opt/lotusworker/profile')).SECTOR_TYPE).toBe('32GB');
    expect(files.get('/opt/lotusworker/worker-apx/init_apx.sh')).toMatch('--maxsealing 52 --group 50');
    expect(files.get('/opt/lotusworker/start_p1.sh')).toMatch('task <= 24');
  });

  it('keep the miner out of reach of everybody but root', () => {
    const file = p1
      .tasks(contextOf(amd7532))
      .flatMap(({ resources }) => resources)
      .find(({ id }) => id === 'file:/opt/lotusworker/profile')?.file;
    expect(file?.mode).toBe('0600');
    const holders = [...p1Files].filter(([, text]) => text.includes(TOKEN)).map(([path]) => path);
    expect(holders).toEqual(['/opt/lotusworker/profile']);
  });

  it('hold any text of the inventory as text', () => {
    const nasty = `$(touch /x) "q" 'p' \\ ;&`;
    const variables = { ...contextOf(amd7532).host.variables, environment: { NASTY: nasty } };
    const profile = filesOf(p1.tasks(contextOf(amd7532, { variables }))).get('/opt/lotusworker/profile');
    const shown = execFileSync('bash', ['-c', `${profile}\nprintf %s "$NASTY|$MINER_API_INFO"`]).toString();
    expect(shown).toBe(`${nasty}|${TOKEN}:/ip4/192.168.10.1/tcp/2345/http`);
  });
});

describe('the files of a C2 machine', () => {
  it('are where the handbook has them (1.3.3)', () => {
    const inOpt = [...c2Files.keys()].filter((path) => path.startsWith('/opt/'));
    expect(inOpt.toSorted()).toEqual([
      '/opt/profile',
      '/opt/start_c2.sh',
      ...[1, 2, 3, 4].map((index) => `/opt/worker-${index}c2/start_${index}c2.sh`),
    ]);
  });

  it('give each worker its cores, port and GPU (2.3.4.3)', () => {
    const rows = [1, 2, 3, 4].map((index) => {
      const text = c2Files.get(`/opt/worker-${index}c2/start_${index}c2.sh`) ?? '';
      return [/^CPU_LIST=(.*)$/m, /--listen (\S+)/, /^export BELLMAN_GPU_BUS_ID=(.*)$/m].map(
        (pattern) => pattern.exec(text)?.[1],
      );
    });
    // The handbook names the feeding siblings (40,41 …) twice.
    expect(rows).toEqual([
      ['8,9,40,41,0,1,2,3,4,5,32,33,34,35,36,37', '192.168.10.50:20010', '33'],
      ['10,11,42,43,6,7,16,17,18,19,38,39,48,49,50,51', '192.168.10.50:20020', '34'],
      ['12,13,44,45,20,21,22,23,24,25,52,53,54,55,56,57', '192.168.10.50:20030', '35'],
      ['14,15,46,47,26,27,28,29,30,31,58,59,60,61,62,63', '192.168.10.50:20040', '36'],
    ]);
  });
});

describe('the files of a machine of APx alone', () => {
  it('are those of APx on a P1 machine, where the handbook has them (1.3.2), and no others', () => {
    const inOpt = [...apxFiles.keys()].filter((path) => path.startsWith('/opt/'));
    expect(inOpt.toSorted()).toEqual([
      '/opt/lotusworker/profile',
      '/opt/lotusworker/start_apx.sh',
      '/opt/lotusworker/worker-apx/init_apx.sh',
      '/opt/lotusworker/worker-apx/start_apx.sh',
    ]);
    for (const [path, text] of apxFiles) expect([path, text]).toEqual([path, p1Files.get(path)]);
    expect([...apxFiles.keys()].filter((path) => path.includes('hugepages'))).toEqual([]);
  });

  it('have the limit of the profile, the group of the address and the cache path of the handbook (2.2.6.3.2)', () => {
    const init = (context: ReturnType<typeof contextOf>) =>
      filesOf(apx.tasks(context)).get('/opt/lotusworker/worker-apx/init_apx.sh');
    expect(init(contextOf(amd7532))).toMatch('--maxsealing 30 --group 50 /opt/raid0/workercache\n');
    expect(init(contextOf(amd7532, {}, { sectorSize: '32GiB' }))).toMatch('--maxsealing 52 --group 50 ');
    const own = { ...amd7532, apx: { maxSealing: { '64GiB': 60 } } };
    expect(init(contextOf(own, { address: '10.0.0.7' }))).toMatch('--maxsealing 60 --group 7 ');
  });
});

describe('every file that a shell runs', () => {
  const scripts = [...p1Files, ...c2Files].filter(
    ([path]) => path.endsWith('.sh') || path.endsWith('/profile'),
  );

  it('passes shellcheck', { tags: needs('shellcheck') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'fcops-scripts-'));
    try {
      const names = scripts.map(([path, text]) => {
        const name = join(folder, path.slice(1).replaceAll('/', '_'));
        writeFileSync(name, text);
        return name;
      });
      const { stdout, status } = spawnSync('shellcheck', names, { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(scripts)('%s is bash', (_, text) => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('');
  });
});

describe('variables.environment', () => {
  const environment = {
    RUST_LOG: 'debug',
    TMPDIR: "/a dir's",
    SECTOR_TYPE: '64GB-x',
    FIL_PROOFS_POOL_LIMIT: '8',
    OWN: '1',
  };
  const variablesOf = (profile: Profile) => ({ ...contextOf(profile).host.variables, environment });
  const p1Context = contextOf(amd7532, { variables: variablesOf(amd7532) });
  const c2Context = contextOf(intel4216, { variables: variablesOf(intel4216) });
  const files = [
    ...filesOf(p1.tasks(p1Context)),
    ...filesOf(c2.tasks(c2Context), factsFor(intel4216)),
  ].filter(([path]) => /(start_.*\.sh|profile)$/.test(path));

  it('wins over what the scripts set by themselves, after the profile', () => {
    const start = new Map(files).get('/opt/lotusworker/worker-3p1/start_3p1.sh') ?? '';
    expect(exportsOf(start)).toMatchObject({ RUST_LOG: 'debug', TMPDIR: "'/a dir'\\''s'" });
    expect(exportsOf(new Map(files).get('/opt/lotusworker/worker-p2/start_p2.sh'))).toMatchObject({
      FIL_PROOFS_POOL_LIMIT: '8',
      FIL_PROOFS_COLUMN_PARALLEL: '2',
    });
    for (const [path, text] of files) {
      const set = exportsOf(text);
      for (const [name, value] of Object.entries(environment))
        if (name in set) expect([path, name, set[name]]).toEqual([path, name, quote(value)]);
    }
  });

  it('is written once in each file', () => {
    for (const [path, text] of files) {
      const names = [...text.matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
      expect([path, names]).toEqual([path, [...new Set(names)]]);
    }
  });

  it('is what a process is to have: one with another value owes a restart', () => {
    const processes = [...p1.processes(p1Context), ...c2.processes(c2Context)];
    for (const process of processes) {
      const wanted = Object.fromEntries(
        process.environment.map(({ name, value }) => [
          name,
          typeof value === 'function' ? 'by the facts' : maskedText(value),
        ]),
      );
      expect(wanted).toMatchObject({ RUST_LOG: 'debug', TMPDIR: "/a dir's", OWN: '1' });
    }
  });
});
