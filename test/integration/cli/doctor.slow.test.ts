/** @module-tag needs-namespaces */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorDocument, DoctorFinding } from '../../../src/cli/views/doctor-document.ts';
import { doctorDocumentSchema } from '../../../src/cli/views/doctor-document.ts';
import { TOKEN, type WrittenCluster } from '../../support/cluster.ts';
import { installProgram } from '../../support/host-program.ts';
import { turn, unturn } from '../../support/lotus/knobs.ts';
import {
  deployMiner,
  type MinerAndWorkers,
  startMinerAndWorkers,
} from '../../support/lotus/miner-and-workers.ts';
import { LOTUS_PROGRAMS, publishLotus } from '../../support/lotus/programs.ts';
import { endLotusMiner } from '../../support/lotus/running-miner.ts';
import { c2Machine, copyPieceInfo, minerMachine, p1Machine } from '../../support/machines.ts';
import type { SimulatedHost } from '../../support/simulated-hosts.ts';

/** A miner, a P1 machine without huge pages and a C2 machine: one test after the other, each leaving all as it was. */

const VERSION = '1.11.1-3079a405a';
const C2_VERSION = `${VERSION}-intel`;
let lotus: MinerAndWorkers;
let miner: SimulatedHost;
let p1: SimulatedHost;
let c2: SimulatedHost;
let cluster: WrittenCluster;

