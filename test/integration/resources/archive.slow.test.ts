/** @module-tag needs-namespaces */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/engine/plan.ts';
import type { ArchiveSpec } from '../../../src/resources/archive/archive.ts';
import { archive } from '../../../src/resources/archive/archive.ts';
import { link } from '../../../src/resources/link/link.ts';
import type { ArtifactServer } from '../../support/artifact-server.ts';
import { archiveName, startArtifactServer } from '../../support/artifact-server.ts';
import { freePort } from '../../support/free-port.ts';
import { needs } from '../../support/needs.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { apply, converge, failureOf, plan } from './support.ts';

const VERSIONS = ['1.0-a', '1.1-b', '1.2-c', '1.3-d'];
const HOME = '/opt/lotusworker';

let server: ArtifactServer;
let hosts: SimulatedHosts;
let host: SimulatedHost;
let small: SimulatedHost;

beforeAll(async () => {
  server = await startArtifactServer({ versions: VERSIONS });
  hosts = await startSimulatedHosts({
    hosts: [{ name: 'large' }, { name: 'small', limits: { '/srv': 4096 } }],
  });
  const [first, second] = hosts.hosts;
  if (!first || !second) throw new Error('two hosts were asked for');
  host = first;
  small = second;
});
afterAll(async () => {
  await hosts?.stop();
  await server?.stop();
});
afterEach(async () => {
  for (const version of VERSIONS) server.fail(archiveName(version), undefined);
  await host.sh(`rm -rf ${HOME}`);
});

const worker = (version: string, other: Partial<ArchiveSpec> = {}) =>
  archive({
    url: `${server.url}/${archiveName(version)}`,
    sha256: server.sha256[archiveName(version)] ?? '',
    directory: `${HOME}/versions/${version}`,
    credentials: { user: server.user, password: server.password },
    keep: 1,
    members: ['lotus-worker'],
    ...other,
  });

/** How an installation of the first version fails, and what it leaves behind. */
const failing = async (other: Partial<ArchiveSpec> = {}, on: SimulatedHost = host) => {
  const toDo = await plan(on, [worker('1.0-a', other)]);
  const message = await failureOf(apply(on, toDo));
  const parent = (other.directory ?? `${HOME}/versions/x`).replace(/\/[^/]+$/, '');
  return { message, left: await on.sh(`ls -A ${parent}`) };
};

const byProgram = (program: 'curl' | 'wget') => () => {
  const away = program === 'curl' ? 'true' : 'rm -f /usr/bin/curl /usr/local/bin/curl; ! type -P curl';
  beforeAll(() => host.sh(away));

  it('a version is unpacked, and the second look says same', async () => {
    await converge(host, [
      worker('1.0-a'),
      link({ path: `${HOME}/lotus-worker`, target: 'versions/1.0-a/lotus-worker' }),
    ]);
    expect(
      await host.sh(`stat -c %a:%U ${HOME}/versions/1.0-a ${HOME}/lotus-worker -L; ls -A ${HOME}/versions`),
    ).toBe('755:root\n755:root\n1.0-a');
  });

  it('the password is in the header, and in no argument list', async () => {
    server.fail(archiveName('1.0-a'), 'slow');
    const toDo = await plan(host, [worker('1.0-a')]);
    const applied = apply(host, toDo);
    const lists = await host.sh(`
      for ((i = 0; i < 100; i++)); do
        for list in /proc/[0-9]*/cmdline; do
          words=$(tr '\\0' '\\n' <"$list") || continue
          [[ \${words%%$'\\n'*} != *${program} ]] || { printf '%s\\n' "$words"; exit; }
        done 2>/dev/null
        sleep 0.05
      done`);
    await applied;
    expect(lists).toContain(archiveName('1.0-a'));
    expect(lists).not.toContain(server.password);
    const last = server.requests.at(-1);
    expect(last?.headers.authorization).toBe(
      `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`,
    );
  });

  it.each([
    [
      'a wrong sum',
      'wrong-bytes',
      {},
      /is not the one of the inventory: its sha256 is [0-9a-f]{64}, wanted is/,
    ],
    ['a file that is not there', 'missing', {}, /the server has no such file \(404\)/],
    ['a server in trouble', 'server-error', {}, /the server answers with an error \(500\)/],
    ['a connection that breaks off', 'truncated', {}, /the connection broke off/],
    [
      'a wrong password',
      undefined,
      { credentials: { user: 'deploy', password: 'wrong' } },
      /the server refuses the user and password \(401\): see artifacts.user/,
    ],
    [
      'no such name',
      undefined,
      { url: 'http://nowhere.invalid/x' },
      /cannot resolve the name of the server|cannot connect/,
    ],
  ] as const)('%s is one clear error, and nothing is left', async (_, fault, other, message) => {
    server.fail(archiveName('1.0-a'), fault);
    const failed = await failing(other);
    expect(failed.message).toMatch(message);
    expect(failed.left).toBe('');
  });

  it('no server is one clear error, and nothing is left', async () => {
    const failed = await failing({ url: `http://127.0.0.1:${await freePort()}/x.tar.gz` });
    expect(failed.message).toMatch(
      /this host cannot connect to the server.*set variables\.proxy in the inventory/,
    );
    expect(failed.left).toBe('');
  });

  it('no proxy at the address that the inventory names is one clear error, and nothing is left', async () => {
    const proxy = `http://127.0.0.1:${await freePort()}`;
    const failed = await failing({ proxy });
    expect(failed.message).toMatch(/this host cannot connect to the proxy http:.*see variables\.proxy/);
    expect(failed.message).toContain(proxy);
    expect(failed.left).toBe('');
  });

  it('a proxy whose name nobody knows is one clear error', async () => {
    const { message } = await failing({ proxy: 'http://nowhere.invalid:3128' });
    expect(message).toMatch(
      /(resolve the name of|connect to) the proxy http:\/\/nowhere\.invalid:3128.*: see variables\.proxy/,
    );
  });

  it('a full disk is one clear error, and nothing is left', async () => {
    await small.sh(away);
    const failed = await failing({ directory: '/srv/versions/1.0-a' }, small);
    expect(failed.message).toMatch(/the disk of \/srv\/versions is too full/);
    expect(failed.left).toBe('');
  });
};
describe('by curl', { tags: needs('curl') }, byProgram('curl'));
describe('by wget', { tags: needs('wget') }, byProgram('wget'));

