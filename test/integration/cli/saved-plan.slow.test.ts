/** @module-tag needs-namespaces */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { savedPlanDocumentSchema } from '../../../src/cli/views/show-document.ts';
import { type ArtifactServer, startArtifactServer } from '../../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../../support/cluster.ts';
import { fcopsOnTerminal, fcops as run } from '../../support/fcops.ts';
import { c2Machine } from '../../support/machines.ts';
import {
  type SimulatedHost,
  type SimulatedHosts,
  startSimulatedHosts,
} from '../../support/simulated-hosts.ts';

/** A plan is saved, reviewed and applied: what has moved since is told, host by host, before anything is touched. */

const LONG = { timeout: 180_000 };

let hosts: SimulatedHosts;
let artifacts: ArtifactServer;
let directory: string;
let cluster: WrittenCluster;
/** Plans have names of their own in each test. */
let file: string;
let number = 0;

const fcops = (...args: string[]) =>
  run([...args, '--inventory', cluster.inventory], {
    env: { ...cluster.env, XDG_STATE_HOME: join(directory, 'state') },
  });
const names = ['c2-10', 'c2-11', 'c2-12', 'c2-13', 'c2-14'];
const hostOf = (name: string): SimulatedHost => {
  const found = hosts.hosts.find((host) => host.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

const write = async (more: Readonly<Record<string, unknown>> = {}, env?: string): Promise<void> => {
  cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
    more: {
      ...(env !== undefined && {
        api: { address: '/ip4/192.168.10.1/tcp/2345/http', token: { env } },
      }),
      ...more,
    },
  });
};

/** Whatever a run may have changed on a host. */
const treeOf = (host: SimulatedHost): Promise<string> =>
  host.sh(`cd / && { find etc opt var/lib/fcops -xdev -printf '%p %M %u:%g %y %l %T@\\n' | LC_ALL=C sort
    cat /proc/sys/vm/swappiness; } 2>/dev/null`);
const trees = async (): Promise<readonly string[]> => Promise.all(hosts.hosts.map(treeOf));

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: names.map((name) => c2Machine(name)) });
  artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  directory = mkdtempSync(join(tmpdir(), 'fcops-saved-'));
  await write();
}, 120_000);

beforeEach(() => {
  number += 1;
  file = join(directory, `${number}.plan`);
});