const fcops = (...words: string[]) => lotus.fcops(...words);
const doctor = async (...words: string[]): Promise<DoctorDocument & { readonly exitCode: number }> => {
  const { exitCode = 0, stdout, stderr } = await fcops('doctor', ...words, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  expect(stdout).not.toContain(TOKEN);
  return { ...doctorDocumentSchema.parse(JSON.parse(stdout)), exitCode };
};
const of = ({ findings }: DoctorDocument, kind: DoctorFinding['kind']) =>
  findings.filter((one) => one.kind === kind);
const seen = (one: DoctorFinding | undefined): string =>
  (one?.evidence ?? []).map(({ text }) => text).join('\n');
const gpus = (...addresses: readonly string[]) =>
  addresses.map((one) => `echo "0000${one}, NVIDIA GeForce RTX 3090, 98, 10240, 24268, 71"`).join('\n');
/** What the miner calls the worker at a port, as its list of tasks shows it. */
const idOf = async (port: number): Promise<string> => {
  const find = () => miner.sh(`cut -f 1 $(grep -l :${port}/ /var/lib/simulated-lotus/workers/* | head -n 1)`);
  await expect.poll(find, { timeout: 20_000 }).not.toBe('');
  return (await find()).slice(0, 8);
};
const PAGES = '/opt/hugepages/layer_labels';

/** Lets nvidia-smi of a host answer for all of its GPUs. */
const allAnswer = async (host: SimulatedHost) => {
  const found = await host.sh('cd /sys/bus/pci/devices; grep -lsx 0x10de */vendor | cut -d / -f 1');
  await installProgram(host, 'nvidia-smi', gpus(...found.split('\n')));
};

beforeAll(async () => {
  lotus = await startMinerAndWorkers(
    {
      members: [
        { machine: minerMachine('miner-1'), role: 'miner', more: { checks: 'off' } },
        { machine: p1Machine('p1-50'), role: 'p1', more: { checks: 'warn' } },
        { machine: c2Machine('c2-10'), role: 'c2', more: { checks: 'off' } },
      ],
      publish: async (artifacts) => ({
        ...(await publishLotus(artifacts, VERSION, LOTUS_PROGRAMS)),
        ...(await publishLotus(artifacts, C2_VERSION, ['lotus-worker'])),
      }),
      more: { versions: { lotus: VERSION, miner: VERSION, p1: VERSION, c2: C2_VERSION } },
    },
    async (begun) => {
      await copyPieceInfo(begun.host('p1-50'));
      await deployMiner(begun);
      await turn(begun.miner, 'workers-format', 'fork-later');
      await Promise.all(begun.hosts.hosts.map(allAnswer));
      await begun.well('deploy', 'miner', '--start', '--yes');
      await Promise.all([
        begun.fcops('deploy', 'p1', '--yes'),
        begun.well('deploy', 'c2', '--start', '--yes'),
      ]);
      await begun.fcops('start', 'p1', '--process', 'APx,P2', '--yes');
    },
  );
  ({ miner, cluster } = lotus);
  p1 = lotus.host('p1-50');
  c2 = lotus.host('c2-10');
}, 240_000);
afterAll(() => lotus?.stop());

const killP2 = () =>
  p1.sh(
    'kill -TERM $(grep -lzsxF /opt/lotusworker/worker-p2 /proc/[0-9]*/cmdline | cut -d / -f 3) 2>/dev/null || true',
  );

describe('fcops doctor', { timeout: 120_000 }, () => {
  it('finds nothing where nothing is wrong, and says what it has looked at', async () => {
    const before = p1.ssh.commands.length;
    const { stdout, stderr, exitCode } = await fcops('doctor', 'miner-1');
    expect([stdout, stderr, exitCode]).toEqual([
      expect.stringMatching(
        /^f0494733: 1 host: nothing was found\n\nlooked at: processes and their registration/,
      ),
      '',
      0,
    ]);
    expect(p1.ssh.commands.length).toBe(before);
  });

  it('looks once at a host, and asks it for its clock', async () => {
    const before = c2.ssh.commands.length;
    // There are fewer cores here than the machine is to have.
    expect((await doctor('c2-10')).findings.map(({ kind }) => kind)).toEqual(['restart']);
    expect(c2.ssh.commands.length - before).toBe(2);
  });

  it('tells what is wrong with a host, and not what is wrong with others', async () => {
    const document = await doctor('p1-50');
    expect(document.exitCode).toBe(1);
    expect(document.findings).toMatchObject([
      {
        severity: 'critical',
        kind: 'process',
        hosts: ['p1-50'],
        message: expect.stringMatching(/^does not run/),
      },
    ]);
    expect(document.findings[0]?.processes).toHaveLength(14);
    expect(document.findings[0]?.cost).toMatch(/^14 P1 tasks × 5 h 30 min to 6 h stand still/);
  });

  it('says that P1 is held up by a P2 that is dead, with what waits, its price and what mends it', async () => {
    const name = await p1.sh('uname -n');
    const id = await idOf(12_000);
    await killP2();
    await turn(miner, 'queue', '7 precommit/2\n8 precommit/2\n9 commit/2\n');
    await turn(miner, 'jobs', `00000000 5 ${id} ${name} PC2 assigned(0) 2h12m4s\n`);
    await expect.poll(async () => of(await doctor('p1-50'), 'p2'), { timeout: 20_000 }).toHaveLength(1);
    const [found] = of(await doctor(), 'p2');
    expect(found).toMatchObject({
      severity: 'critical',
      hosts: ['p1-50'],
      processes: ['P2'],
      message: 'P1 is held up by P2: P2 takes no sector, and sectors wait for it',
    });
    expect(seen(found)).toContain('given to it and not begun: sector 5 for 2 h 12 min');
    expect(seen(found)).toContain('2 PC2 tasks wait at the miner');
    expect(found?.commands?.join('\n')).toContain('fcops start p1 --limit p1-50 --process P2');
    const { stdout, exitCode } = await fcops('doctor');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\n! p1-50: P2: P1 is held up by P2: .*\n {4}seen: P2: the miner /);
    expect(of(await doctor('c2-10'), 'p2')).toEqual([]);
    await unturn(miner, 'queue');
    await turn(miner, 'jobs', '');
    await fcops('start', 'p1', '--process', 'P2', '--yes');
  });

  it('names tasks that are lost, for how long, and what gives them out anew', async () => {
    const name = await p1.sh('uname -n');
    await turn(miner, 'jobs', `13aa09cd 990 00000000 ${name} PC2 ret-wait 31h0m2.4s\n`);
    const [found] = of(await doctor(), 'jobs');
    expect(found).toMatchObject({ severity: 'critical', hosts: ['p1-50'] });
    expect(seen(found)).toBe('sector 990 for 31 h 0 min');
    expect(found?.next).toContain('fcops jobs abort 13aa09cd');
    await turn(miner, 'jobs', '');
  });

  it('takes sectors that wait in batches, and for their seeds, for what is normal', async () => {
    const before = await doctor();
    await turn(miner, 'sectors', '1 WaitSeed\n2 WaitSeed\n3 PreCommitWait\n4 Proving\n');
    expect((await doctor()).findings).toEqual(before.findings);
    await turn(miner, 'sectors', '1 SealPreCommit2Failed\n2 WaitSeed\n');
    expect(of(await doctor(), 'sectors')).toMatchObject([
      { severity: 'warn', message: '1 sector in the state SealPreCommit2Failed' },
    ]);
    await unturn(miner, 'sectors');
  });

  it('says how far lotus is behind, whichever host is asked about, and that faults cost every day', async () => {
    await turn(miner, 'info-chain', 'sync behind! (3h4m5s behind)');
    await turn(miner, 'partitions', '3 2349 2 0\n');
    const document = await doctor('c2-10');
    expect(document.findings.slice(0, 1)).toMatchObject([
      { severity: 'critical', kind: 'chain', message: 'lotus is behind the chain by 3 h 4 min' },
    ]);
    expect(document.findings[0]?.cost).toContain('become faulty');
    const [faults] = of(await doctor(), 'proving');
    expect(faults).toMatchObject({
      severity: 'critical',
      message: '64 GiB that should be proven are faulty',
    });
    await unturn(miner, 'info-chain');
    await unturn(miner, 'partitions');
  });

  it('tells directories of sectors that cannot be asked, are full, or stand twice in the list', async () => {
    const id = (digit: number) => `7b6a1c1e-0d5e-4a6f-9c55-6a0b0a7a2f1${digit}`;
    await turn(
      miner,
      'storage',
      `${id(0)}:\n\t[#####] 99.99 TiB/100 TiB 99%\n\tUnsealed: 0; Sealed: 1; Caches: 1; Reserved: 0 B\n\tWeight: 10; Use: Store\n\tLocal: /ceph\n\tURL: http://${miner.address}:2345/remote\n\n${id(1)}:\n\tError: fsstat: connection refused:\n`,
    );
    const file = '/opt/raid0/lotusminer/storage.json';
    await miner.sh(
      `cp ${file} ${file}.kept; echo '{"StoragePaths": [{"Path": "/ceph"}, {"Path": "/ceph/"}]}' >${file}`,
    );
    const found = of(await doctor(), 'storage');
    expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warn: lotus-miner cannot ask 1 of its directories of sectors',
      'warn: there is no room for another finished sector in 1 of 1 directory',
      'note: /opt/raid0/lotusminer/storage.json lists 1 directory more than once',
    ]);
    expect(seen(found[0])).toBe(`${id(1)}: fsstat: connection refused`);
    expect(seen(found[2])).toBe('/ceph, /ceph/');
    await miner.sh(`mv ${file}.kept ${file}`);
    await unturn(miner, 'storage');
  });

  it('tells a disk that went read-only', async () => {
    await p1.sh('mount -o remount,ro none /opt/raid0');
    const [found] = of(await doctor('p1-50'), 'mount');
    expect(found).toMatchObject({
      severity: 'critical',
      hosts: ['p1-50'],
      message: '/opt/raid0 (own disks) is read-only',
    });
    await p1.sh('mount -o remount,rw none /opt/raid0');
    expect(of(await doctor('p1-50'), 'mount')).toEqual([]);
  });

  it('tells huge pages that dead tasks hold, and touches none of them', async () => {
    // No page can be had here: every file is taken to hold one.
    await installProgram(
      p1,
      'find',
      'for word; do set -- "$@" "$(sed s/%k/1048576/ <<<"$word")"; shift; done; exec /usr/bin/find "$@"',
    );
    await p1.sh(`cd ${PAGES} && mkdir -p 3p1 33p1 && touch 3p1/layer-1 3p1/layer-2 33p1/layer-1`);
    const [found] = of(await doctor('p1-50'), 'leak');
    expect(found).toMatchObject({
      processes: ['P1-3'],
      message: '3 GiB of huge pages are held by files that no process uses',
    });
    expect(seen(found)).toContain(`${PAGES}/3p1: 2 files, 2 GiB`);
    expect(found?.commands?.[0]).toContain('fcops start p1 --limit p1-50 --process P1-3');
    expect(found?.commands?.[1]).toBe(`find ${PAGES}/33p1 -xdev -mindepth 1 -delete`);
    // What somebody has open is his.
    await p1.sh(
      `cd ${PAGES}; exec 9<3p1/layer-1 8<3p1/layer-2 7<33p1/layer-1; sleep 300 >/dev/null 2>&1 & echo $! >/tmp/holder`,
    );
    expect(of(await doctor('p1-50'), 'leak')).toEqual([]);
    await p1.sh('kill $(cat /tmp/holder)');
    expect(await p1.sh(`ls ${PAGES}/3p1 ${PAGES}/33p1 | grep -c layer-`)).toBe('3');
    await p1.sh(`rm -r ${PAGES}/3p1 ${PAGES}/33p1 /usr/local/bin/find`);
  });

  it('names the C2 worker whose GPU has fallen off the bus, and a lock that is not its own', async () => {
    const addresses = (
      await c2.sh("sed -n 's/.*\"0000\\(.*\\), NVIDIA.*/\\1/p' /usr/local/bin/nvidia-smi")
    ).split('\n');
    await installProgram(c2, 'nvidia-smi', gpus(...addresses.slice(1)));
    const directory = await c2.sh(
      "f=$(grep -lzsxF /opt/worker-1c2 /proc/[0-9]*/cmdline | head -n 1); tr '\\0' '\\n' <$(dirname $f)/environ | sed -n 's/^TMPDIR=//p'",
    );
    const lock = `${directory === '' ? '/tmp' : directory}/bellman.gpu.lock`;
    await c2.sh(`touch ${lock}; chown 1 ${lock}`);
    const document = await doctor('c2-10');
    expect(of(document, 'gpu').map(({ processes, message }) => [processes, message])).toContainEqual([
      ['C2-1'],
      'C2-1 is bound to a GPU that has fallen off the bus',
    ]);
    const [locked] = of(document, 'gpu-lock');
    expect(locked).toMatchObject({
      severity: 'warn',
      message: `the GPU lock ${lock} belongs to another user`,
    });
    expect(seen(locked)).toContain('it is of user 1; C2-1 runs as user 0');
    await c2.sh(`rm ${lock}`);
    await installProgram(c2, 'nvidia-smi', gpus(...addresses));
  });

  it('takes nothing for healthy that could not be checked', async () => {
    const text = await readFile(cluster.file, 'utf8');
    await writeFile(cluster.file, text.replace(`port: ${c2.port}\n`, 'port: 1\n'));
    const document = await doctor('c2-10');
    expect([document.exitCode, document.healthy, document.findings]).toEqual([1, false, []]);
    expect(document.unknowns).toMatchObject([
      { hosts: ['c2-10'], message: expect.stringMatching(/^nothing is known of it: /) },
    ]);
    await writeFile(cluster.file, text);
  });

  it('says of a miner whose datastore is damaged what to do in which order, and shows no token of its log', async () => {
    const token = await miner.sh('cat /opt/raid0/lotusminer/token');
    await endLotusMiner(miner);
    await miner.sh(
      `printf '%s\n' 'ERROR: token ${token} refused' 'ERROR: opening metadata datastore: leveldb: file missing [file=000123.ldb]' >>/opt/raid0/lotusminer/logs`,
    );
    const document = await doctor();
    const [found] = of(document, 'metadata');
    expect(found).toMatchObject({ severity: 'critical', hosts: ['miner-1'], processes: ['lotus-miner'] });
    expect(seen(found)).toContain('leveldb: file missing [file=000123.ldb]');
    expect(found?.next).toMatch(/copy the whole of .*-name 000123\.ldb .*backup --offline .*newest backup/);
    expect(JSON.stringify(document)).not.toContain(token);
    const [dead] = of(document, 'process').filter(({ processes }) => processes.includes('lotus-miner'));
    expect(seen(dead)).toContain('its log ends: ERROR: opening metadata datastore');
    expect(dead?.cost).toContain('no proof is sent');
    expect(document.unknowns.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'it is not known where sectors wait: whether P1 is held up by P2, C2 or FinalizeSector',
        'nothing is known of the states of sectors, nor of faults',
        'it is not known which directories of sectors lotus-miner has',
      ]),
    );
    // Of the chain lotus itself tells.
    expect(document.unknowns.map(({ message }) => message).join()).not.toContain('in sync');
  });
});
