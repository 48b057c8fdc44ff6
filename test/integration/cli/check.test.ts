import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkDocumentSchema } from '../../../src/cli/views/check-document.ts';
import { RULE_NAMES } from '../../../src/ops/check/finding.ts';
import { type Ended, fcops as run, startFcops } from '../../support/fcops.ts';
import { savedFacts } from '../../unit/inventory/saved-facts.ts';
import { repository } from '../../unit/inventory/support.ts';
import { ALICE, BY_AGE } from '../../unit/ops/secrets/support.ts';

/** A farm with one mistake of each rule. Shellcheck is a stand-in: what it says follows from its version. */

const SUM = createHash('sha256').update('an archive').digest('hex');
const shipped = (name: string) => readFileSync(join(repository, name), 'utf8');

const ONE = `miner: f01
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { age: token } }
versions: { p1: 1.11.1-a, c2: 1.11.1-b-intel }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256:
    lotus-worker-1.11.1-a.tar.gz: ${SUM}
    lotus-worker-1.11.1-b-intel.tar.gz: ${SUM}
    lotus-worker-1.11.0.tar.gz: ${SUM}
    lotus-worker-1.10.0.tar.gz: ${SUM}
hosts:
  - { name: p1-50, address: 192.168.10.50, roles: [p1], profile: amd-7532 }
  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532 }
  - { name: p1-52, address: 192.168.10.52, roles: [p1], profile: amd-7532, versions: { p1: 1.11.0 } }
  - { name: c2-10, address: 192.168.10.10, roles: [c2], profile: intel-4216 }
`;

const TWO = `miner: f02
sectorSize: 46GiB
api: { address: /ip4/192.168.11.1/tcp/2345/http, token: made-up-token }
versions: { p1: 1.11.2 }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256: {}
hosts:
  - { name: p1-50, address: 192.168.11.50, roles: [p1], profile: broken }
  - { name: p1-99, address: 192.168.10.51, roles: [p1], profile: amd-7532 }
  - { name: 192.168.10.52, address: 192.168.11.52, roles: [p1, c2], profile: amd-7532 }
`;

const THREE = `miner: f03
sectorSize: 64GiB
api: { address: /ip4/192.168.12.1/tcp/2345/http, token: { file: ../token } }
versions: { p1: 1.11.1-a }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256: { lotus-worker-1.11.1-a.tar.gz: ${'deadbeef'.repeat(8)} }
hosts:
  - { name: big-1, address: 192.168.12.1, roles: [p1], profile: big }
  - { name: p1-53, address: 192.168.12.53, roles: [p1], profile: amd-7532 }
  - name: p1-54
    address: 192.168.12.54
    roles: [p1]
    profile: amd-7532
    overrides: { p1Tasks: 12, until: 2026-01-01, reason: a module is gone }
`;

const FILES: Readonly<Record<string, string>> = {
  'inventories/f01.yaml': ONE,
  'inventories/f02.yaml': TWO,
  'inventories/f03.yaml': THREE,
  'inventories/f03.facts/p1-53.json': JSON.stringify({ ...savedFacts, hostname: 'f01-p1-192-168-10-50' }),
  'inventories/f03.facts/p1-54.json': '{}',
  'inventories/secrets/recipients.txt': `# alice\n${ALICE.recipient}\n`,
  'inventories/secrets/token.age': BY_AGE,
  token: 'made-up-token\n',
  'profiles/amd-7532.yaml': shipped('profiles/amd-7532.yaml'),
  'profiles/intel-4216.yaml': shipped('profiles/intel-4216.yaml'),
  'profiles/big.yaml': shipped('profiles/amd-7532.yaml').replace('64GiB: 14', '64GiB: 140'),
  'profiles/broken.yaml': `${shipped('profiles/amd-7532.yaml')}more: 1\n`,
  'profiles/nobodys.yaml': shipped('profiles/amd-7371.yaml'),
  'sound/f01.yaml': ONE.replace('{ age: token }', '{ env: TOKEN }'),
  'own/miner/profile.hbs': shipped('templates/miner/profile.hbs'),
  'unused/f01.yaml': ONE.replace('{ age: token }', '{ env: TOKEN }'),
  'unused/f01.facts/p1-99.json': '{}',
  'unused/secrets/recipients.txt': `# alice\n${ALICE.recipient}\n`,
  'unused/secrets/token.age': BY_AGE,
  'unanswered/f01.yaml': ONE.replace('{ age: token }', '{ file: token }'),
  'unanswered/.git': 'gitdir: /nonexistent\n',
  'templates/p1/start_p1.sh.hbs': '#!/bin/bash\nrm -f $1\necho {{wokers}}\n',
  'templates/p1/start_p2.sh.hbs': '#!/bin/bash\nrm -f $1\n',
  'templates/p1/strat_p2.sh.hbs': '#!/bin/bash\n',
};