afterAll(async () => {
  await artifacts?.stop();
  await hosts?.stop();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

test(
  'a plan is saved, shown without any host, and applied; a second time nothing is to be done',
  LONG,
  async () => {
    const before = await trees();
    const planned = await fcops('plan', 'c2', '--out', file);
    expect(planned).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`saved: ${file}`) });
    for (const secret of Object.values(cluster.env)) expect(readFileSync(file, 'utf8')).not.toContain(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await fcops('plan', 'c2', '--out', file);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not written over') });
    expect(await trees()).toEqual(before);

    const shown = await run(['show', file], { env: {} });
    expect([shown.exitCode, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toContain('saved plan: c2 of f0494733');
    expect(shown.stdout).toContain(planned.stdout.trim().split('\n').at(-1));
    const json = savedPlanDocumentSchema.parse(
      JSON.parse((await run(['show', file, '--output', 'json'], { env: {} })).stdout),
    );
    expect([json.expired, json.plan.hosts.length, json.plan.verdict]).toEqual([false, 5, 'changes']);

    expect(await fcops('apply', file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('an apply asks first'),
    });
    expect(await trees()).toEqual(before);
    const applied = await fcops('apply', file, '--yes');
    expect(applied).toMatchObject({ exitCode: 0 });
    expect(applied.stdout).toMatch(/5 changed/);
    const after = await trees();
    const second = await fcops('apply', file, '--yes');
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stdout).toContain('Nothing to do: all 5 hosts are as this plan makes them.');
    expect(await trees()).toEqual(after);
    expect((await fcops('plan', 'c2', '--detailed-exitcode')).stdout).toContain(
      'nothing to change on 5 hosts',
    );
  },
);

describe('after something has moved', () => {
  /** A plan that changes one file of each host. */
  const planned = async (swappiness: number): Promise<void> => {
    await write({ variables: { sysctl: { 'vm.swappiness': swappiness } } });
    expect(await fcops('plan', 'c2', '--out', file)).toMatchObject({ exitCode: 0 });
  };

  test(
    'by hand on one of five hosts: it alone is refused, and nothing is touched anywhere',
    LONG,
    async () => {
      await planned(11);
      const profile = await hostOf('c2-12').sh('cat /opt/profile');
      await hostOf('c2-12').sh("echo '# mine' >>/opt/profile");
      const before = await trees();
      const { exitCode, stdout } = await fcops('apply', file, '--yes');
      expect(exitCode).toBe(1);
      expect(await trees()).toEqual(before);
      expect(stdout).toMatch(/c2-12.*blocked/);
      expect(stdout).toContain('not as it was when the plan was made');
      expect(stdout).toContain('file /opt/profile: changed on the host since; it was as required');
      expect(stdout).toContain('the plan cannot be applied to 1 of 5 hosts');
      expect(stdout).toContain('--partial');

      const partial = await fcops('apply', file, '--yes', '--partial', '--output', 'json');
      expect(partial.exitCode).toBe(1);
      const events = partial.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const { results } = events.at(-1);
      expect(results.map(({ host, state }: { host: string; state: string }) => [host, state])).toEqual(
        names.map((name) => [name, name === 'c2-12' ? 'blocked' : 'changed']),
      );
      const [touched, ...others] = (await Promise.all(
        ['c2-12', 'c2-10', 'c2-11'].map((name) => hostOf(name).sh('cat /proc/sys/vm/swappiness')),
      )) as [string, ...string[]];
      expect(touched.trim()).not.toBe('11');
      expect(others.map((text) => text.trim())).toEqual(['11', '11']);
      expect(await treeOf(hostOf('c2-12'))).toBe(before[2]);
      await hostOf('c2-12').sh(`cat >/opt/profile <<'EOF'\n${profile.trimEnd()}\nEOF`);
      // What was done is done; the host that is as it was again gets the rest.
      expect(await fcops('apply', file, '--yes')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/1 changed/),
      });
    },
  );

  test('a file that the plan changes itself: what was there then is not there any more', LONG, async () => {
    await planned(12);
    await hostOf('c2-10').sh(
      `f=$(grep -l swappiness /etc/sysctl.d/* /etc/sysctl.conf | head -1); echo '# mine' >>"$f"`,
    );
    const { exitCode, stdout } = await fcops('apply', file, '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/: changed on the host since$/m);
    expect(await fcops('deploy', 'c2', '--yes')).toMatchObject({ exitCode: 0 });
  });

  test('in the inventory: the key is named, with what it was', LONG, async () => {
    await planned(13);
    await write({ variables: { sysctl: { 'vm.swappiness': 14 } } });
    const before = await trees();
    const { exitCode, stdout } = await fcops('apply', file, '--yes', '--partial');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /inventory \S*f0494733\.yaml: variables\.sysctl\.vm\.swappiness is 14 now, and was 13/,
    );
    expect(await trees()).toEqual(before);
  });

  test('in the reference of a secret', LONG, async () => {
    await planned(15);
    const variables = { sysctl: { 'vm.swappiness': 15 } };
    await write({ variables }, 'ANOTHER_TOKEN');
    const moved = await run(['apply', file, '--yes', '--inventory', cluster.inventory], {
      env: { ...cluster.env, ANOTHER_TOKEN: TOKEN },
    });
    expect(moved.exitCode).toBe(1);
    expect(moved.stdout).toContain(
      'api.token is (secret: env ANOTHER_TOKEN) now, and was (secret: env F0494733_TOKEN)',
    );
  });

  test('in a template: it is named', LONG, async () => {
    await planned(16);
    const templates = join(directory, 'templates');
    mkdirSync(join(templates, 'c2'), { recursive: true });
    const shipped = join(import.meta.dirname, '../../../templates/c2/profile.hbs');
    writeFileSync(join(templates, 'c2/profile.hbs'), `${readFileSync(shipped, 'utf8')}# new\n`);
    const { exitCode, stdout } = await fcops('apply', file, '--yes', '--templates', templates);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('template c2/profile: changed since');
    expect(stdout).toContain('file /opt/profile: would change too, and nothing was to be done about it');
  });

  test('a host that is not in the inventory any more', LONG, async () => {
    await planned(17);
    await writeCluster({
      ...hosts,
      artifacts,
      hosts: hosts.hosts
        .filter(({ name }) => name !== 'c2-14')
        .map((host) => ({ host, roles: ['c2'], profile: 'intel-4216' })),
      more: { variables: { sysctl: { 'vm.swappiness': 17 } } },
    });
    const before = await trees();
    const refused = await fcops('apply', file, '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('the inventory has none of this name any more');
    expect(refused.stdout).toContain('the plan cannot be applied to 1 of 5 hosts');
    expect(await trees()).toEqual(before);
    expect((await fcops('apply', file, '--yes', '--partial')).stdout).toMatch(/4 changed/);
  });
});

test(
  'a plan that has expired, was altered or is none is refused before any host is asked',
  LONG,
  async () => {
    await write();
    await fcops('plan', 'c2', '--out', file, '--valid', '1s');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await fcops('apply', file, '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('this plan expired at'),
    });
    expect((await fcops('show', file)).stdout).toContain('expired at');
    writeFileSync(file, readFileSync(file, 'utf8').replace('vm.swappiness', 'vm.swappinesz'));
    expect(await fcops('apply', file, '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('was altered since it was saved'),
    });
  },
);

test('on a terminal it asks once, after the comparison', LONG, async () => {
  await write({ variables: { sysctl: { 'vm.swappiness': 21 } } });
  await fcops('plan', 'c2', '--limit', 'c2-10', '--out', file);
  const ended = await fcopsOnTerminal(
    ['apply', file, '--inventory', cluster.inventory],
    { after: '[y/N]', keys: 'y\n' },
    { env: cluster.env },
  );
  expect(ended.stdout).toContain('Apply this plan to 1 host of f0494733?');
  expect(ended.exitCode).toBe(0);
});
