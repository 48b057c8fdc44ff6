import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAddress } from '../../../src/lotus/address.ts';
import { readApiFile, readApiInfo, readTokenFile } from '../../../src/lotus/api-info.ts';
import { readBalance } from '../../../src/lotus/balance.ts';
import { readDeadlinePartitions } from '../../../src/lotus/deadline-partitions.ts';
import { readDeadlines } from '../../../src/lotus/deadlines.ts';
import { type Answer, failureOf } from '../../../src/lotus/failure.ts';
import { readInitLog } from '../../../src/lotus/init-log.ts';
import { readJobs } from '../../../src/lotus/jobs.ts';
import { countIn, readMinerInfo } from '../../../src/lotus/miner-info.ts';
import { readNodeStatus } from '../../../src/lotus/node-status.ts';
import { readProvingInfo } from '../../../src/lotus/proving-info.ts';
import type { Reading } from '../../../src/lotus/reading.ts';
import { readSectorStatus } from '../../../src/lotus/sector-status.ts';
import { readSectorsList } from '../../../src/lotus/sectors-list.ts';
import { readSectorStore, readStorageJson } from '../../../src/lotus/storage-files.ts';
import { readSyncStatus } from '../../../src/lotus/sync-status.ts';
import { readSyncWait } from '../../../src/lotus/sync-wait.ts';
import { readRunningVersion, readVersion } from '../../../src/lotus/versions.ts';
import { readWallets } from '../../../src/lotus/wallets.ts';
import { readWorkerInfo } from '../../../src/lotus/worker-info.ts';
import { readWorkers } from '../../../src/lotus/workers.ts';
import { KNOBS, type Knob, turn, unturn } from '../../support/lotus/knobs.ts';
import { installLotus, LOTUS_PROGRAMS, lotusArchive, lotusProgram } from '../../support/lotus/programs.ts';
import { needs } from '../../support/needs.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';
import { runOverSsh } from '../../support/ssh-client.ts';

const ENVIRONMENT =
  'export LOTUS_PATH=/opt/lotus LOTUS_MINER_PATH=/opt/miner FIL_PROOFS_PARAMETER_CACHE=/opt/parameters;';

const value = <T>(read: Reading<T>): T => {
  if (read.type === 'not understood') throw new Error(read.why);
  return read.value;
};

