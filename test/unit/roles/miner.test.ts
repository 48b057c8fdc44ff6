import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { maskedText } from '../../../src/core/content.ts';
import type { Facts } from '../../../src/core/facts.ts';
import { edit, sayNext } from '../../../src/core/next.ts';
import { GiB } from '../../../src/core/units.ts';
import type { Api, Cluster, Host } from '../../../src/inventory/cluster.ts';
import { miner } from '../../../src/roles/miner.ts';
import { lotusKeys, minerKeys } from '../../../src/roles/miner-config.ts';
import { needs } from '../../support/needs.ts';
import { factsFor, problemsOf, shipped } from '../layout/shipped.ts';
import type { Stated } from '../resources/answer-of.ts';
import { CONTEXT, clusterOf, filesOf, hostOf, minerContext, observationOf, resourcesOf } from './support.ts';

const profile = shipped('amd-7532');
const VERSION = '1.11.1-3079a405a';
const good = factsFor(profile);
const tasksOf = (host: Partial<Host> = {}, cluster: Partial<Cluster> = {}) =>
  miner.tasks(minerContext(profile, host, cluster));
const idsOf = (...own: Parameters<typeof tasksOf>) => resourcesOf(tasksOf(...own)).map(({ id }) => id);
const filesWith = (facts: Facts = good, ...own: Parameters<typeof tasksOf>) =>
  filesOf(tasksOf(...own), facts);
const exportsOf = (text = '') =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

const statedApi = (address: string): Api => ({ from: 'inventory', address, token: clusterOf().api.token });

const BACKUP = {
  mount: '/backup',
  storage: 'backup',
  directory: '/backup/f0494733',
  hours: 6,
  keep: 28,
} as const;

