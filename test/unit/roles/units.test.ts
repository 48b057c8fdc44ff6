import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../../src/render/renderer.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { apx } from '../../../src/roles/apx.ts';
import { c2 } from '../../../src/roles/c2.ts';
import { miner } from '../../../src/roles/miner.ts';
import { p1 } from '../../../src/roles/p1.ts';
import type { Role, RoleContext } from '../../../src/roles/role.ts';
import { needs } from '../../support/needs.ts';
import { factsFor, problemsOf, shipped } from '../layout/shipped.ts';
import { contextOf, filesOf, minerContext, resourcesOf, shippedTemplates, withSystemd } from './support.ts';

const amd7532 = shipped('amd-7532');
const intel4216 = shipped('intel-4216');
const ROLES: readonly (readonly [string, Role, RoleContext])[] = [
  ['p1', p1, contextOf(amd7532)],
  ['c2', c2, contextOf(intel4216)],
  ['apx', apx, contextOf(amd7532)],
  ['miner', miner, minerContext(amd7532)],
];
const UNITS = '/etc/systemd/system';
const FILES = {
  p1: ['fcops-apx.service', 'fcops-p1@.service', 'fcops-p2.service'],
  c2: ['fcops-c2@.service'],
  apx: ['fcops-apx.service'],
  miner: ['fcops-lotus-miner.service', 'fcops-lotus.service'],
} as const;

const filesBySystemd = (role: Role, context: RoleContext) =>
  filesOf(role.tasks(withSystemd(context)), factsFor(context.host.profile));
const all = new Map(ROLES.flatMap(([, role, context]) => [...filesBySystemd(role, context)]));
const unitFiles = [...all].filter(([path]) => path.startsWith(`${UNITS}/fcops-`));
const unitNamesOf = (processes: readonly Process[]) => processes.map(({ unit }) => unit?.name);

const folder = mkdtempSync(join(tmpdir(), 'fcops-units-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, text: string, mode = 0o644): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

describe('variables.supervisor', () => {
  it.each(ROLES)('nohup, as it is by itself, leaves %s as the handbook has it', (_, role, context) => {
    const files = filesOf(role.tasks(context), factsFor(context.host.profile));
    expect([...files.keys()].filter((path) => path.includes('fcops-') && path.endsWith('.service'))).toEqual(
      [],
    );
    for (const [path, text] of files) if (path.endsWith('.sh')) expect(text).not.toContain('foreground');
    for (const { unit, start } of role.processes(context)) {
      expect(unit).toBeUndefined();
      expect(start.run).toMatch(/^bash \//);
    }
  });

  it.each(Object.entries(FILES))('systemd gives %s its unit files, known to systemd', (name, files) => {
    const [, role, context] = ROLES.find(([one]) => one === name) ?? [];
    if (!role || !context) throw new Error(`no role ${name}`);
    const resources = resourcesOf(role.tasks(withSystemd(context))).map(({ id }) => id);
    expect(
      resources.filter((id) => /fcops-.*\.service$/.test(id) && id.startsWith('file:')).toSorted(),
    ).toEqual(files.map((file) => `file:${UNITS}/${file}`));
    expect(resources.filter((id) => id.startsWith('daemon-reload:fcops-'))).toHaveLength(files.length);
  });

  it('systemd runs each process by a unit of its own', () => {
    const of = (role: Role, context: RoleContext) => role.processes(withSystemd(context));
    expect(unitNamesOf(of(p1, contextOf(amd7532)))).toEqual([
      'fcops-apx.service',
      'fcops-p2.service',
      ...Array.from({ length: 14 }, (_, index) => `fcops-p1@${index + 1}.service`),
    ]);
    expect(unitNamesOf(of(c2, contextOf(intel4216)))).toEqual(
      [1, 2, 3, 4].map((index) => `fcops-c2@${index}.service`),
    );
    expect(unitNamesOf(of(miner, minerContext(amd7532)))).toEqual([
      'fcops-lotus.service',
      'fcops-lotus-miner.service',
    ]);
    for (const { unit, start, log } of of(p1, contextOf(amd7532))) {
      expect(start.run).toBe(`systemctl start ${unit?.name}`);
      expect(log).toMatch(/^\/opt\/lotusworker\/.*\/log\.txt$/);
    }
  });
});

describe('unit files', () => {
  it('run the start script of their process, in the foreground', () => {
    for (const [path, text] of unitFiles) {
      const script = /^ExecStart=\/bin\/bash (\S+) --foreground$/m.exec(text)?.[1]?.replaceAll('%i', '2');
      expect([path, all.get(script ?? '')?.includes('--foreground')]).toEqual([path, true]);
      // What is asked before: a host that has gone back to nohup has a script that knows nothing of it.
      const asked = /^ExecStartPre=\/bin\/grep -qe --foreground (\S+)$/m
        .exec(text)?.[1]
        ?.replaceAll('%i', '2');
      expect(asked).toBe(script);
    }
  });

  it('never kill, wait as long as fcops does, and are not started at boot', () => {
    const seconds = Object.fromEntries(
      unitFiles.map(([path, text]) => [
        path.slice(UNITS.length + 1),
        Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]),
      ]),
    );
    expect(seconds).toEqual({
      'fcops-apx.service': 60,
      'fcops-p1@.service': 60,
      'fcops-p2.service': 60,
      'fcops-c2@.service': 60,
      'fcops-lotus.service': 600,
      'fcops-lotus-miner.service': 600,
    });
    for (const [, text] of unitFiles) {
      expect(text).toContain('\nSendSIGKILL=no\n');
      expect(text).not.toContain('[Install]');
    }
  });

  it('start again what fails: a worker whatever its status says, which is 0 when it fails, too', () => {
    const restart = unitFiles.map(([path, text]) => [
      path.includes('lotus'),
      /^Restart=(.*)$/m.exec(text)?.[1],
    ]);
    for (const [isMiner, value] of restart) expect(value).toBe(isMiner ? 'on-failure' : 'always');
  });

  it('are understood by systemd', { tags: needs('systemd-analyze') }, () => {
    const paths = unitFiles.map(([path, text]) => {
      const file = written(`verify${path}`, text);
      if (!path.includes('@')) return file;
      const instance = file.replace('@', '@1');
      symlinkSync(file, instance);
      return instance;
    });
    expect(paths).toHaveLength(6);
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], {
      encoding: 'utf8',
    });
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('fcops-'));
    // Of systemd 254 and 240: what is older says that it does without.
    const newer = /Unknown (key|lvalue).*(RestartSteps|RestartMaxDelaySec|LogRateLimitIntervalSec)/;
    expect(said.filter((line) => !newer.test(line))).toEqual([]);
  });
});