describe('the texts of the simulated programs', () => {
  it.each(LOTUS_PROGRAMS)('%s passes shellcheck', { tags: needs('shellcheck') }, async (program) => {
    // What is reached, and what is used, it cannot tell where a handler has the functions.
    const options = ['-s', 'bash', '-f', 'gcc', '-e', 'SC2317,SC2034,SC2154', '-'];
    const input = await lotusProgram(program);
    expect(spawnSync('shellcheck', options, { input, encoding: 'utf8' }).stdout).toBe('');
  });

  it('come in archives of one program each, which tells its version', async () => {
    const { name, body } = await lotusArchive('lotus-miner', '1.11.1-3079a405a');
    expect(name).toBe('lotus-miner-1.11.1-3079a405a.tar.gz');
    const unpacked = spawnSync('tar', ['-xzO', 'lotus-miner'], { input: body, encoding: 'utf8' }).stdout;
    const stdout = spawnSync('bash', ['-s', '--', '--version'], { input: unpacked, encoding: 'utf8' }).stdout;
    expect(value(readVersion({ status: 0, stdout, stderr: '' }))).toEqual({
      program: 'lotus-miner',
      release: '1.11.1',
      network: 'mainnet',
      commit: '3079a405a',
      isDirty: false,
    });
  });

  it('ask for the knobs that are told, and for no others', () => {
    const folder = new URL('../../support/lotus/', import.meta.url);
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.sh'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8').replaceAll(/^\s*#.*/gm, ''))
      .join('\n');
    const asked = [...texts.matchAll(/\b(?:has|held|knob|knob_or) "?([a-z][a-z-]*\/?)/g)].map(
      ([, name]) => name,
    );
    const folders = [...texts.matchAll(/\$state"?\/([a-z]+\/)/g)].map(([, name]) => name);
    const sectors = [...texts.matchAll(/>>"\$state\/([a-z]+)"/g)].map(([, name]) => name);
    expect([...new Set([...asked, ...folders, ...sectors])].sort()).toEqual(Object.keys(KNOBS).sort());
  });
});

describe('the simulated programs of lotus', { tags: needs('namespaces') }, () => {
  let hosts: SimulatedHosts;
  let miner: SimulatedHost;
  let worker: SimulatedHost;

  const run = (command: string, host = miner): Promise<Answer> =>
    runOverSsh(
      { address: host.address, port: host.port, privateKey: hosts.privateKey },
      ENVIRONMENT + command,
    ).then(({ status, stdout, stderr }) => ({ status: status ?? 255, stdout, stderr }));
  /** Starts what goes on; its outputs go to the file. */
  const start = (command: string, log: string, host = miner) =>
    host.sh(
      `${ENVIRONMENT} mkdir -p /opt/lotus; ${command.replace(/^(\w+=\S+ )*/, '$&nohup ')} >${log} 2>&1 </dev/null &`,
    );
  const text = (path: string, host = miner) =>
    host.sh(`cat ${path} 2>/dev/null; printf x`).then((all) => all.slice(0, -1));
  const exists = (path: string, host = miner) => host.sh(`[ -e ${path} ] && echo yes || echo no`);
  const comes = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 15_000, interval: 100 });
  /** Sets a knob while something is done. */
  const during = async <T>(knob: Knob, content: string, what: () => Promise<T>, host = miner): Promise<T> => {
    await turn(host, knob, content);
    try {
      return await what();
    } finally {
      await unturn(host, knob);
    }
  };
  const pidOf = (pattern: string, host = miner) =>
    host.sh(`for f in /proc/[0-9]*/cmdline; do
      [[ "$(tr '\\0' ' ' <"$f" 2>/dev/null)" == "/bin/bash /usr/local/bin/${pattern}"* ]] && { f=\${f%/cmdline}; echo "\${f##*/}"; break; }
    done; true`);
  const kill = async (pattern: string, signal: string, host = miner) => {
    const pid = await pidOf(pattern, host);
    await host.sh(`kill -${signal} ${pid}`);
    await comes(() => pidOf(pattern, host)).toBe('');
  };
  /** The file `api` does not tell: it may be that of a process that was killed. */
  const answers = (command: string) => comes(() => run(command).then(({ status }) => status)).toBe(0);
  const startNode = async () => {
    await start('lotus daemon', '/opt/lotus/logs');
    await answers('lotus version');
  };
  const startMiner = async (environment = '') => {
    await start(`${environment}lotus-miner run`, '/opt/miner/logs');
    await answers('lotus-miner version');
  };
  const configure = (repo: string, port: number) =>
    miner.sh(
      `mkdir -p ${repo} && printf '[API]\\n  ListenAddress = "/ip4/${miner.address}/tcp/${port}/http"\\n' >${repo}/config.toml`,
    );

  beforeAll(async () => {
    hosts = await startSimulatedHosts({ hosts: [{ name: 'miner' }, { name: 'p1-50' }] });
    [miner, worker] = hosts.hosts as [SimulatedHost, SimulatedHost];
    await Promise.all(hosts.hosts.map(installLotus));
    await configure('/opt/lotus', 1234);
  });
  afterAll(() => hosts.stop());

  describe('tell what they are', () => {
    it('without a process that runs', async () => {
      expect(value(readVersion(await run('lotus --version')))).toMatchObject({
        program: 'lotus',
        release: '1.11.1',
      });
      expect(value(readVersion(await run('lotus-worker -v')))).toMatchObject({ program: 'lotus-worker' });
      expect(failureOf(await run('lotus sync wait'))).toMatchObject({ kind: 'not running' });
      expect(failureOf(await run('lotus-miner info'))).toMatchObject({ kind: 'not running' });
      expect(failureOf(await run('lotus-miner run'))).toMatchObject({ kind: 'no repository' });
    });

    it('and what they do not know', async () => {
      expect(await run('lotus sing')).toMatchObject({ status: 3, stderr: "No help topic for 'sing'\n" });
      const wrong = await run('lotus daemon -x');
      expect(wrong).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/^Incorrect Usage: flag provided but/),
      });
      expect(await run('lotus-worker run --x')).toMatchObject({ status: 0 });
      expect(await run('lotus wallet')).toMatchObject({ status: 0 });
    });
  });

  describe('lotus', () => {
    it('imports a chain, flags in their order, and goes on as a daemon only where it is not to halt', async () => {
      await miner.sh('echo chain >/opt/chain.car');
      const swapped = await run('lotus daemon --import-snapshot --halt-after-import /opt/chain.car');
      expect(failureOf(swapped)?.why).toContain('open --halt-after-import');
      const failed = await during('import-fails', 'block decode error', () =>
        run('lotus daemon --halt-after-import --import-snapshot /opt/chain.car'),
      );
      expect(failureOf(failed)?.why).toBe('block decode error');
      const done = await run('lotus daemon --halt-after-import --import-snapshot /opt/chain.car');
      expect(done).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/\nChain import complete, halting as requested\.\.\.\n$/),
      });
      expect(await exists('/opt/lotus/api')).toBe('no');
    });

    it('holds its repository while it imports', async () => {
      await during('import-waits', '', async () => {
        await start('lotus daemon --halt-after-import --import-snapshot /opt/chain.car', '/opt/import');
        await comes(() => text('/opt/import')).toMatch(/importing chain/);
        expect(failureOf(await run('lotus daemon'))).toMatchObject({ kind: 'repository in use' });
      });
      await comes(() => text('/opt/import')).toMatch(/halting as requested/);
    });

    it('keeps its repository, and the file api as long as it runs', async () => {
      await startNode();
      expect(value(readApiFile(await text('/opt/lotus/api')))).toMatchObject({
        host: miner.address,
        port: 1234,
      });
      value(readTokenFile(await text('/opt/lotus/token')));
      expect(await miner.sh('stat -c "%n %a" /opt/lotus/{api,token,keystore}')).toBe(
        '/opt/lotus/api 644\n/opt/lotus/token 600\n/opt/lotus/keystore 700',
      );
      expect(failureOf(await run('lotus daemon'))).toMatchObject({ kind: 'repository in use' });
      expect(value(readRunningVersion(await run('lotus version'))).running.release).toBe('1.11.1');
      const token = await text('/opt/lotus/token');
      await kill('lotus daemon', '9');
      expect(failureOf(await run('lotus sync wait'))).toMatchObject({ kind: 'refused' });
      await startNode();
      expect(await text('/opt/lotus/token')).toBe(token);
      await during('stop-seconds', '1', async () => {
        expect(await run('lotus daemon stop')).toEqual({ status: 0, stdout: '', stderr: '' });
        expect(failureOf(await run('lotus daemon'))).toMatchObject({ kind: 'repository in use' });
        await comes(() => exists('/opt/lotus/api')).toBe('no');
        await comes(() => pidOf('lotus daemon')).toBe('');
      });
      expect(await text('/opt/lotus/logs')).toMatch(/Graceful shutdown successful\n$/);
      await miner.sh('rm /opt/lotus/token');
      await start('lotus daemon', '/opt/lotus/logs');
      await comes(() => run('lotus wallet list').then(failureOf)).toMatchObject({ kind: 'token too weak' });
      await miner.sh(`printf %s '${token}' >/opt/lotus/token; chmod 600 /opt/lotus/token`);
    });

    it('ends only by force where it hangs', async () => {
      await turn(miner, 'stop-hangs');
      await run('lotus daemon stop');
      await miner.sh('sleep 1');
      expect(await pidOf('lotus daemon')).not.toBe('');
      await kill('lotus daemon', '9');
      await unturn(miner, 'stop-hangs');
      await startNode();
    });

    it('refuses keys that others may read', async () => {
      await run('lotus daemon stop');
      await comes(() => pidOf('lotus daemon')).toBe('');
      await miner.sh('chmod 644 /opt/lotus/keystore/*');
      expect(failureOf(await run('lotus daemon'))?.why).toMatch(/too relaxed, required: 0600, got: 0644/);
      await miner.sh('chmod 600 /opt/lotus/keystore/*');
      expect(failureOf(await during('daemon-fails', 'no space', () => run('lotus daemon')))?.why).toBe(
        'no space',
      );
      await startNode();
    });

    it('waits for the chain, however long', async () => {
      const wait = (state: string) => during('sync', state, () => run('timeout 1 lotus sync wait'));
      const read = async (state: string) =>
        value(readSyncWait((await wait(state)).stdout.replace('\nExit by user\n', '')));
      expect(await read('silent')).toEqual({ type: 'silent' });
      expect(await read('stuck')).toMatchObject({ type: 'syncing', stage: 'complete', todo: 0 });
      expect(await read('error')).toMatchObject({ type: 'syncing', stage: 'error' });
      expect(await read('behind')).toMatchObject({ type: 'syncing', stage: 'message sync', todo: 147 });
      expect(value(readSyncWait((await run('lotus sync wait')).stdout))).toEqual({ type: 'done' });
      await during('sync', 'behind', async () => {
        const ended = await run('timeout --preserve-status 1 lotus sync wait');
        expect(ended.status).toBe(0);
        expect(value(readSyncWait(ended.stdout))).toEqual({ type: 'ended' });
        const later = run('timeout 10 lotus sync wait');
        await turn(miner, 'sync', 'done');
        expect(value(readSyncWait((await later).stdout))).toEqual({ type: 'done' });
      });
      expect(value(readNodeStatus(await run('lotus status')))).toMatchObject({ epoch: 1031537, behind: 0 });
      expect(value(readSyncStatus(await run('lotus sync status')))).toMatchObject([{ stage: 'complete' }]);
      expect(
        value(readSyncStatus(await during('sync', 'error', () => run('lotus sync status')))),
      ).toMatchObject([{ stage: 'error', error: 'context canceled' }]);
      const broken = await during('call-breaks', '', () => run('lotus status'));
      expect(failureOf(broken)).toMatchObject({ kind: 'node lost' });
    });

    it('has wallets, and what the chain says of them', async () => {
      expect(await run('lotus wallet list')).toMatchObject({ stdout: '\n' });
      const bls = value(readAddress(await run('lotus wallet new bls')));
      const other = value(readAddress(await run('lotus wallet new')));
      expect([bls, other].map((address) => address.slice(0, 2))).toEqual(['f3', 'f1']);
      await turn(miner, `balances/${bls}`, '12.5');
      const both = value(readWallets(await run('lotus wallet list -i')));
      expect(both).toContainEqual({
        address: bls,
        id: null,
        funds: { type: 'known', balance: 12_500000000000000000n, nonce: 0 },
        isDefault: true,
      });
      await turn(miner, `balances/${other}`, 'error actor store is closed');
      expect(value(readWallets(await run('lotus wallet list')))).toContainEqual({
        address: other,
        id: null,
        funds: { type: 'failed', why: 'actor store is closed' },
        isDefault: false,
      });
      await unturn(miner, `balances/${other}`);
      expect(value(readBalance(await run(`lotus wallet balance ${other}`)))).toEqual({
        balance: 0n,
        mayBeOld: true,
      });
      expect(value(readWallets(await run('lotus wallet list -a')))).toHaveLength(2);
      expect(await miner.sh('stat -c %a /opt/lotus/keystore/* | sort -u')).toBe('600');
    });

    it('fetches parameters, and deletes one that is not what it should be', async () => {
      await turn(miner, 'parameters', 'v28-a.params 4096\nv28-a.vk 128\n');
      const mismatch = await during('fetch-mismatch', 'v28-a.vk', () => run('lotus fetch-params 64GiB'));
      expect(mismatch).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/checksum mismatch in param file \/opt\/parameters\/v28-a.vk/),
      });
      expect(await miner.sh('ls /opt/parameters')).toBe('v28-a.params');
      expect((await run('lotus fetch-params 64GiB')).stderr).toMatch(
        /v28-a.params is ok\n.*Fetching .*v28-a.vk from[\s\S]*complete\n$/,
      );
      expect(failureOf(await run('lotus fetch-params'))?.why).toMatch(/must pass sector size/);
    });
  });

  describe('lotus-miner', () => {
    const addresses = async () =>
      value(readWallets(await run('lotus wallet list'))).map(({ address }) => address);
    const init = async (more = '') => {
      const [owner] = await addresses();
      return run(
        `lotus-miner init ${more} --no-local-storage --sector-size 64GiB --owner=${owner} --worker=${owner}`,
      );
    };
    const repository = () => miner.sh('mkdir -p /opt/miner/bin; touch /opt/miner/bin/lotus-miner');

    it('loses its directory where init fails', async () => {
      const [owner = ''] = await addresses();
      await repository();
      await during(`balances/${owner}`, '0', async () => {
        const poor = await init();
        expect(poor.status).toBe(1);
        expect(value(readInitLog(poor.stderr))).toMatchObject({
          type: 'failed',
          why: expect.stringMatching(/not enough funds/),
          message: null,
        });
      });
      expect(await exists('/opt/miner')).toBe('no');
      await turn(miner, `balances/${owner}`, '12.5');
      await repository();
      const failed = await during('init-fails', 'exit code 16', () => init());
      expect(value(readInitLog(failed.stderr))).toMatchObject({
        type: 'failed',
        why: 'exit code 16',
        message: expect.stringMatching(/^bafy/),
      });
      expect(await exists('/opt/miner')).toBe('no');
    });

    it('leaves half a repository where init is killed, and none where it is ended', async () => {
      for (const [signal, left] of [
        ['TERM', 'no'],
        ['9', 'yes'],
      ] as const) {
        await repository();
        await turn(miner, 'init-waits');
        const ended = init();
        await comes(() => exists('/opt/miner/storage.json')).toBe('yes');
        await kill('lotus-miner init', signal);
        await unturn(miner, 'init-waits');
        expect(value(readInitLog((await ended).stderr))).toMatchObject({
          message: expect.stringMatching(/^bafy/),
        });
        expect(await exists('/opt/miner/bin')).toBe(left);
      }
      expect(value(readInitLog((await init()).stderr))).toMatchObject({ type: 'exists' });
      await miner.sh('rm -r /opt/miner');
    });

    it('makes its repository once', async () => {
      await turn(miner, 'miner-id', 'f0494733');
      await configure('/opt/miner', 2345);
      const created = await init();
      expect(created).toMatchObject({ status: 0 });
      expect(value(readSyncWait(created.stdout))).toEqual({ type: 'done' });
      expect(value(readInitLog(created.stderr))).toEqual({ type: 'created', miner: 'f0494733' });
      expect(value(readStorageJson(await text('/opt/miner/storage.json')))).toEqual([]);
      expect(await text('/opt/miner/config.toml')).toContain(miner.address);
      expect(value(readInitLog((await init()).stderr))).toEqual({ type: 'exists', path: '/opt/miner' });
    });

    it('is there once the chain is in sync, and not before', async () => {
      await turn(miner, 'sync', 'behind');
      await start('lotus-miner run', '/opt/miner/logs');
      await comes(() => text('/opt/miner/logs')).toMatch(/message sync/);
      expect(failureOf(await run('lotus-miner info'))).toMatchObject({ kind: 'not running' });
      await unturn(miner, 'sync');
      await comes(() => exists('/opt/miner/api')).toBe('yes');
      expect(
        value(
          readApiInfo(
            (await run('lotus-miner auth api-info --perm admin')).stdout.replace('MINER_API_INFO=', ''),
          ),
        ),
      ).toMatchObject({
        address: { host: miner.address, port: 2345 },
      });
      const refused = await during('token-rejected', '', () => run('lotus-miner info'));
      expect(failureOf(refused)).toMatchObject({ kind: 'token rejected' });
    });

    it('says what it has', async () => {
      const info = async (environment = '') => readMinerInfo(await run(`${environment} lotus-miner info`));
      const packing = async () => {
        const { sectors } = value(await info());
        return sectors && countIn(sectors, 'Packing');
      };
      expect(value(await info())).toMatchObject({
        miner: 'f0494733',
        sectorSize: 64 * 1024 ** 3,
        chain: { type: 'ok' },
        faulty: 0,
      });
      expect(await packing()).toBe(0);
      expect(await run('lotus-miner sectors pledge')).toMatchObject({ stdout: 'Created CC sector:  0\n' });
      expect(await packing()).toBe(1);
      await turn(miner, 'max-sealing', '1');
      expect(failureOf(await run('lotus-miner sectors pledge'))?.why).toMatch(/^too many sectors sealing/);
      const plain = await info();
      expect(await info('GOLOG_LOG_FMT=color')).toEqual(plain);
      expect(value(await during('sync', 'behind', () => info())).chain).toMatchObject({ type: 'behind' });
      expect(value(await during('info-chain', 'sync slow (1m2s behind)', () => info())).chain).toEqual({
        type: 'slow',
        seconds: 62,
      });
      expect(value(await during('no-power', '', () => info()))).toMatchObject({
        faulty: 0,
        sectors: { total: 1 },
      });
      expect(await during('info-breaks', '', () => info())).toMatchObject({ type: 'not understood' });
      expect(value(readMinerInfo(await run('lotus-miner info --hide-sectors-info'))).sectors).toBeNull();
    });

    it('lists jobs, and a worker without a name', async () => {
      expect(value(readJobs(await run('lotus-miner sealing jobs')))).toEqual([]);
      await turn(
        miner,
        'jobs',
        '13aa09cd 990 00000000 p1-50 PC2 ret-wait 31h0m2.4s\n8c3d91aa 1017 6b1f2c90 - PC1 running 4h12m33.8s\n',
      );
      expect(value(readJobs(await run('lotus-miner sealing jobs')))).toMatchObject([
        { host: 'p1-50', state: { type: 'ret-wait' } },
        { host: '', state: { type: 'running' } },
      ]);
    });

    it('aborts the first job whose id begins so, whatever it is at', async () => {
      await turn(
        miner,
        'jobs',
        '13aa09cd 990 00000000 p1-50 PC2 ret-wait 31h0m2.4s\n00000000 7 6b1f2c90 - PC1 assigned(0) 1m0s\n',
      );
      const none = await run('lotus-miner sealing abort 77777777');
      expect(none).toMatchObject({ status: 1, stderr: 'ERROR: job with specified id prefix not found\n\n' });
      expect((await run('lotus-miner sealing abort')).stderr).toBe('ERROR: expected 1 argument\n\n');
      expect((await run('lotus-miner sealing abort 13aa09cd')).stdout).toMatch(
        /^aborting job 1234-990-13aa09cd-\S+, task PC2, sector 990, running on host p1-50\n$/,
      );
      expect(value(readJobs(await run('lotus-miner sealing jobs')))).toMatchObject([{ id: '00000000' }]);
      expect(value(readJobs(await run('lotus-miner sealing jobs --show-ret-done')))).toHaveLength(2);
      expect((await run('lotus-miner sealing abort 0000')).stdout).toContain('sector 7');
      await unturn(miner, 'jobs');
    });

    it('lists sectors by state, and tells what it knows of one', async () => {
      const sectors = async (flags = '') =>
        value(readSectorsList(await run(`lotus-miner sectors list ${flags}`)));
      await unturn(miner, 'sectors');
      expect((await run('lotus-miner sectors list')).stdout).toBe('\n');
      await turn(miner, 'sectors', '8 SealPreCommit1Failed\n3 Proving\n9 Removed\n10 Packing\n');
      await turn(miner, 'sector/3', 'onchain YES\nactive YES');
      await turn(miner, 'sector/10', 'unreadable datastore: closed');
      await turn(miner, 'sector/8', 'error worker restarted\nsince 1629166272\n');
      expect(await sectors()).toMatchObject([
        { number: 3, state: 'Proving', onChain: true, active: true },
        { number: 8, state: 'SealPreCommit1Failed', onChain: false },
        { number: 10, state: null, error: 'datastore: closed' },
      ]);
      expect(await sectors('--fast --states Removed,SealPreCommit1Failed')).toMatchObject([
        { number: 8 },
        { number: 9 },
      ]);
      expect(await sectors('--fast --states removed')).toEqual([]);
      expect(value(readSectorStatus(await run('lotus-miner sectors status --log 8')))).toMatchObject({
        ...{ number: 8, state: 'SealPreCommit1Failed', preCommit: null },
        events: [{ index: 0 }, { index: 1, at: 1629166272, error: 'seal failed: worker restarted' }],
      });
      expect((await run('lotus-miner sectors status 8 --log')).stdout).not.toContain('Event Log');
      expect((await run('lotus-miner sectors status 77')).status).toBe(1);
    });

    it('gives sectors a state only with its flag before them, and takes one that is none for no error', async () => {
      const update = (words: string) => run(`lotus-miner sectors update-state ${words}`);
      const state = async () => value(readSectorStatus(await run('lotus-miner sectors status 8'))).state;
      const guard = `ERROR: this is a command for advanced users, only use it if you are sure of what you are doing\n\n`;
      expect(await update('8 Removed --really-do-it')).toMatchObject({ status: 1, stderr: guard });
      expect(await run('lotus-miner sectors remove 8')).toMatchObject({ status: 1, stderr: guard });
      const odd = await update('--really-do-it 8 Lost');
      expect(odd).toMatchObject({ status: 0, stderr: '' });
      expect(odd.stdout).toContain(' "Lost" is not a valid state. Possible states for sectors are: \n');
      expect(await state()).toBe('SealPreCommit1Failed');
      await turn(miner, 'update-seconds', '1');
      expect(await update('--really-do-it 8 PreCommit1')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await state()).toBe('SealPreCommit1Failed');
      await comes(state).toBe('PreCommit1');
      await unturn(miner, 'update-seconds');
      await run('lotus-miner sectors remove --really-do-it 8');
      expect(await state()).toBe('Removed');
      await unturn(miner, 'sectors');
    });

    it('tells deadlines by the epoch', async () => {
      const proving = async () => value(readProvingInfo(await run('lotus-miner proving info')));
      const deadlines = async () => value(readDeadlines(await run('lotus-miner proving deadlines')));
      expect(await proving()).toMatchObject({
        epoch: 1031537,
        deadline: { index: 25, sectors: 0, open: 1031520 },
      });
      await turn(miner, 'partitions', '25 2120 0 20\n25 100 100 0\n26 512 0 0\n');
      await turn(miner, 'proven', '1');
      expect(await proving()).toMatchObject({ faults: 100, deadline: { sectors: 2200 } });
      const { current, deadlines: all } = await deadlines();
      expect([current, all[25], all[26]]).toEqual([
        25,
        { partitions: 2, sectors: 2220, faults: 100, proven: 1 },
        { partitions: 1, sectors: 512, faults: 0, proven: 0 },
      ]);
      expect(value(readDeadlinePartitions(await run('lotus-miner proving deadline 25')))).toEqual({
        index: 25,
        proven: 1,
        isCurrent: true,
        partitions: [
          { sectors: 2120, faults: 0 },
          { sectors: 100, faults: 100 },
        ],
      });
      await turn(miner, 'period-start', '1030020');
      for (const [epoch, index] of [
        ['1032899', 47],
        ['1032900', 0],
      ] as const) {
        await turn(miner, 'epoch', epoch);
        expect((await proving()).deadline.index).toBe(index);
        expect((await deadlines()).current).toBe(index);
      }
      await turn(miner, 'opens-in', '2700');
      expect((await proving()).deadline.open).toBe(1032900 + 2700);
      for (const knob of ['opens-in', 'epoch', 'period-start'] as const) await unturn(miner, knob);
      await run('lotus-miner stop');
      await comes(() => pidOf('lotus-miner run')).toBe('');
      const down = await run('lotus-miner --actor f0494733 proving info');
      expect(value(readProvingInfo(down))).toMatchObject({ miner: 'f0494733' });
      await startMiner();
    });

    it('takes paths, even twice, and does not start without one of them', async () => {
      const attach = '--store --init /ceph';
      expect(await run(`lotus-miner storage attach ${attach}`)).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
      expect(failureOf(await run(`lotus-miner storage attach ${attach}`))?.why).toBe(
        'path is already initialized',
      );
      expect(failureOf(await run('lotus-miner storage attach --init /other'))?.why).toMatch(
        /at least one of --store or --seal/,
      );
      expect(failureOf(await run('lotus-miner storage attach /bare'))?.why).toMatch(
        /open \/bare\/sectorstore.json/,
      );
      await run('lotus-miner storage attach /ceph');
      expect(value(readStorageJson(await text('/opt/miner/storage.json')))).toEqual(['/ceph', '/ceph']);
      expect(value(readSectorStore(await text('/ceph/sectorstore.json')))).toMatchObject({
        seals: false,
        stores: true,
      });
      await run('lotus-miner stop');
      await comes(() => pidOf('lotus-miner run')).toBe('');
      await miner.sh('mv /ceph /away');
      expect(failureOf(await run('lotus-miner run'))?.why).toMatch(
        /^opening path \/ceph: reading storage metadata/,
      );
      await miner.sh('mv /away /ceph');
      expect(failureOf(await during('miner-fails', 'no GPU', () => run('lotus-miner run')))?.why).toBe(
        'no GPU',
      );
    });

    it('makes a backup below the path that the process knows, over what is there', async () => {
      await startMiner();
      expect(
        failureOf(await run('LOTUS_BACKUP_BASE_PATH=/opt/backup lotus-miner backup /opt/backup/1'))?.why,
      ).toMatch(/env var not set/);
      await run('lotus-miner stop');
      await comes(() => pidOf('lotus-miner run')).toBe('');
      await startMiner('LOTUS_BACKUP_BASE_PATH=/opt/backup ');
      await miner.sh('mkdir /opt/backup; yes | head -c 500 >/opt/backup/1');
      expect(failureOf(await run('lotus-miner backup /tmp/1'))?.why).toMatch(/must be inside base path/);
      expect(await run('lotus-miner backup /opt/backup/1')).toMatchObject({ status: 0, stdout: 'Success\n' });
      expect(await text('/opt/backup/1')).toMatch(/^metadata of f0494733 at \d+\n(y|\n)+/);
      expect(failureOf(await run('lotus-miner backup --offline /opt/backup/2'))).toMatchObject({
        kind: 'repository in use',
      });
    });
  });

  describe('lotus-worker', () => {
    const list = async () => value(readWorkers(await run('lotus-miner sealing workers')));
    const listed = async () =>
      (await list()).filter(({ host }) => host === 'p1-50').map(({ disabled, url }) => [url?.port, disabled]);
    const P1 = 'lotus-worker --worker-repo /opt/p1 run';
    const startP1 = async (token?: string) => {
      const info = `${token ?? (await text('/opt/miner/token'))}:${await text('/opt/miner/api')}`;
      await start(
        `MINER_API_INFO=${info} ${P1} --no-local-storage --role P1 --group ${worker.address} --listen ${worker.address}:10001`,
        '/opt/p1.log',
        worker,
      );
    };
    const log = () => text('/opt/p1.log', worker);

    it('registers at the miner, and the miner tells', async () => {
      await startP1();
      await comes(listed).toEqual([[10001, false]]);
      const [own] = (await list()).filter(({ host }) => host === 'miner');
      expect(own).toMatchObject({ url: { host: miner.address, port: 2345 } });
      expect(value(readApiFile(await text('/opt/p1/api', worker)))).toMatchObject({
        host: worker.address,
        port: 10001,
      });
      expect(await text('/opt/p1/token', worker)).toBe(await text('/opt/miner/token'));
      const info = value(readWorkerInfo(await run('lotus-worker --worker-repo /opt/p1 info', worker)));
      expect(info).toMatchObject({
        enabled: true,
        hostname: 'p1-50',
        tasks: ['FIN', 'GET', 'C1', 'PC1'],
        paths: [],
      });
      expect((await list()).map(({ id }) => id)).toContain(info.session);
    });

    it('is listed in the words of each build', async () => {
      await turn(miner, 'workers-format', 'official');
      expect(await list()).toMatchObject([
        { cores: { used: 7, total: 64 }, url: null },
        { paused: 'unknown' },
      ]);
      const panic = await during('workers-panic', '', () => run('lotus-miner sealing workers'));
      expect([panic.status, failureOf(panic)?.kind, readWorkers(panic).type]).toEqual([
        2,
        'panic',
        'not understood',
      ]);
      await turn(miner, 'workers-format', 'fork-later');
      expect(failureOf(await run('lotus-miner worker-pause --uuid all'))?.why).toBe(
        'must specify a valid tasktype',
      );
      expect(await run('lotus-miner worker-pause -tt p1 --uuid all')).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
      expect((await list()).map(({ paused }) => paused)).toEqual([['p1'], ['p1']]);
      expect(failureOf(await run('lotus-miner worker-resume -tt all'))?.why).toBe(
        'must specify a valid uuid',
      );
      await during('pause-without-tasktype', '', async () => {
        expect((await run('lotus-miner worker-resume --help')).stdout).not.toContain('--tt');
        await run('lotus-miner worker-resume --uuid all');
      });
      expect((await list()).map(({ paused }) => paused)).toEqual([[], []]);
      await unturn(miner, 'workers-format');
    });

    it('attaches a path, and exits with 0 where it cannot', async () => {
      const attach =
        'LOTUS_WORKER_PATH=/opt/p1 lotus-worker storage attach --init --seal --maxsealing 30 --group 9 /opt/cache';
      expect(failureOf(await run(attach, worker))).toBeNull();
      const twice = await run(attach, worker);
      expect([twice.status, failureOf(twice)?.why]).toEqual([0, 'path is already initialized']);
      const info = value(readWorkerInfo(await run('lotus-worker --worker-repo /opt/p1 info', worker)));
      expect(info.paths).toMatchObject([{ path: '/opt/cache', seals: true, stores: false }]);
    });

    it('can be disabled, and stops nothing of its own', async () => {
      await run('lotus-worker --worker-repo /opt/p1 set --enabled=false', worker);
      await comes(listed).toEqual([[10001, true]]);
      const info = await run('lotus-worker --worker-repo /opt/p1 info', worker);
      expect([info.status, readWorkerInfo(info).type]).toEqual([0, 'not understood']);
      await run('lotus-worker --worker-repo /opt/p1 set', worker);
      await comes(listed).toEqual([[10001, false]]);
      await run('lotus-worker --worker-repo /opt/p1 tasks disable PC1', worker);
      expect(
        value(readWorkerInfo(await run('lotus-worker --worker-repo /opt/p1 info', worker))).tasks,
      ).toEqual(['FIN', 'GET', 'C1']);
      const quiet = await during(
        'worker-busy',
        '',
        () => run('timeout 1 lotus-worker --worker-repo /opt/p1 wait-quiet', worker),
        worker,
      );
      expect(quiet.status).toBe(124);
    });

    it('stays listed when it is gone, until it comes back as another one', async () => {
      const before = (await list()).find(({ host }) => host === 'p1-50')?.id;
      await kill(P1, '9', worker);
      await comes(listed).toEqual([[10001, true]]);
      expect(await exists('/opt/p1/api', worker)).toBe('yes');
      await startP1();
      await comes(listed).toEqual([[10001, false]]);
      expect((await list()).map(({ id }) => id)).not.toContain(before);
    });

    it('comes back after the miner was away, but not while it is at a task', async () => {
      await run('lotus-miner stop');
      await comes(log).toMatch(/LOTUS-MINER CONNECTION LOST[\s\S]*Connecting to miner API\.\.\./);
      await turn(worker, 'worker-busy');
      await comes(() => pidOf('lotus-miner run')).toBe('');
      await startMiner();
      await miner.sh('sleep 2');
      expect(await listed()).toEqual([]);
      await unturn(worker, 'worker-busy');
      await comes(listed).toEqual([[10001, false]]);
    });

    it('ends with 0 where it is not taken, and by itself', async () => {
      await kill(P1, 'TERM', worker);
      expect(await exists('/opt/p1/api', worker)).toBe('no');
      const token = await text('/opt/miner/token');
      const info = (given: string) =>
        `MINER_API_INFO=${given}:/ip4/${miner.address}/tcp/2345/http lotus-worker --worker-repo /opt/p1 run --listen ${worker.address}:10001`;
      const wrong = await run(info(`${token}x`), worker);
      expect([wrong.status, failureOf(wrong)?.kind]).toEqual([0, 'token rejected']);
      const version = await during('worker-version-mismatch', '', () => run(info(token), worker));
      expect([version.status, failureOf(version)?.why]).toEqual([
        0,
        expect.stringMatching(/^lotus-miner API version doesn't match/),
      ]);
      const parameters = await during('worker-params-missing', '', () => run(info(token), worker), worker);
      expect([parameters.status, failureOf(parameters)?.why]).toEqual([
        0,
        expect.stringMatching(/^get params:/),
      ]);
      const gone = await during('worker-exits', '', () => run(info(token), worker), worker);
      expect([gone.status, gone.stderr]).toEqual([0, expect.stringMatching(/http: Server closed\n$/)]);
      expect(await run('lotus-worker run', worker)).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(/API not running/),
      });
    });

    it('may run and be registered nowhere', async () => {
      await during(
        'worker-ghost',
        '',
        async () => {
          await startP1();
          await comes(log).toMatch(/Setting up control endpoint/);
          await miner.sh('sleep 1');
          expect((await listed()).filter(([, disabled]) => !disabled)).toEqual([]);
        },
        worker,
      );
      await kill(P1, 'TERM', worker);
      await during(
        'worker-cannot-connect',
        '',
        async () => {
          await startP1();
          await comes(log).toMatch(/Connecting to miner API/);
          expect(await exists('/opt/p1/api', worker)).toBe('no');
        },
        worker,
      );
      await comes(listed).toEqual([[10001, false]]);
    });
  });
});
