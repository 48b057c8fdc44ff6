/** @module-tag needs-namespaces */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { miner } from '../../../src/roles/miner.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { filesOf, minerContext } from '../../unit/roles/support.ts';

/** The script that backs up, with a lotus-miner that does what a test wants, and a file system of its own to copy to. */

const profile = shipped('amd-7532');
const script =
  filesOf(
    miner.tasks(
      minerContext(
        profile,
        {},
        {
          backup: {
            mount: '/mnt/backup',
            storage: null,
            directory: '/mnt/backup/f0494733',
            hours: 6,
            keep: 3,
          },
        },
      ),
    ),
    factsFor(profile),
  ).get('/opt/raid0/backup_lotusminer.sh') ?? '';

const FILES = ['SHA256SUMS', 'about', 'config.toml', 'metadata.cbor', 'storage.json'];
let home: string;
const write = (name: string, text: string) => {
  mkdirSync(join(home, name, '..'), { recursive: true });
  writeFileSync(join(home, name), text);
};
const program = (name: string, text: string) => {
  write(`bin/${name}`, `#!/bin/bash\n${text}\n`);
  chmodSync(join(home, 'bin', name), 0o755);
};
/** What lotus-miner does when it is to back up to $file. */
const lotusMiner = (backup: string) =>
  program(
    'lotus-miner',
    `case $* in
  --version) echo 'lotus-miner version 1.11.1+mainnet+git.15d90c24e' ;;
  'backup '*) file=$2; ${backup} ;;
  *) exit 3 ;;
esac`,
  );
const WELL = 'printf "metadata %s" "$RANDOM" >"$file"; echo Success';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fcops-backup-'));
  write(
    'backup_lotusminer.sh',
    script.replaceAll('/opt/raid0', home).replaceAll('/mnt/backup', `${home}/mnt`),
  );
  write('profile', `export PATH=${home}/bin:$PATH\n`);
  mkdirSync(join(home, 'mnt'));
  mkdirSync(join(home, 'lotusminer/keystore'), { recursive: true });
  write('lotusminer/config.toml', '[API]\n');
  write('lotusminer/storage.json', '{"StoragePaths": null}');
  // Its times are those of the test, a minute on at each name that is made.
  program(
    'date',
    `case $* in
  '-u +%Y%m%dT%H%M%SZ')
    [[ -e ${home}/clock ]] || echo 1700000000 >${home}/clock
    now=$(($(cat ${home}/clock) + 60)); echo $now >${home}/clock
    exec /bin/date -u -d "@$now" +%Y%m%dT%H%M%SZ ;;
  *) exec /bin/date "$@" ;;
esac`,
  );
  lotusMiner(WELL);
});
afterEach(() => rmSync(home, { recursive: true }));

/** Runs commands where something is mounted; `run` is the script. What is there in the end is copied to `out`. */
const inside = async (commands: string, mounted = `mount -t tmpfs -o size=4g backup ${home}/mnt`) => {
  write(
    'commands',
    `mount --make-rprivate /
${mounted}
run() { bash ${home}/backup_lotusminer.sh; }
${commands}
status=$?
rm -rf ${home}/out
cp -a ${home}/mnt ${home}/out 2>/dev/null
exit $status`,
  );
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return execa('unshare', ['--mount', ...asRoot, 'bash', join(home, 'commands')], { reject: false });
};
const has = (name: string) => existsSync(join(home, name));
const read = (name: string) => readFileSync(join(home, name), 'utf8');
const backups = (directory: string) =>
  has(directory)
    ? readdirSync(join(home, directory)).filter((name) => name.startsWith('f') || name.startsWith('.f'))
    : [];
const there = () => backups('out/f0494733');
const here = () => backups('minerbackup');
const last = () => read('minerbackup/last').split('\t');

