import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDiffDocumentSchema } from '../../../src/cli/views/plan-diff-document.ts';
import { fcops } from '../../support/fcops.ts';
import type { Repository } from '../../support/repository.ts';
import { makeRepository } from '../../support/repository.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const shipped = (file: string) => readFileSync(join(root, file), 'utf8');
const SUM = 'deadbeef'.repeat(8);

const inventory = (
  miner: string,
  subnet: number,
  { token = 'TOKEN', hosts = 4, more = '' }: { token?: string; hosts?: number; more?: string } = {},
) => `miner: ${miner}
sectorSize: 64GiB
api: { address: /ip4/192.168.${subnet}.1/tcp/2345/http, token: { env: ${token} } }
versions: { p1: 1.11.1-3079a405a, c2: 1.11.1-39c692f52-intel }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256:
    lotus-worker-1.11.1-3079a405a.tar.gz: ${SUM}
    lotus-worker-1.11.1-39c692f52-intel.tar.gz: ${SUM}
hosts:
${Array.from({ length: hosts }, (_, index) => `  - { name: p1-${50 + index}, address: 192.168.${subnet}.${50 + index}, roles: [p1], profile: amd-7532 }`).join('\n')}
  - { name: c2-10, address: 192.168.${subnet}.10, roles: [c2], profile: intel-4216 }
${more}`;

const A = 'inventories/f0494733.yaml';
const B = 'inventories/f01021773.yaml';
const DIRECTORIES = ['--profiles', 'profiles', '--templates', 'templates'];

let repository: Repository;
const plan = (...words: readonly string[]) =>
  fcops(['plan', ...words], { cwd: repository.directory, env: { PATH: process.env.PATH ?? '' } });
const changed = async (...words: readonly string[]) => {
  const { stdout, stderr, exitCode } = await plan(...words, '--base', 'main', '--output', 'json');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return planDiffDocumentSchema.parse(JSON.parse(stdout));
};
/** What changes where: resources by host, with their state. */
const resources = ({ groups }: Awaited<ReturnType<typeof changed>>) =>
  Object.fromEntries(
    groups.flatMap(({ miner, hosts, items }) =>
      items.length === 0
        ? []
        : hosts.map(({ host }) => [
            `${miner} ${host}`,
            items
              .filter(({ state }) => state !== 'restart')
              .map(({ state, resource }) => `${state} ${resource}`),
          ]),
    ),
  );

beforeAll(async () => {
  repository = await makeRepository();
  repository.write(A, inventory('f0494733', 10));
  repository.write(B, inventory('f01021773', 20));
  for (const file of ['amd-7532', 'intel-4216'])
    repository.write(`profiles/${file}.yaml`, shipped(`profiles/${file}.yaml`));
  for (const file of ['p1/worker-p2/start_p2.sh.hbs', 'c2/profile.hbs'])
    repository.write(`templates/${file}`, shipped(`templates/${file}`));
  await repository.commit('all');
});
afterAll(() => rmSync(repository.directory, { recursive: true, force: true }));