describe('the role miner', () => {
  it('declares nothing twice', () => {
    for (const packing of [null, 14]) {
      const ids = idsOf({}, { packing, backup: packing === null ? null : BACKUP });
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });

  it('has its files where the handbook has them (1.3.1)', () => {
    const paths = [...filesWith(good, {}, { packing: 14 }).keys()];
    expect(paths.filter((path) => path.startsWith('/opt/')).toSorted()).toEqual([
      '/opt/raid0/cron_pledge.sh',
      '/opt/raid0/profile',
      '/opt/raid0/start_lotus.sh',
      '/opt/raid0/start_lotusminer.sh',
    ]);
    expect(paths).toContain('/etc/profile.d/fcops-lotus.sh');
    expect(idsOf()).toEqual(
      expect.arrayContaining([
        'directory:/opt/raid0/minerbackup',
        'link:/usr/local/bin/lotus',
        'link:/usr/local/bin/lotus-miner',
        'hostname:f0494733-miner-192-168-10-1',
      ]),
    );
  });

  it('puts nothing in the repository of lotus-miner, which an init that fails removes', () => {
    const ids = idsOf({}, { packing: 14 });
    expect(ids.filter((id) => id.includes('/opt/raid0/lotusminer'))).toEqual([
      'toml:/opt/raid0/lotusminer/config.toml',
    ]);
  });

  it('backs up by cron, four times a day or once, and only where the inventory says so', () => {
    const entries = (backup: Cluster['backup']) => {
      const cron = resourcesOf(tasksOf({}, { backup })).find(
        ({ id }) => id.includes('backup_lotusminer') && !id.startsWith('file:'),
      );
      const change = cron?.diff(
        observationOf(good, {
          crontabs: { root: '* * * * * other\n1 2 * * * /bin/bash /opt/raid0/backup_lotusminer.sh\n' },
        }),
        CONTEXT,
      );
      return change?.state === 'change' ? change.change.lines : change?.state;
    };
    expect(entries(BACKUP)).toMatchObject([
      { after: '17 */6 * * * /bin/bash /opt/raid0/backup_lotusminer.sh >/dev/null 2>&1' },
    ]);
    expect(entries({ ...BACKUP, hours: 24 })).toMatchObject([
      { after: expect.stringMatching(/^17 3 \* \* \* /) },
    ]);
    expect(entries(null)).toMatchObject([{ after: null }]);
    expect([...filesWith(good).keys()]).not.toContain('/opt/raid0/backup_lotusminer.sh');
  });

  it('asks for both versions and their checksums', () => {
    expect(problemsOf(() => tasksOf({ versions: { lotus: VERSION } }))[0]).toMatchObject({
      what: 'no version of lotus-miner is set for role miner',
      next: [edit('add miner to versions')],
    });
    expect(problemsOf(() => tasksOf({ versions: { lotus: '9.9', miner: VERSION } }))[0]).toMatchObject({
      what: 'artifacts.sha256 has no checksum of lotus-9.9.tar.gz',
    });
  });
});

describe('the processes of a miner', () => {
  const processesOf = (...own: Parameters<typeof tasksOf>) => miner.processes(minerContext(profile, ...own));

  it('are lotus, then lotus-miner, which is started when lotus is in sync (4.2.1)', () => {
    expect(processesOf()).toMatchObject([
      {
        name: 'lotus',
        repository: '/opt/raid0/lotus',
        log: '/opt/raid0/lotus/logs',
        port: 1234,
        start: { run: 'bash /opt/raid0/start_lotus.sh', ready: { type: 'lotus-in-sync', deadline: 3600 } },
      },
      {
        name: 'lotus-miner',
        repository: '/opt/raid0/lotusminer',
        log: '/opt/raid0/lotusminer/logs',
        port: 2345,
        after: ['lotus'],
        start: {
          run: 'bash /opt/raid0/start_lotusminer.sh',
          before: { type: 'lotus-in-sync' },
          ready: { type: 'miner-answers', miner: 'f0494733' },
        },
      },
    ]);
  });

  it('listen where the inventory says', () => {
    const API = (port: number) => ({ API: { ListenAddress: `/ip4/192.168.10.1/tcp/${port}/http` } });
    const ports = (cluster: Partial<Cluster>) => processesOf({}, cluster).map(({ port }) => port);
    expect(ports({ config: { lotus: API(1235), miner: API(2346) } })).toEqual([1235, 2346]);
    expect(ports({ config: { lotus: { API: null }, miner: { API: null } } })).toEqual([1234, 2345]);
    const api = statedApi('/dns4/miner.example.com/tcp/2347/http');
    expect(ports({ api })).toEqual([1234, 2347]);
  });

  it('have the variables of the profile, those of the machine as it is', () => {
    const [{ environment } = { environment: [] }] = processesOf();
    const gpus = [33, 129].map((busId) => ({
      address: `0000:${busId.toString(16)}:00.0`,
      busId,
      numaNode: 0,
    }));
    const values = (facts: Facts) =>
      Object.fromEntries(
        environment.flatMap(({ name, value }) => {
          const known = typeof value === 'function' ? value(facts) : value;
          return known === null ? [] : [[name, maskedText(known)]];
        }),
      );
    const { PATH: _, ...inFile } = exportsOf(filesWith({ ...good, gpus }).get('/opt/raid0/profile'));
    expect(values({ ...good, gpus })).toEqual(inFile);
    expect(values({ ...good, gpus: [] })).not.toHaveProperty('BELLMAN_GPU_BUS_ID');
  });

  it('need a repository, whatever the checks are: what makes it is told', () => {
    const [lotus, lotusMiner] = processesOf({ checks: 'off' }).map(({ requires }) => requires);
    expect([lotus, lotusMiner].map((all) => all?.map(({ name }) => name))).toEqual([
      ['repository of lotus'],
      ['repository of lotus-miner'],
    ]);
    const [requirement] = lotusMiner ?? [];
    const check = (state: 'absent' | 'directory') => {
      const found =
        state === 'absent'
          ? ({ type: 'absent' } as const)
          : ({ type: 'directory', mode: '0700', owner: 'root', group: 'root' } as const);
      const paths = { '/opt/raid0/lotusminer/keystore': found };
      return requirement?.check(observationOf(good, { paths }), () => false);
    };
    expect(check('directory')).toBe(null);
    expect(check('absent')).toMatchObject({
      message: '/opt/raid0/lotusminer is no repository of lotus-miner yet',
      next: [{ words: ['bootstrap', 'miner', '--miner', 'f0494733'] }],
    });
    expect(requirement?.check(observationOf(good), () => false)).toHaveProperty('unknown');
  });

  it('need proof parameters as lotus asks for them: keys of all sizes, and its own to prove with', () => {
    const [lotus = [], lotusMiner = []] = processesOf().map(({ requires }) =>
      requires
        .filter(({ name }) => name.startsWith('proof parameters'))
        .flatMap(({ asks }) => asks.flatMap((ask) => ('path' in ask ? [String(ask.path)] : []))),
    );
    const ends = (names: readonly string[], end: string) => names.filter((name) => name.endsWith(end)).length;
    expect(['.vk', '.srs', '.params'].map((end) => ends(lotus, end))).toEqual([15, 1, 0]);
    expect(['.vk', '.srs', '.params'].map((end) => ends(lotusMiner, end))).toEqual([15, 1, 3]);
    const where = (host: Partial<Host>) =>
      processesOf(host)[1]?.requires.flatMap(({ asks }) =>
        asks.flatMap((ask) => ('path' in ask && String(ask.path).endsWith('.srs') ? [ask.path] : [])),
      );
    expect(where({})).toEqual(['/opt/raid0/filecoin-proof-parameters/v28-fil-inner-product-v1.srs']);
    const variables = {
      ...hostOf(profile).variables,
      environment: { FIL_PROOFS_PARAMETER_CACHE: '/data/parameters/' },
    };
    expect(where({ variables })).toEqual(['/data/parameters/v28-fil-inner-product-v1.srs']);
  });

  it('tell of the proof parameters that are not there the first, and how many more', () => {
    const keys = processesOf()[0]?.requires.find(({ name }) => name === 'proof parameters: keys');
    const files = (keys?.asks ?? []).flatMap((ask) => ('path' in ask ? [String(ask.path)] : []));
    const paths = Object.fromEntries(files.map((path) => [path, { type: 'absent' as const }]));
    expect(keys?.check(observationOf(good, { paths }), () => false)).toMatchObject({
      message: expect.stringMatching(/\.vk is not there, and 15 more files of the proof parameters$/),
    });
    expect(keys?.check(observationOf(good, { paths: {} }), () => false)).toHaveProperty('unknown');
  });

  it('need for lotus-miner the driver, and each storage with sectors mounted', () => {
    const storage: Cluster['storage'] = [
      {
        name: 'ceph',
        path: '/ceph',
        on: ['miner'],
        options: [],
        sectors: true,
        type: 'nfs',
        source: '10.0.0.1:/sectors',
      },
    ];
    const paths = processesOf({}, { storage })[1]?.requires.find(({ name }) =>
      name.startsWith('storage paths'),
    );
    const missing = (output: string, ...pending: readonly string[]) =>
      paths?.check(
        observationOf(good, { guards: { 'storage paths of lotus-miner': { status: 0, output } } }),
        (one) => one.type === 'mounted' && pending.includes(one.target),
      );
    expect(missing('')).toBe(null);
    expect(missing('/ceph/a\n/other')).toMatchObject({
      message:
        '/ceph/a, /other of /opt/raid0/lotusminer/storage.json have no sectorstore.json: lotus-miner would end at its start',
    });
    expect(missing('/ceph/a', '/ceph')).toBe(null);
    expect(paths?.check(observationOf(good), () => false)).toHaveProperty('unknown');
    const [lotus, lotusMiner] = processesOf({}, { storage }).map(({ requires }) =>
      requires.map(({ name }) => name),
    );
    for (const name of ['NVIDIA driver', 'storage ceph']) {
      expect(lotusMiner).toContain(name);
      expect(lotus).not.toContain(name);
    }
  });
});

describe('the profile of a miner', () => {
  const profileOf = (facts = good, host: Partial<Host> = {}) =>
    exportsOf(filesWith(facts, host).get('/opt/raid0/profile'));
  const gpu = (busId: number) => ({ address: `0000:${busId.toString(16)}:00.0`, busId, numaNode: 0 });

  it('has twice the number of CPUs, and the GPUs by their decimal bus ids (2.1.5.3)', () => {
    expect(profileOf({ ...good, gpus: [gpu(33), gpu(129)] })).toMatchObject({
      RAYON_NUM_THREADS: '128',
      BELLMAN_GPU_BUS_ID: '33',
      FIL_PROOFS_WINNING_POST_GPU: '33',
      FIL_PROOFS_WINDOW_POST_GPU: '129',
      LOTUS_MINER_PATH: '/opt/raid0/lotusminer',
    });
    expect(profileOf({ ...good, gpus: [gpu(33)] }).FIL_PROOFS_WINDOW_POST_GPU).toBe('33');
    expect(profileOf({ ...good, gpus: [] })).not.toHaveProperty('BELLMAN_GPU_BUS_ID');
  });

  it('has what the inventory sets, each variable once', () => {
    const environment = { RUST_LOG: 'debug', OWN: "it's", RAYON_NUM_THREADS: '8' };
    const variables = { ...hostOf(profile).variables, environment };
    expect(profileOf(good, { variables })).toMatchObject({
      RUST_LOG: 'debug',
      RAYON_NUM_THREADS: '8',
      OWN: "'it'\\''s'",
    });
    const text = filesWith(good, { variables }).get('/opt/raid0/profile') ?? '';
    const names = [...text.matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
    const all = Object.fromEntries(names.map((name) => [name ?? '', 'x']));
    const again =
      filesWith(good, { variables: { ...variables, environment: all } }).get('/opt/raid0/profile') ?? '';
    expect([...again.matchAll(/^export (\w+)=/gm)].map(([, name]) => name).toSorted()).toEqual(
      expect.arrayContaining([...new Set(names)]),
    );
  });

  it('is that of the handbook, but for PATH', () => {
    // As its lines of 2.1.5.3 come out on a machine of 64 CPUs with two GPUs.
    const handbook = `export PATH=\${PATH}:/usr/local/bin/
export RUST_LOG=info
export FIL_PROOFS_PARENT_CACHE=/opt/raid0/filecoin-parents/
export FIL_PROOFS_PARAMETER_CACHE=/opt/raid0/filecoin-proof-parameters/
export IPFS_GATEWAY="https://proof-parameters.s3.cn-south-1.jdcloud-oss.com/ipfs/"
export LOTUS_PATH=/opt/raid0/lotus
export TMPDIR=/opt/raid0/
export SCH_QUERY_WORKER=true
export FIL_PROOFS_FIN_TICKETS=0
export FIL_PROOFS_FIN_TICKET_INTERVAL=0
export FIL_PROOFS_P1_TICKETS=2
export FIL_PROOFS_P1_TICKET_INTERVAL=4
export GOLOG_LOG_LEVEL=info
export no_fetch_params=true
export FIL_PROOFS_PARAMETER_CACHE=/opt/raid0/filecoin-proof-parameters/
export LOTUS_MINER_PATH=/opt/raid0/lotusminer
export LOTUS_BACKUP_BASE_PATH=/opt/raid0/minerbackup
#export BELLMAN_CPU_SET=
export BELLMAN_GPU_BUS_ID=33
export RAYON_NUM_THREADS=128
export FIL_PROOFS_WINNING_POST_GPU=33
export FIL_PROOFS_WINDOW_POST_GPU=129
`;
    const variables = (text: string) =>
      spawnSync('bash', ['-c', `PATH=/usr/bin:/bin\n${text}\nPATH=/usr/bin:/bin env`], {
        encoding: 'utf8',
        env: {},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
        .stdout.split('\n')
        .filter((line) => !/^(_|SHLVL|PWD|OLDPWD)=/.test(line))
        .toSorted();
    const ours = filesWith({ ...good, gpus: [gpu(33), gpu(129)] }).get('/opt/raid0/profile') ?? '';
    expect(variables(ours)).toEqual(variables(handbook));
  });

  it('lengthens PATH once, however often it is read, in any POSIX shell', () => {
    const text = filesWith().get('/opt/raid0/profile') ?? '';
    for (const shell of ['sh', 'bash']) {
      const script = `PATH=/usr/bin:/bin\n${text}\n${text}\necho "$PATH"`;
      expect(spawnSync(shell, ['-c', script], { encoding: 'utf8' }).stdout).toBe(
        '/usr/bin:/bin:/usr/local/bin\n',
      );
    }
  });
});

describe('config.toml', () => {
  const texts = (keys: ReturnType<typeof lotusKeys>) =>
    Object.fromEntries(keys.map(({ path, value }) => [path.join('.'), value]));
  const { host } = minerContext(profile);

  it('has the keys of the handbook (2.1.5.4, 2.1.6.4)', () => {
    expect(texts(lotusKeys(clusterOf(), host))).toEqual({
      'API.ListenAddress': '/ip4/192.168.10.1/tcp/1234/http',
      'Backup.DisableMetadataLog': true,
    });
    expect(texts(minerKeys(clusterOf(), host))).toMatchObject({
      'API.ListenAddress': '/ip4/192.168.10.1/tcp/2345/http',
      'Sealing.FinalizeEarly': true,
      'Sealing.MaxSealingSectors': 0,
      'Fees.MaxCommitBatchGasFee.PerSector': '0.03 FIL',
    });
  });

  it('has what the inventory says over them; what is null there is left to the file', () => {
    const config = {
      lotus: { API: null, Backup: { DisableMetadataLog: null } },
      miner: {
        API: { RemoteListenAddress: '192.168.10.1:2345' },
        Sealing: { FinalizeEarly: false, BatchPreCommits: null },
        Fees: { MaxCommitBatchGasFee: { Base: '1 FIL' } },
      },
    };
    const cluster = clusterOf({ config });
    expect(lotusKeys(cluster, host)).toEqual([]);
    const keys = texts(minerKeys(cluster, host));
    expect(keys).toMatchObject({
      'API.ListenAddress': '/ip4/192.168.10.1/tcp/2345/http',
      'API.RemoteListenAddress': '192.168.10.1:2345',
      'Sealing.FinalizeEarly': false,
      'Fees.MaxCommitBatchGasFee.Base': '1 FIL',
      'Fees.MaxCommitBatchGasFee.PerSector': '0.03 FIL',
    });
    expect(keys).not.toHaveProperty(['Sealing.BatchPreCommits']);
  });

  it('listens on the port that the workers are told', () => {
    const api = statedApi('/dns4/miner.example.com/tcp/2346/http');
    expect(texts(minerKeys(clusterOf({ api }), host))['API.ListenAddress']).toBe(
      '/ip4/192.168.10.1/tcp/2346/http',
    );
  });
});

describe('pledging', () => {
  const OURS = '*/4 * * * * /bin/bash /opt/raid0/cron_pledge.sh >/dev/null 2>&1';
  const HANDBOOK = '*/4 * * * * /bin/bash /opt/raid0/lotusminer/cron_pledge.sh &>/dev/null';
  const linesOf = (packing: number | null, crontab: string) => {
    const entry = resourcesOf(tasksOf({}, { packing })).find(({ id }) => /^cron:root:.*cron_pledge/.test(id));
    const diff = entry?.diff(observationOf(good, { crontabs: { root: crontab } }), CONTEXT);
    return diff?.state === 'change' ? diff.change.lines : diff?.state;
  };

  it('is not done unless the inventory says so: what fcops set up ends, what others did is theirs', () => {
    expect(filesWith().has('/opt/raid0/cron_pledge.sh')).toBe(false);
    expect(linesOf(null, '')).toBe('same');
    expect(linesOf(null, `${HANDBOOK}\n`)).toBe('same');
    expect(linesOf(null, `0 1 * * * backup\n${OURS}\n`)).toEqual([{ line: 2, before: OURS, after: null }]);
  });

  it('comes in the place of what was set up by hand', () => {
    expect(linesOf(14, `${HANDBOOK}\n`)).toEqual([{ line: 1, before: HANDBOOK, after: OURS }]);
    expect(linesOf(14, `# ${HANDBOOK}\n${OURS}\n`)).toBe('same');
  });

  it('has the number of sectors and the miner in its script', () => {
    const script = filesWith(good, {}, { packing: 20 }).get('/opt/raid0/cron_pledge.sh') ?? '';
    expect(script).toMatch(/^target=20$/m);
    expect(script).toMatch(/^number=494733$/m);
  });
});

describe('the checks of a miner', () => {
  const mount = (gib: number) => ({
    source: '/dev/md0',
    fstype: 'xfs',
    options: [],
    bytes: gib * GiB,
    freeBytes: 0,
    users: [],
  });
  const RAID = 'level of the RAID at /opt/raid0';
  const found = (
    facts: Facts = good,
    own: Stated = {},
    level = 'raid1',
    host: Partial<Host> = {},
    cluster: Partial<Cluster> = {},
  ) => {
    const seen = observationOf(facts, {
      mounts: { '/opt/raid0': mount(1850) },
      rows: [['guard', RAID, '0', level]],
      ...own,
    });
    return resourcesOf(tasksOf(host, cluster))
      .filter(({ id }) => id.startsWith('assertion:'))
      .flatMap(({ id, diff }) => {
        const state = diff(seen, CONTEXT);
        if (state.state === 'same') return [];
        return [
          [
            id.slice('assertion:'.length),
            state.state === 'violated'
              ? `${state.violation.message} / ${sayNext(state.violation.next ?? [])}`
              : state.state,
          ],
        ];
      });
  };

  it('find nothing on the machine of the handbook, whatever its CPU model and NUMA nodes are', () => {
    expect(found()).toEqual([]);
    const other = {
      ...good,
      cpu: { ...good.cpu, model: 'AMD EPYC 9999', sockets: 1 },
      numaNodes: good.numaNodes.slice(0, 1),
    };
    expect(found(other)).toEqual([]);
    expect(found(good, {}, '')).toEqual([]);
  });

  it.each<[string, string, Parameters<typeof found>, RegExp]>([
    [
      'another vendor',
      'hardware',
      [{ ...good, cpu: { ...good.cpu, vendor: 'intel' } }],
      /CPU vendor: the machine has "intel", profile amd-7532 says "amd"/,
    ],
    [
      'hyper-threading',
      'hardware',
      [{ ...good, cpu: { ...good.cpu, threadsPerCore: 2 } }],
      /hyper-threading: on/,
    ],
    [
      'too little memory',
      'hardware',
      [{ ...good, memoryKib: 512 * 1024 ** 2 }],
      /memory: the machine has 512 GiB, a miner needs 1 TiB/,
    ],
    ['no GPU', 'hardware', [{ ...good, gpus: [] }], /NVIDIA GPUs: the machine has 0/],
    ['an old kernel', 'kernel', [{ ...good, kernel: '3.10.0' }], /at least 4.15 is needed/],
    [
      'no disk',
      'disk at /opt/raid0',
      [good, { mounts: { '/opt/raid0': null } }],
      /nothing is mounted at \/opt\/raid0/,
    ],
    [
      'a small disk',
      'disk at /opt/raid0',
      [good, { mounts: { '/opt/raid0': mount(900) } }],
      /900 GiB.*set variables.minerRaidMinGiB of miner-1/,
    ],
    [
      'a disk that is no mirror',
      'disk at /opt/raid0',
      [good, {}, 'raid0'],
      /is a raid0: with one disk all of it is lost.*RAID 1/,
    ],
  ])('find %s', (_, name, args, message) => {
    expect(found(...args)).toEqual([[name, expect.stringMatching(message)]]);
  });

  it('ask nothing of the hardware of a test network', () => {
    const small = { ...good, memoryKib: 8 * 1024 ** 2, gpus: [], cpu: { ...good.cpu, threadsPerCore: 2 } };
    expect(found(small, {}, 'raid1', {}, { sectorSize: '2KiB' })).toEqual([]);
  });
});

describe('every file of a miner that a shell runs', () => {
  const scripts = [...filesWith(good, {}, { packing: 14, backup: BACKUP })].filter(
    ([path]) => path.endsWith('.sh') || path.endsWith('/profile'),
  );

  it.each(scripts)('%s passes shellcheck', { tags: needs('shellcheck') }, (_, text) => {
    const { stdout } = spawnSync('shellcheck', ['-'], { input: text, encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it.each(scripts)('%s is for its shell', (path, text) => {
    const shell = text.startsWith('#!') ? 'bash' : 'sh';
    expect([path, spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' }).stderr]).toEqual([path, '']);
  });
});