describe('the script that backs up', () => {
  it('takes the next second where another one was begun in this one, whole or not', async () => {
    program('date', 'exec /bin/date "$@"');
    const names = '"f0494733-$(/bin/date -u -d "@$(($(/bin/date +%s) + 1))" +%Y%m%dT%H%M%SZ)"';
    const { exitCode, stderr } = await inside(
      `run && run && mkdir "${home}/minerbackup/."${names}.part && run && run`,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(there()).toHaveLength(3);
    expect(new Set(there()).size).toBe(3);
  });

  it('has all of it here and there, for root alone, and says what it is', async () => {
    const { exitCode, stdout, stderr } = await inside('run');
    expect([exitCode, stderr]).toEqual([0, '']);
    const [name = ''] = there();
    expect(name).toMatch(/^f0494733-20231114T\d{6}Z$/);
    expect([there(), here()]).toEqual([[name], [name]]);
    expect(readdirSync(join(home, 'out/f0494733', name)).toSorted()).toEqual(FILES);
    expect(stdout).toMatch(
      /^f0494733-\S+ is in \S+\/f0494733, read back .*cache.*: \d+ bytes of metadata, sha256 [0-9a-f]{64}$/,
    );
    const about = read(`out/f0494733/${name}/about`);
    expect(about).toContain('miner f0494733\n');
    expect(about).toContain('program lotus-miner version 1.11.1+mainnet+git.15d90c24e\n');
    const modes = await execa('bash', [
      '-c',
      `cd ${home}/out/f0494733; stat -c %a . ${name} ${name}/*; sha256sum -c ${name}/SHA256SUMS || cd ${name} && sha256sum -c SHA256SUMS`,
    ]);
    expect(modes.stdout).toMatch(/^700\n700\n600\n600\n600\n600\n600\n/);
    expect(modes.stdout.match(/: OK$/gm)).toHaveLength(4);
    expect(last()[0]).toBe('good');
    expect(last()[2]).toBe(`${name}\n`);
    expect(read('minerbackup/backup.log')).toContain(`${name} is in `);
  });

  it('keeps the newest there, and two here', async () => {
    await inside('for i in 1 2 3 4 5; do run || exit; done');
    expect(there()).toHaveLength(3);
    expect(here()).toHaveLength(2);
    expect(there().slice(1)).toEqual(here());
  });

  it('removes nothing but what is its own', async () => {
    const { exitCode } = await inside(`d=${home}/mnt/f0494733
mkdir -p $d/{notes,f0494734-20200101T000000Z,f0494733-first,f0494733-20200101T000000Z.old,elsewhere}
touch $d/f0494733-20200102T000000Z $d/chain.car
ln -s elsewhere $d/f0494733-20200103T000000Z
mkdir -p $d/f0494733-20200104T000000Z; touch $d/f0494733-20200104T000000Z/mine
for i in 1 2 3 4 5; do run; done; true`);
    expect(exitCode).toBe(0);
    expect(readdirSync(join(home, 'out/f0494733')).toSorted()).toEqual(
      expect.arrayContaining([
        'chain.car',
        'elsewhere',
        'f0494733-20200101T000000Z.old',
        'f0494733-20200102T000000Z',
        'f0494733-20200103T000000Z',
        'f0494733-20200104T000000Z',
        'f0494733-first',
        'f0494734-20200101T000000Z',
        'notes',
      ]),
    );
    expect(has('out/f0494733/f0494733-20200104T000000Z/mine')).toBe(true);
  });

  it('writes nothing where nothing is mounted, and keeps the one here', async () => {
    const { exitCode, stderr } = await inside('run', ':');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^no backup: f0494733-\S+ stays on this host alone: nothing is mounted at \S+\/mnt$/,
    );
    expect(readdirSync(join(home, 'mnt'))).toEqual([]);
    expect(here()).toHaveLength(1);
    expect(last()[0]).toBe('failed');
  });

  it('writes nothing to the disk of the metadata themselves', async () => {
    const { exitCode, stderr } = await inside(
      'run',
      `mkdir ${home}/same; mount --bind ${home}/same ${home}/mnt`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is a disk of this host that holds the metadata themselves');
    expect(readdirSync(join(home, 'same'))).toEqual([]);
  });

  it.each([
    [
      'it fails',
      "printf 'ERROR: LOTUS_BACKUP_BASE_PATH env var not set\\n\\n' >&2; exit 1",
      /lotus-miner backup failed: ERROR: LOTUS_BACKUP_BASE_PATH env var not set$/,
    ],
    [
      'it does not run',
      "printf 'ERROR: could not get API info: could not get api endpoint: API not running (no endpoint)\\n\\n' >&2; exit 1",
      /API not running/,
    ],
    ['it does not say Success', 'echo metadata >"$file"', /did not say Success/],
    ['it writes nothing', 'echo Success', /said Success, and wrote nothing$/],
    ['the file is empty', ': >"$file"; echo Success', /said Success, and wrote nothing$/],
  ])('is no backup where %s', async (_, does, why) => {
    await inside('run');
    const before = here();
    lotusMiner(does);
    const { exitCode, stderr } = await inside('run');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(why);
    expect(there()).toEqual([]);
    expect(here().filter((name) => !name.startsWith('.'))).toEqual(before);
    expect(last()[0]).toBe('failed');
    // What broke off goes with the next one.
    lotusMiner(WELL);
    await inside('run');
    expect(here()).toHaveLength(2);
  });

  it('finds by reading back what was stored as something else, and has removed nothing', async () => {
    // A file system that has changed a byte by the time that it says that all is on its disk.
    program(
      'dd',
      `/bin/dd "$@" || exit
for word; do
  [[ $word != of=./*metadata.cbor || $* != *fsync* || ! -e ${home}/lies ]] || printf X | /bin/dd of="\${word#of=}" conv=notrunc status=none
done; true`,
    );
    const { exitCode, stderr } = await inside(
      `for i in 1 2 3; do run || exit 9; done; touch ${home}/lies; run; run; status=$?; rm ${home}/lies; (exit $status)`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /stays on this host alone: \S+\.part\/metadata\.cbor was read back, and is not what was written$/m,
    );
    expect(there().filter((name) => !name.startsWith('.'))).toHaveLength(3);
    expect(here()).toHaveLength(2);
  });

  it('says that there is no room, and has removed nothing', async () => {
    const { exitCode, stderr } = await inside('run', `mount -t tmpfs -o size=1m backup ${home}/mnt`);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/mnt is too full: \d+ bytes have to be free$/);
    expect(there()).toEqual([]);
  });

  it('does nothing beside one that is at work, or where there is no miner yet', async () => {
    const { exitCode, stderr } = await inside(
      `mkdir -p ${home}/minerbackup; exec 8>>${home}/minerbackup/.lock; flock 8; run`,
    );
    expect([exitCode, stderr]).toEqual([75, 'a backup is at work already']);
    rmSync(join(home, 'lotusminer'), { recursive: true });
    expect((await inside('run')).stderr).toMatch(/lotusminer is no repository of lotus-miner yet$/);
  });

  it('leaves the last whole ones and its own in whatever order the clock had them', async () => {
    const stamp = fc
      .integer({ min: 1_500_000_000, max: 1_900_000_000 })
      .map((seconds) => `${new Date(seconds * 1000).toISOString().replaceAll(/[-:]|\.000/g, '')}`);
    const before = fc.uniqueArray(fc.record({ stamp, whole: fc.boolean() }), {
      maxLength: 7,
      selector: ({ stamp: at }) => at,
    });
    await fc.assert(
      fc.asyncProperty(before, async (all) => {
        rmSync(join(home, 'minerbackup'), { recursive: true, force: true });
        const make = all
          .map(
            ({ stamp: at, whole }) =>
              `d=${home}/mnt/f0494733/f0494733-${at}; mkdir -p $d; echo metadata >$d/metadata.cbor; echo 'bytes 9' >$d/about; echo a >$d/config.toml; echo a >$d/storage.json${whole ? '; echo a >$d/SHA256SUMS' : ''}`,
          )
          .join('\n');
        const { exitCode } = await inside(`${make}\nrun`);
        expect(exitCode).toBe(0);
        const [own = ''] = here();
        const whole = all.filter((one) => one.whole).map(({ stamp: at }) => `f0494733-${at}`);
        const newest = [...whole, own].toSorted().slice(-3);
        const left = there().filter((name) => has(`out/f0494733/${name}/SHA256SUMS`));
        expect(left.toSorted()).toEqual([...new Set([...newest, own])].toSorted());
      }),
      { numRuns: 12 },
    );
  }, 180_000);
});