describe('fcops plan --base', () => {
  it('has no change where nothing changed, with no secret and no host', async () => {
    const document = await changed('all', '--miner', 'all', ...DIRECTORIES);
    expect(document.counts).toMatchObject({ hosts: 10, same: 10 });
    expect(document.verdict).toBe('well');
    const { stdout, exitCode } = await plan('all', '--miner', 'all', '--base', 'main', '--detailed-exitcode');
    expect(stdout).toContain('nothing changes on 10 hosts');
    expect(exitCode).toBe(0);
  });

  it('names exactly what an inventory, a profile and a template change', async () => {
    repository.write(A, inventory('f0494733', 10, { more: 'variables: { ntpServer: ntp.example.com }\n' }));
    repository.write(
      'profiles/intel-4216.yaml',
      `${shipped('profiles/intel-4216.yaml')}# nothing of it counts\n`,
    );
    repository.write(
      'profiles/amd-7532.yaml',
      shipped('profiles/amd-7532.yaml').replace('maxSealing: { 64GiB: 30,', 'maxSealing: { 64GiB: 31,'),
    );
    const p2 = shipped('templates/p1/worker-p2/start_p2.sh.hbs');
    repository.write(
      'templates/p1/worker-p2/start_p2.sh.hbs',
      p2.replace('export RUST_LOG=', 'export FOO=1\nexport RUST_LOG='),
    );
    const document = await changed('all', '--miner', 'all', ...DIRECTORIES);
    const script = 'change file:/opt/lotusworker/worker-p2/start_p2.sh';
    const cron = 'change cron:root:/usr/sbin/ntpdate ';
    const hosts = [50, 51, 52, 53].map((number) => `p1-${number}`);
    const init = 'change file:/opt/lotusworker/worker-apx/init_apx.sh';
    expect(resources(document)).toEqual({
      ...Object.fromEntries(hosts.map((host) => [`f01021773 ${host}`, [init, script]])),
      ...Object.fromEntries(hosts.map((host) => [`f0494733 ${host}`, [cron, init, script]])),
      'f0494733 c2-10': [cron],
    });
    // The scripts of one process change on each.
    expect(document.counts.restart).toBe(8);
    expect(
      (await plan('all', '--miner', 'all', '--base', 'main', '--detailed-exitcode', ...DIRECTORIES)).exitCode,
    ).toBe(2);
    await repository.git('checkout', '--quiet', '.');
  });

  it('names exactly the hosts of a group that changes', async () => {
    const groups = (more: string) => `groups: { rack-a: { hosts: 'p1-[50:51],c2'${more} } }\n`;
    repository.write(A, inventory('f0494733', 10, { more: groups('') }));
    // A group that sets nothing changes nothing.
    expect((await changed('all', '--miner', 'all')).counts).toMatchObject({ hosts: 10, same: 10 });
    repository.write(
      A,
      inventory('f0494733', 10, { more: groups(', variables: { ntpServer: ntp.example.com }') }),
    );
    const document = await changed('all', '--miner', 'all');
    const cron = ['change cron:root:/usr/sbin/ntpdate '];
    expect(resources(document)).toEqual(
      Object.fromEntries(['p1-50', 'p1-51', 'c2-10'].map((host) => [`f0494733 ${host}`, cron])),
    );
    expect(document.counts).toMatchObject({ hosts: 10, same: 7 });
    await repository.git('checkout', '--quiet', '.');
  });

  it('tells of hosts that come and go, of addresses, and of secrets that are taken from elsewhere', async () => {
    const text = inventory('f0494733', 10, { token: 'OTHER', hosts: 3 })
      .replace('name: p1-51, address: 192.168.10.51', 'name: p1-51, address: 192.168.10.81')
      .replace('name: p1-52', 'name: p1-99');
    repository.write(
      A,
      `${text}  - { name: p1-70, address: 192.168.10.70, roles: [p1], profile: amd-7532 }\n`,
    );
    const { stdout } = await plan('all', '--miner', 'f0494733', '--base', 'main');
    expect(stdout).toContain('+ p1-70  new: everything is put on it (');
    expect(stdout).toContain('- p1-53  no longer in the inventory');
    expect(stdout).toContain('p1-51: its address was 192.168.10.51, and is 192.168.10.81');
    expect(stdout).toContain('p1-99: it was called p1-52');
    expect(stdout).toContain('api.token: env TOKEN -> env OTHER');
    expect(stdout).toContain('+export MINER_API_INFO=<env OTHER>:/ip4/192.168.10.1/tcp/2345/http');
    await repository.git('checkout', '--quiet', '.');
  });

  it('tells of a host that is of another role now, whether that role or all are asked for', async () => {
    const text = inventory('f0494733', 10, { hosts: 3 })
      .replace('versions: {', 'versions: { apx: 1.11.1-3079a405a,')
      .replace('address: 192.168.10.51, roles: [p1]', 'address: 192.168.10.51, roles: [apx]');
    repository.write(
      A,
      `${text}  - { name: p1-70, address: 192.168.10.53, roles: [p1], profile: amd-7532 }\n`,
    );
    const { stdout } = await plan('p1', '--miner', 'f0494733', '--base', 'main');
    expect(stdout).toContain('- p1-51  no longer in the inventory, or of another role');
    expect((await changed('p1', '--miner', 'f0494733')).counts).toMatchObject({ hosts: 4, gone: 1 });
    // One that has another name is there still.
    expect((await changed('p1', '--miner', 'f0494733', '--limit', 'p1-53,p1-50')).counts.gone).toBe(0);
    const all = await plan('all', '--miner', 'f0494733', '--base', 'main');
    expect(all.stdout).toContain(
      [
        '  no longer managed',
        '    / package nvidia-driver-460, kernel argument default_hugepagesz=1G, kernel argument hugepagesz=1G, ',
      ].join('\n'),
    );
    expect(all.stdout).toContain(
      'directory /opt/lotusworker/worker-[1:14]p1, file /opt/lotusworker/worker-[1:14]p1/start_[1:14]p1.sh, ',
    );
    expect(all.stdout).toContain(', process P2, process P1-[1:14]\n');
    await repository.git('checkout', '--quiet', '.');
  });

  it('takes a cluster that was not there for new, and one that is not there any more for gone', async () => {
    repository.write('inventories/f0730670.yaml', inventory('f0730670', 30));
    repository.remove(B);
    const document = await changed('all', '--miner', 'all');
    expect(document.counts).toMatchObject({ new: 5, gone: 5, same: 5 });
    // Of an inventory that is one file, all are the one in it.
    expect((await changed('all', '--miner', 'all', '-i', A)).counts).toMatchObject({ hosts: 5, same: 5 });
    expect((await changed('all', '--miner', 'f01021773')).counts).toMatchObject({ hosts: 5, gone: 5 });
    await repository.git('checkout', '--quiet', '.');
    repository.remove('inventories/f0730670.yaml');
  });

  it('takes names of hosts that only one cluster has, now or before, and refuses one that none has', async () => {
    repository.write(
      A,
      `${inventory('f0494733', 10)}  - { name: p1-70, address: 192.168.10.70, roles: [p1], profile: amd-7532 }\n`,
    );
    repository.write(B, inventory('f01021773', 20, { hosts: 3 }));
    const limited = async (limit: string) => {
      const { groups, counts } = await changed('p1', '--miner', 'all', '--limit', limit);
      const named = groups.flatMap(({ miner, state, hosts }) =>
        hosts.map(({ host }) => `${miner} ${state} ${host}`),
      );
      return [counts.hosts, counts.same, ...named];
    };
    expect(await limited('p1-50,p1-70')).toEqual([3, 2, 'f0494733 new p1-70']);
    expect(await limited('p1-53,p1-70')).toEqual([3, 1, 'f0494733 new p1-70', 'f01021773 gone p1-53']);
    expect(await limited('192.168.20.53,!p1-70')).toEqual([1, 0, 'f01021773 gone p1-53']);
    const { exitCode, stdout, stderr } = await plan(
      ...['p1', '--miner', 'all', '--base', 'main', '--limit', 'p1-50,p1-7O'],
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'error: --limit p1-7O matches no host of f01021773 or f0494733\n  next: did you mean "p1-70"?\n',
    );
    const listed = await fcops(['inventory', 'list', '--limit', 'p1-53,p1-70'], {
      cwd: repository.directory,
      env: { PATH: process.env.PATH ?? '' },
    });
    expect(listed.stdout).toMatch(/f0494733 [\s\S]*p1-53 [\s\S]*p1-70 /);
    await repository.git('checkout', '--quiet', '.');
  });

  it('takes saved facts that cannot be read for none, and not for a mistake of the revision', async () => {
    repository.write('inventories/f0494733.facts/p1-50.json/no-file', '');
    const { counts, groups } = await changed('all', '--miner', 'all');
    expect(counts).toMatchObject({ hosts: 10, same: 10, unread: 0 });
    expect(groups).toEqual([]);
    repository.remove('inventories/f0494733.facts');
  });

  it('tells a mistake of the revision with its place, and fails for it only where it is there still', async () => {
    repository.write(A, inventory('f0494733', 10).replace('profile: amd-7532', 'profile: amd-9999'));
    repository.write('templates/c2/profile.hbs', '{{nonsense}}\n');
    await repository.commit('wrong');
    repository.write(A, inventory('f0494733', 10));
    repository.write(B, inventory('f01021773', 20).replace(/ {2}- \{ name: p1-53.*\n/, ''));
    const mended = await plan('all', '--miner', 'all', '--base', 'main');
    expect([mended.exitCode, mended.stderr]).toEqual([0, '']);
    expect(mended.stdout).toMatch(
      /\? p1-\[50:53\], c2-10 {2}what changes is not known: in main there is a mistake\n {4}main:inventories\/f0494733\.yaml:11:.*: .*no profile "amd-9999"\n(.*\n)*? +next: it may be mended here by now: compare with a revision in which it is right \(--base\)/,
    );
    expect(mended.stdout).toContain('- p1-53  no longer in the inventory');
    expect(mended.stdout).toContain('5 hosts of which it is not known what changes');
    expect(mended.stdout).not.toMatch(/did you mean|api\.token/);
    const { groups, counts, verdict } = await changed('all', '--miner', 'f0494733');
    expect(groups).toMatchObject([{ state: 'unread', problems: [{ kind: 'inventory' }] }]);
    expect([counts.unread, counts.hosts, verdict]).toEqual([5, 5, 'changes']);
    const junit = await plan('p1', '--miner', 'f0494733', '--base', 'main', '--output', 'junit');
    expect(junit.stdout).toMatch(/tests="4" failures="0" errors="0"/);
    expect(junit.stdout).toContain('main:inventories/f0494733.yaml:11');
    const comment = await plan('p1', '--miner', 'f0494733', '--base', 'main', '--output', 'markdown');
    expect(comment.stdout).toContain('what changes is not known: in main there is a mistake');
    const detailed = await plan('p1', '--miner', 'f0494733', '--base', 'main', '--detailed-exitcode');
    expect(detailed.exitCode).toBe(2);
    await repository.git('checkout', '--quiet', B);

    const template = await plan('c2', '--miner', 'f01021773', '--base', 'main', '--templates', 'templates');
    expect(template.exitCode).toBe(1);
    expect(template.stdout).toMatch(/! c2-10\n +templates\/c2\/profile\.hbs:1/);
    repository.write('templates/c2/profile.hbs', shipped('templates/c2/profile.hbs'));
    const right = await plan('c2', '--miner', 'f01021773', '--base', 'main', '--templates', 'templates');
    expect(right.exitCode).toBe(0);
    expect(right.stdout).toMatch(
      /\? c2-10 {2}what changes is not known.*\n +main:templates\/c2\/profile\.hbs:1/,
    );
    await repository.git('reset', '--quiet', '--hard', 'main');
    const broken = await plan('all', '--miner', 'f0494733', '--base', 'main');
    expect([broken.exitCode, broken.stdout]).toEqual([1, '']);
    repository.remove(A);
    const gone = await plan('all', '--miner', 'f0494733', '--base', 'main');
    expect(gone.exitCode).toBe(0);
    expect(gone.stdout).toMatch(/\? f0494733 {2}what changes is not known: in main there is a mistake\n/);
    await repository.git('reset', '--quiet', '--hard', 'main~1');
  });

  it('says of templates that the revision should not have that nothing can be compared with it', async () => {
    repository.write('templates/p1/strat_p1.sh.hbs', '');
    await repository.commit('misnamed');
    const words = ['p1', '--miner', 'all', '--base', 'main', '--templates', 'templates'];
    const still = await plan(...words);
    expect([still.exitCode, still.stdout]).toEqual([1, '']);
    expect(still.stderr).toMatch(/^error: templates\/p1\/strat_p1\.sh\.hbs: /);
    repository.remove('templates/p1/strat_p1.sh.hbs');
    const mended = await plan(...words);
    expect([mended.exitCode, mended.stderr]).toEqual([0, '']);
    expect(mended.stdout).toContain('8 hosts of which it is not known what changes');
    expect(mended.stdout).toContain('    main:templates/p1/strat_p1.sh.hbs: no template has this name');
    await repository.git('reset', '--quiet', '--hard', 'main~1');
  });

  it('says what is wrong with a revision', async () => {
    for (const [base, said] of [
      ['nope', 'there is no revision nope'],
      ['--upload-pack=x', 'is no name of a revision'],
      ['main:inventories', 'there is no revision'],
    ] as const) {
      const { stderr, exitCode } = await plan('p1', '--miner', 'f0494733', `--base=${base}`);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(said);
    }
    const { stderr } = await fcops(['plan', 'p1', '--base', 'main', '-i', join(root, 'inventories')], {
      cwd: '/',
      env: { PATH: '/nonexistent' },
    });
    expect(stderr).toContain('there is no git on this machine');
    expect(stderr).toContain('or leave --base out');
  });

  it('compares with the repository that the inventory is in, also in a hook of git of another one', async () => {
    const elsewhere = { GIT_DIR: '/nonexistent/.git', GIT_INDEX_FILE: '/nonexistent/index' };
    const { stdout, stderr } = await fcops(
      ['plan', 'all', '--miner', 'all', '--base', 'main', '--output', 'json'],
      { cwd: repository.directory, env: { PATH: process.env.PATH ?? '', ...elsewhere } },
    );
    expect(stderr).toBe('');
    expect(planDiffDocumentSchema.parse(JSON.parse(stdout)).counts.same).toBe(10);
  });

  it('says of a shallow clone that it is one, and what makes it whole', async () => {
    const clone = join(repository.directory, '.git/shallow');
    await repository.git('clone', '--quiet', '--depth=1', `file://${repository.directory}`, clone);
    const { stderr, exitCode } = await fcops(['plan', 'p1', '--miner', 'f0494733', '--base', 'v1'], {
      cwd: clone,
      env: { PATH: process.env.PATH ?? '' },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no revision v1');
    expect(stderr).toMatch(/shallow clone.*\n.*git fetch --unshallow.*fetch-depth: 0.*GIT_DEPTH: 0/);
    rmSync(clone, { recursive: true });
  });

  it('runs nothing of the revision', async () => {
    repository.write('.gitattributes', '*.yaml filter=evil diff=evil\n');
    await repository.git('add', '.gitattributes');
    for (const key of ['filter.evil.smudge', 'diff.evil.textconv', 'core.fsmonitor', 'core.pager'])
      await repository.git('config', key, `touch ${join(repository.directory, 'ran')}; true`);
    expect((await changed('all', '--miner', 'all')).counts.same).toBe(10);
    const own = `token: { exec: [touch, ${join(repository.directory, 'ran')}] }`;
    repository.write(A, inventory('f0494733', 10).replace('token: { env: TOKEN }', own));
    expect((await changed('c2', '--miner', 'f0494733')).secrets).toMatchObject([
      { key: 'api.token', before: 'env TOKEN', after: expect.stringContaining('exec touch') },
    ]);
    repository.write(A, inventory('f0494733', 10));
    expect(existsSync(join(repository.directory, 'ran'))).toBe(false);
    for (const key of ['filter.evil.smudge', 'diff.evil.textconv', 'core.fsmonitor', 'core.pager'])
      await repository.git('config', '--unset', key);
  });

  it('is a comment in Markdown, and JUnit', async () => {
    repository.write(A, inventory('f0494733', 10, { more: 'variables: { ntpServer: ntp.example.com }\n' }));
    const markdown = await plan('all', '--miner', 'f0494733', '--base', 'main', '--output', 'markdown');
    expect(markdown.stdout).toContain('### fcops plan all against `main`');
    expect(markdown.stdout).toContain(
      '<details><summary>5 hosts: <code>p1-[50:53], c2-10</code> — on each 1 to update</summary>',
    );
    const junit = await plan('all', '--miner', 'f0494733', '--base', 'main', '--output', 'junit');
    expect(junit.stdout).toContain('<testsuite name="f0494733 p1-50" tests="1" failures="0"');
    expect((await plan('all', '--miner', 'all')).stderr).toContain('--base origin/main');
  });
});