/** Says something of each script that has `$1`, as shellcheck does. */
const SHELLCHECK = `#!/bin/bash
comments=
for file in "$@"; do
  [[ -f $file ]] || continue
  line=$(grep -n 'rm -f \\$1' "$file") || continue
  comments+=\${comments:+,}'{"file":"'$file'","line":'\${line%%:*}',"endLine":1,"column":7,"endColumn":9,"level":"info","code":2086,"message":"Double quote it.","fix":null}'
done
printf '{"comments":[%s]}' "$comments"
`;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-cli-check-'));
  for (const [name, text] of Object.entries({ ...FILES, 'bin/shellcheck': SHELLCHECK })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  chmodSync(join(directory, 'bin/shellcheck'), 0o755);
  chmodSync(join(directory, 'token'), 0o644);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fcops = (...args: string[]) =>
  run([...args, '--templates', 'templates', '--profiles', 'profiles'], {
    cwd: directory,
    env: { PATH: `${directory}/bin:/usr/bin:/bin` },
  });

/** The cluster without a mistake alone, where there is no shellcheck. */
const sound = (...args: string[]) =>
  run(['-i', 'sound', ...args, '--templates', 'own'], { cwd: directory, env: { PATH: '/nonexistent' } });

describe('fcops check', () => {
  it('tells a mistake of each rule at its place, and hides none behind another', async () => {
    const { exitCode, stdout, stderr } = await fcops('check');
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "inventories/f01.yaml:11:33: warning: no version of a host needs the sha256 of lotus-worker-1.10.0.tar.gz [checksum-unused]
          next: take it out once no host is to go back to that version
      inventories/f01.yaml:15:92: warning: the hosts have 2 versions of p1 for AMD with Ubuntu: 1.11.1-a on p1-50, p1-51; 1.11.0 on p1-52 [versions-mixed]
          next: bring all of them to one version, where no upgrade is under way
      inventories/f02.yaml:2:13: error: \`sectorSize\` cannot be "46GiB" [cluster-file]
          next: did you mean "64GiB"? one of: 32GiB, 64GiB, 2KiB, 8MiB, 512MiB
      inventories/f02.yaml:3:57: error: a secret stands here in the clear, in the place of where it is kept [secret-in-clear]
          next: take it out, and give the secret another value: old commits have this one; and name it: fcops secrets set NAME --profiles profiles --templates templates
      inventories/f02.yaml:4:17: error: there is no sha256 for lotus-worker-1.11.2.tar.gz [checksum-missing]
          next: have it read from the server and written here: fcops artifacts hash lotus-worker-1.11.2.tar.gz --write --miner f02 --profiles profiles --templates templates; or add what sha256sum prints as \`lotus-worker-1.11.2.tar.gz: <sha256>\` under \`artifacts.sha256\`
      inventories/f02.yaml:9:13: note: a host has the same name as one of another cluster: p1-50 (inventories/f01.yaml:13) [name-twice]
          next: name the miner beside such a host (--miner), or give it a name of its own
      inventories/f02.yaml:10:29: error: p1-99: the machine 192.168.10.51 is in two clusters: it is p1-51 in inventories/f01.yaml:14 [address-twice]
          why:  a deploy of one cluster would take it from the other
          next: correct the address, or take the host out of one of the two files
      inventories/f02.yaml:11:13: error: the host 192.168.10.52 has the address 192.168.11.52, and 192.168.10.52 is the address of p1-52 (inventories/f01.yaml:15) [name-is-address]
          next: correct the address, or name the host otherwise
      inventories/f02.yaml:11:59: error: 192.168.10.52: \`versions.c2\` is missing: the role c2 needs it [version]
          next: add \`c2: <version>\` under \`versions\`, for example c2: 1.11.1-3079a405a
      inventories/f02.yaml:11:64: error: 192.168.10.52: p1 and c2 cannot be on one machine: each one uses all of its cores [cluster-file]
          next: remove one of the two roles, and give it to another host
      inventories/f02.yaml:11:78: error: 192.168.10.52: the profile amd-7532 is not for c2: it has no c2 section [cluster-file]
          next: profiles for c2: intel-4216, nobodys
      inventories/f03.yaml:3:57: error: the secret file token can be read by others (mode 0644) [secret]
          next: chmod 600 token
      inventories/f03.yaml:7:43: error: the sha256 of lotus-worker-1.11.1-a.tar.gz is a placeholder [checksum-placeholder]
          why:  it repeats itself, which that of no file does: each host would download the archive and refuse it
          next: have it read from the server and written here: fcops artifacts hash lotus-worker-1.11.1-a.tar.gz --write --replace --miner f03 --profiles profiles --templates templates
      inventories/f03.yaml:10:13: error: p1-53: the machine is called f01-p1-192-168-10-50 by its saved facts, as a deploy calls p1-50 of another cluster (inventories/f01.yaml:13) [hostname-twice]
          why:  it is one machine in two clusters, or it was the other cluster's
          next: correct one of the two addresses; where the facts are old, fcops facts HOST --save
      inventories/f03.yaml:15:38: error: p1-54: its overrides (12 P1 tasks) were good until 2026-01-01, and are over: a module is gone [overrides-over]
          next: mend the machine and take \`overrides\` out of the inventory, or give them a later \`until\`
      inventories/f03.facts/p1-54.json:1:1: error: \`hostname\` is missing [facts-file]
          next: fcops facts p1-54 --save --profiles profiles --templates templates
      inventories/secrets/token.age:1: error: token is encrypted for 2, and inventories/secrets/recipients.txt has 1 [secret-recipients]
          next: have somebody who can decrypt run: fcops secrets rotate --profiles profiles --templates templates
      profiles/big.yaml:22:19: error: big-1: profile big: the P1 tasks need 17920 huge pages of 1 GiB, the machine can give 2016 [layout]
          why:  8 NUMA nodes of 256 GiB, of which the kernel's page map takes 1/64
          next: lower p1.tasks for this sector size in the profile, or correct memoryGiB
      profiles/broken.yaml:31:1: error: unknown key "more" [profile-file]
          next: one of: description, cpu, memoryGiB, nodes, gpus, p1, c2, apx
      profiles/nobodys.yaml:1: warning: no host has this hardware model [profile-unused]
          next: remove it, where no host is to have it
      templates/p1/start_p1.sh.hbs:3: error: 3 hosts of f01 (p1-[50:52]); 2 hosts of f03 (p1-[53:54]): the variable "wokers" is missing [template]
          next: one of: tasks, units
      templates/p1/start_p2.sh.hbs:2: warning: 3 hosts of f01 (p1-[50:52]); 2 hosts of f03 (p1-[53:54]): SC2086: Double quote it. [shellcheck]
          why:  line 2 of /opt/lotusworker/start_p2.sh: rm -f $1
          next: https://www.shellcheck.net/wiki/SC2086
      templates/p1/strat_p2.sh.hbs: error: no template has this name, so it would never be used [template-unknown]
          next: did you mean "p1/start_p2.sh"?
      18 errors, 4 warnings in 11 files, 1 note (3 clusters, 10 hosts)
      "
    `);
  });

  it('tells what nobody uses, and what was not checked, where all is known; none of that fails it', async () => {
    const { exitCode, stdout, stderr } = await sound('check');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "sound/f01.yaml:11:33: warning: no version of a host needs the sha256 of lotus-worker-1.10.0.tar.gz [checksum-unused]
          next: take it out once no host is to go back to that version
      sound/f01.yaml:15:92: warning: the hosts have 2 versions of p1 for AMD with Ubuntu: 1.11.1-a on p1-50, p1-51; 1.11.0 on p1-52 [versions-mixed]
          next: bring all of them to one version, where no upgrade is under way
      own/miner/profile.hbs:1: warning: no host of these clusters needs this template [template-unused]
          next: remove it, where no host is to need it
      note: shellcheck is not installed: the rendered shell was not checked [shell-unchecked]
          next: install the package shellcheck where this runs
      3 warnings in 2 files, 1 note (1 cluster, 4 hosts)
      "
    `);
  });

  it('has all that for programs, and there is a test of every rule', async () => {
    const rulesOf = async (ended: Promise<Ended>) =>
      checkDocumentSchema.parse(JSON.parse((await ended).stdout)).findings.map(({ rule }) => rule);
    const broken = new Set([
      ...(await rulesOf(fcops('check', '--output', 'json'))),
      ...(await rulesOf(sound('check', '--output', 'json', '-i', 'unused'))),
      ...(await rulesOf(fcops('check', '--output', 'json', '-i', 'unanswered'))),
    ]);
    expect(RULE_NAMES.filter((rule) => !broken.has(rule))).toEqual([]);
  });

  it('has annotations for GitHub, one line each', async () => {
    const { exitCode, stdout } = await fcops('check', '--output', 'github', '--miner', 'f03');
    expect([exitCode, stdout]).toEqual([1, expect.any(String)]);
    expect(stdout).toMatchInlineSnapshot(`
      "::error file=inventories/f03.yaml,line=3,col=57,title=secret::the secret file token can be read by others (mode 0644)%0Anext: chmod 600 token
      ::error file=inventories/f03.yaml,line=7,col=43,title=checksum-placeholder::the sha256 of lotus-worker-1.11.1-a.tar.gz is a placeholder%0Awhy: it repeats itself, which that of no file does: each host would download the archive and refuse it%0Anext: have it read from the server and written here: fcops artifacts hash lotus-worker-1.11.1-a.tar.gz --write --replace --miner f03 --profiles profiles --templates templates
      ::error file=inventories/f03.yaml,line=10,col=13,title=hostname-twice::p1-53: the machine is called f01-p1-192-168-10-50 by its saved facts, as a deploy calls p1-50 of another cluster (inventories/f01.yaml:13)%0Awhy: it is one machine in two clusters, or it was the other cluster's%0Anext: correct one of the two addresses; where the facts are old, fcops facts HOST --save
      ::error file=inventories/f03.yaml,line=15,col=38,title=overrides-over::p1-54: its overrides (12 P1 tasks) were good until 2026-01-01, and are over: a module is gone%0Anext: mend the machine and take \`overrides\` out of the inventory, or give them a later \`until\`
      ::error file=inventories/f03.facts/p1-54.json,line=1,col=1,title=facts-file::\`hostname\` is missing%0Anext: fcops facts p1-54 --save --miner f03 --profiles profiles --templates templates
      ::error file=inventories/secrets/token.age,line=1,title=secret-recipients::token is encrypted for 2, and inventories/secrets/recipients.txt has 1%0Anext: have somebody who can decrypt run: fcops secrets rotate --profiles profiles --templates templates
      ::error file=profiles/big.yaml,line=22,col=19,title=layout::big-1: profile big: the P1 tasks need 17920 huge pages of 1 GiB, the machine can give 2016%0Awhy: 8 NUMA nodes of 256 GiB, of which the kernel's page map takes 1/64%0Anext: lower p1.tasks for this sector size in the profile, or correct memoryGiB
      ::error file=templates/p1/start_p1.sh.hbs,line=3,title=template::2 hosts of f03 (p1-[53:54]): the variable "wokers" is missing%0Anext: one of: tasks, units
      ::warning file=templates/p1/start_p2.sh.hbs,line=2,title=shellcheck::2 hosts of f03 (p1-[53:54]): SC2086: Double quote it.%0Awhy: line 2 of /opt/lotusworker/start_p2.sh: rm -f $1%0Anext: https://www.shellcheck.net/wiki/SC2086
      ::error file=templates/p1/strat_p2.sh.hbs,title=template-unknown::no template has this name, so it would never be used%0Anext: did you mean "p1/start_p2.sh"?
      9 errors, 1 warning in 7 files (1 cluster, 3 hosts)
      "
    `);
  });

  it('has them at the paths that GitHub knows files by, from whatever directory it is run in', async () => {
    const { stdout } = await run(['check', '-i', 'sound', '--output', 'github'], {
      cwd: directory,
      env: { PATH: '/nonexistent', GITHUB_WORKSPACE: dirname(directory) },
    });
    expect(stdout).toContain(`::warning file=${basename(directory)}/sound/f01.yaml,line=11,`);
  });

  it('is a suite an area in JUnit', async () => {
    const { exitCode, stdout } = await fcops('check', '--output', 'junit');
    expect(exitCode).toBe(1);
    expect(stdout.match(/<testsuite name="\w+" tests="\d+" failures="\d+"/g)).toMatchInlineSnapshot(`
      [
        "<testsuite name="inventory" tests="8" failures="7"",
        "<testsuite name="layouts" tests="1" failures="1"",
        "<testsuite name="versions" tests="5" failures="3"",
        "<testsuite name="templates" tests="1" failures="1"",
        "<testsuite name="shell" tests="2" failures="0"",
        "<testsuite name="unused" tests="4" failures="1"",
        "<testsuite name="secrets" tests="5" failures="3"",
      ]
    `);
  });

  it('that is interrupted ends at once, and leaves nothing', async () => {
    const slow = join(directory, 'slow');
    mkdirSync(join(slow, 'tmp'), { recursive: true });
    writeFileSync(join(slow, 'shellcheck'), `#!/bin/bash\necho $$ >${slow}/pid\nexec sleep 300\n`, {
      mode: 0o755,
    });
    const running = startFcops(['check', '-i', 'sound'], {
      cwd: directory,
      env: { PATH: `${slow}:/usr/bin:/bin`, TMPDIR: join(slow, 'tmp') },
    });
    await vi.waitFor(() => expect(readFileSync(join(slow, 'pid'), 'utf8')).toMatch(/\n$/), 30_000);
    expect(readdirSync(join(slow, 'tmp'))).toHaveLength(1);
    running.kill('SIGINT');
    expect((await running).signal).toBe('SIGINT');
    expect(readdirSync(join(slow, 'tmp'))).toEqual([]);
    const pid = readFileSync(join(slow, 'pid'), 'utf8').trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), 10_000);
  });

  it('tells of a cluster file that leads nowhere or is a directory, and checks the others', async () => {
    const odd = mkdtempSync(join(tmpdir(), 'fcops-check-odd-'));
    try {
      writeFileSync(join(odd, 'f02.yaml'), TWO);
      mkdirSync(join(odd, 'f03.yaml'));
      symlinkSync(join(odd, 'nowhere'), join(odd, 'f04.yaml'));
      const { exitCode, stdout } = await run(['check', '-i', '.'], { cwd: odd, env: {} });
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining('f02.yaml:2:13: error: ')]);
      expect(stdout).toContain('f03.yaml: error: cannot be read [cluster-file]');
      expect(stdout).toContain('f04.yaml: error: there is no such file, though its directory has the name');
      const { stderr } = await run(['check', '-i', 'f05.yaml'], { cwd: odd, env: {} });
      expect(stderr).toContain('f05.yaml: there is no such cluster file');
      expect(stderr).not.toContain('fcops init');
    } finally {
      rmSync(odd, { recursive: true });
    }
  });

  it('is about one cluster where that is named, and refuses what it cannot print', async () => {
    const { exitCode, stdout } = await sound('check', '--miner', 'f01');
    expect([exitCode, stdout.includes('unused]')]).toEqual([0, true]);
    expect((await fcops('check', '--miner', 'f09')).stderr).toContain('there is no cluster f09');
    expect((await fcops('check', '--output', 'markdown')).stderr).toContain(
      'this command prints text or json or junit or github',
    );
    expect((await fcops('plan', 'p1', '--output', 'github')).stderr).toContain(
      '--output github: this command',
    );
  });
});