describe('versions', () => {
  it('beyond those to keep go, but not one that is linked to, nor what is not ours', async () => {
    await converge(host, [
      worker('1.0-a'),
      link({ path: `${HOME}/lotus-worker`, target: 'versions/1.0-a/lotus-worker' }),
    ]);
    await host.sh(`mkdir ${HOME}/versions/mine; ln -s /etc ${HOME}/versions/link`);
    for (const version of ['1.1-b', '1.2-c', '1.3-d']) {
      await converge(host, [worker(version)]);
      await host.sh('sleep 0.02');
    }
    expect((await host.sh(`ls -A ${HOME}/versions`)).split('\n')).toEqual([
      '1.0-a',
      '1.2-c',
      '1.3-d',
      'link',
      'mine',
    ]);
  });

  it('back and forth: the one that a link elsewhere leads to is never removed', async () => {
    const path = '/opt/lotus-worker-elsewhere';
    for (const version of ['1.0-a', '1.1-b', '1.0-a', '1.2-c', '1.1-b', '1.3-d']) {
      const target = `${HOME}/versions/${version}/lotus-worker`;
      const toDo = await plan(host, [worker(version, { links: [path] }), link({ path, target })]);
      const live = `[[ ! -L ${path} ]] || ${path} --version >/dev/null`;
      // Between the two steps the link still leads to the version before.
      await apply(host, { ...toDo, items: toDo.items.filter(({ resource }) => resource.startsWith('arch')) });
      await host.sh(live);
      await apply(host, { ...toDo, items: toDo.items.filter(({ resource }) => resource.startsWith('link')) });
      await host.sh(`${live}; sleep 0.02`);
    }
    expect((await host.sh(`ls -A ${HOME}/versions`)).split('\n')).toEqual(['1.1-b', '1.2-c', '1.3-d']);
    await host.sh(`rm ${path}`);
  });

  it.each([
    ['in a directory of its own', 'mkdir -p x/deep; cp /bin/true x/deep/lotus-worker', 'deep'],
    ['without the right to be run', 'mkdir x; echo a >x/lotus-worker', 'lotus-worker'],
  ])('whose program is %s are refused, and nothing is left', async (_, make, holds) => {
    await host.sh(`rm -rf /srv/a; mkdir /srv/a; cd /srv/a; ${make}; tar -czf x.tar.gz -C x ${holds}`);
    const sha256 = server.publish('x.tar.gz', readFileSync(`${host.root}/srv/a/x.tar.gz`));
    const failed = await failing({ url: `${server.url}/x.tar.gz`, sha256 });
    expect(failed.message).toContain('has no program lotus-worker that can be run at its top');
    expect(failed.message).toContain(holds);
    expect(failed.left).toBe('');
  });

  it('that were written over are unpacked anew', async () => {
    await converge(host, [worker('1.0-a')]);
    await host.sh(`echo broken >${HOME}/versions/1.0-a/lotus-worker`);
    expect(changesOf(await converge(host, [worker('1.0-a')]))).toHaveLength(1);
    expect(await host.sh(`head -c 2 ${HOME}/versions/1.0-a/lotus-worker; ls -A ${HOME}/versions`)).toBe(
      '#!1.0-a',
    );
  });

  it('a directory that is not ours is not touched', async () => {
    await host.sh(`mkdir -p ${HOME}/versions/1.0-a; echo mine >${HOME}/versions/1.0-a/lotus-worker`);
    const { items } = await plan(host, [worker('1.0-a')]);
    expect(items).toMatchObject([{ state: 'violated', violation: { severity: 'enforce' } }]);
  });

  it('what a run that was cut off left behind goes', async () => {
    await host.sh(`mkdir -p ${HOME}/versions/.fcops.unpack.AbCd1234/tree`);
    await converge(host, [worker('1.0-a')]);
    expect(await host.sh(`ls -A ${HOME}/versions`)).toBe('1.0-a');
  });

  it('what a run left behind that was cut off at its very end is seen and goes, without another download', async () => {
    await converge(host, [worker('1.0-a')]);
    await host.sh(
      `mkdir ${HOME}/versions/.fcops.unpack.AbCd1234; echo >${HOME}/versions/.fcops.unpack.AbCd1234/archive`,
    );
    server.fail(archiveName('1.0-a'), 'missing');
    expect(changesOf(await converge(host, [worker('1.0-a')]))).toHaveLength(1);
    expect(await host.sh(`ls -A ${HOME}/versions`)).toBe('1.0-a');
    expect(changesOf(await converge(host, [worker('1.0-a')]))).toHaveLength(0);
  });
});