describe('start scripts of a host with units', () => {
  const scripts = [...all].filter(([path]) => /\/start_[^/]*\.sh$/.test(path));
  const bin = join(folder, 'bin');
  /** A systemctl that says of every unit that it is in this state. */
  const systemctl = (state: string) =>
    written('bin/systemctl', `#!/bin/bash\necho ${state}\n[[ ${state} == active ]]\n`, 0o755);
  const run = (text: string, ...args: string[]) =>
    spawnSync('bash', ['-s', '--', ...args], {
      input: text,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
  const apxScript = () =>
    (all.get('/opt/lotusworker/worker-apx/start_apx.sh') ?? '').replaceAll('/opt/lotusworker', folder);

  it('pass shellcheck', { tags: needs('shellcheck') }, () => {
    const names = scripts.map(([path, text]) => written(`check/${path.slice(1).replaceAll('/', '_')}`, text));
    const { stdout } = spawnSync('shellcheck', names, { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('refuse where a unit runs the process, or is about to', () => {
    for (const state of ['active', 'activating']) {
      systemctl(state);
      const { status, stderr } = run(apxScript());
      expect([status, stderr]).toEqual([
        75,
        'fcops-apx.service runs APx; nothing was started (systemctl status fcops-apx.service)\n',
      ]);
      const allOf = run(all.get('/opt/lotusworker/start_p1.sh') ?? '');
      expect([allOf.status, allOf.stderr]).toEqual([
        75,
        "fcops-p1@1.service runs P1-1; nothing was done (to end them all: systemctl stop 'fcops-p1@*')\n",
      ]);
    }
  });

  it('become the program in the foreground, and leave it in the background by hand', () => {
    systemctl('inactive');
    written('profile', 'export MINER_API_INFO=x\n');
    written('lotus-worker', '#!/bin/bash\necho "$$ $PPID $*"\n', 0o755);
    mkdirSync(join(folder, 'worker-apx'), { recursive: true });
    const { status, stdout, stderr } = run(apxScript(), '--foreground');
    expect([status, stderr]).toEqual([0, '']);
    const [, parent, ...words] = stdout.trim().split(' ');
    expect(parent).toBe(String(process.pid));
    expect(words.join(' ')).toBe(
      `--worker-repo ${folder}/worker-apx run --no-local-storage --role APx --group 192.168.10.50 --listen 192.168.10.50:11000`,
    );
    const byHand = run(`${apxScript()}wait\ncat ${folder}/worker-apx/log.txt`);
    expect([byHand.status, byHand.stderr]).toEqual([0, '']);
    expect(byHand.stdout).toContain('--role APx');
  });

  it('refuse to start what runs already, whoever asks', () => {
    systemctl('inactive');
    const home = `${folder}/worker-apx`;
    const text = `bash -c 'sleep 20; :' lotus-worker --worker-repo ${home} run & other=$!
trap 'kill $other' EXIT
sleep 0.3
${apxScript()}`;
    const { status, stderr } = run(text, '--foreground');
    expect(status).toBe(75);
    expect(stderr).toMatch(/^APx runs already, as process \d+; nothing was started\n/);
  });

  it('of the operator that know no --foreground are refused: systemd would end what they leave behind', async () => {
    const own = new Map(shippedTemplates);
    own.set('p1/worker-p2/start_p2.sh', { file: 'own/start_p2.sh.hbs', text: '#!/bin/bash\nnohup true &\n' });
    const render = await createRenderer(own);
    expect(problemsOf(() => p1.tasks({ ...withSystemd(contextOf(amd7532)), render }))).toMatchObject([
      {
        kind: 'template',
        what: 'p1/worker-p2/start_p2.sh knows no --foreground, which fcops-p2.service runs it with (variables.supervisor: systemd)',
      },
    ]);
    expect(p1.tasks({ ...contextOf(amd7532), render }).length).toBeGreaterThan(5);
  });
});
