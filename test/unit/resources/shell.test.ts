import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestBy } from '../../../src/core/content.ts';
import { command } from '../../../src/resources/command/command.ts';
import { askCrontab } from '../../../src/resources/cron/look.ts';
import { grubConfig } from '../../../src/resources/grub/grub-config.ts';
import { askGuard } from '../../../src/resources/guard/look.ts';
import { askHugepages } from '../../../src/resources/hugepages/look.ts';
import { LOOKS, STEP_SHELL } from '../../../src/resources/kinds.ts';
import type { Ask } from '../../../src/resources/look.ts';
import { factsCall, factsShell } from '../../../src/resources/machine/look.ts';
import { askMount } from '../../../src/resources/mounts/look.ts';
import type { PackageAsk } from '../../../src/resources/packages/look.ts';
import { askPath, askSumAlone, askText, askUnless } from '../../../src/resources/path/look.ts';
import { askProcess } from '../../../src/resources/process/look.ts';
import type { Process } from '../../../src/resources/process/process.ts';
import { startProcess } from '../../../src/resources/process/step.ts';
import { askSysctl } from '../../../src/resources/sysctl/look.ts';
import { askManager, askUnit } from '../../../src/resources/systemd/look.ts';
import { textShell } from '../../../src/resources/text/text.ts';
import { needs } from '../../support/needs.ts';
import { casesOf, kindsWithCases } from './cases.ts';

const folder = new URL('../../../src/resources/', import.meta.url);

/** Everything that shellcheck says about a script; nothing where it is content. */
const complaints = (script: string, ...options: string[]): string =>
  spawnSync('shellcheck', ['-s', 'bash', '-f', 'gcc', ...options, '-'], { input: script, encoding: 'utf8' })
    .stdout;

const apt = (name: string): PackageAsk => ({ look: 'package', manager: 'apt', name });
const yum = (name: string): PackageAsk => ({ look: 'package', manager: 'yum', name });

const WORKER: Process = {
  name: 'P1-1',
  group: 'P1',
  repository: '/opt/w/worker-1p1',
  known: { by: 'argument' },
  log: '/opt/w/worker-1p1/log.txt',
  port: 10001,
  program: '/opt/w/lotus-worker',
  reads: { profile: '/opt/w/profile', script: '/opt/w/worker-1p1/start.sh' },
  environment: [
    { name: 'CPU_LIST', value: ['0,1'] },
    { name: 'MINER_API_INFO', value: [{ secret: 'token', as: 'plain' }, ':/ip4/1.2.3.4'] },
  ],
  environmentFrom: [],
  environmentIsWhole: true,
  requires: [],
  start: { run: 'bash /opt/w/worker-1p1/start.sh', pause: 30 },
  stop: { deadline: 60 },
};

const DAEMON: Process = {
  ...WORKER,
  name: 'lotus',
  repository: '/opt/w/lotus',
  known: {
    by: 'environment',
    program: 'lotus',
    command: 'daemon',
    flags: ['repo'],
    variables: ['LOTUS_PATH'],
    fallback: '.lotus',
  },
};

/** Something to ask of every sort, names and scripts with what has to be quoted. */
const asksOfAllSorts: readonly Ask[] = [
  askText('/etc/fstab'),
  askUnless('/etc/hosts', ['x']),
  askSumAlone('/etc/group'),
  apt('bash'),
  yum('coreutils'),
  askSysctl('vm.swappiness'),
  askUnit('cron.service'),
  askManager('DefaultLimitNOFILE'),
  askMount('/opt/raid0'),
  askCrontab('root'),
  askHugepages(1048576),
  ...command({ name: "it's there", guard: 'test -e "/opt/it\'s"', run: 'true' }).asks,
  ...grubConfig({ family: 'debian', arguments: { quiet: '' } }).asks,
  askProcess(WORKER),
  askProcess(DAEMON),
];

/** The functions and calls that look at all of these. */
const lookShell = (asks: readonly Ask[]): string => {
  const parts = LOOKS.flatMap(
    (look) =>
      look.script(
        asks,
        digestBy(() => ''),
      ) ?? [],
  );
  return [
    textShell,
    ...new Set(parts.flatMap(({ functions }) => functions)),
    ...parts.map(({ call }) => call),
  ].join('\n');
};

describe('shellcheck', { tags: needs('shellcheck') }, () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sh'),
  );

  it.each(files)('is content with %s', (name) => {
    expect(complaints(readFileSync(new URL(name, folder), 'utf8'))).toBe('');
  });

  it('is content with a script that looks at everything', () => {
    // Which functions are reached it cannot tell where all are defined before the first call. Guards are quoted.
    const script = [factsShell, factsCall, lookShell(asksOfAllSorts)].join('\n');
    expect(complaints(script, '-e', 'SC2317,SC2016,SC1003')).toBe('');
  });

  it('is content with steps of every kind', { timeout: 120_000 }, () => {
    const steps = kindsWithCases()
      .flatMap((kind) => casesOf(kind))
      .flatMap(({ expect: wanted }) =>
        typeof wanted === 'object' && typeof wanted.step === 'string' ? [wanted.step] : [],
      );
    expect(steps.length).toBeGreaterThan(14);
    const start = startProcess.bash(
      {
        step: 'start-process',
        name: 'lotus',
        repository: '/opt/w/lotus',
        known: DAEMON.known,
        log: '/opt/w/lotus/logs',
        port: 1234,
        run: 'true',
        pause: 0,
        leftovers: null,
        pages: null,
        before: { type: 'lotus-in-sync', profile: '/opt/w/profile', deadline: 60 },
        ready: { type: 'miner-answers', profile: '/opt/w/profile', miner: 'f01', deadline: 60 },
        deadline: 420,
      },
      () => '',
    );
    expect(complaints([STEP_SHELL, ...steps, start].join('\n'))).toBe('');
  });
});

describe('the script that looks', () => {
  it('has the functions of a sort only where the sort is used', () => {
    const script = lookShell([askSysctl('vm.swappiness')]);
    expect(script).toContain('fcops_sysctl vm.swappiness');
    expect(script).not.toContain('fcops_paths');
    expect(script).not.toContain('systemctl');
  });

  it('looks for daemons only where there are any, and for workers only where there are those', () => {
    const [workers, daemons] = [[askProcess(WORKER)], [askProcess(DAEMON)]].map(lookShell);
    expect([workers, daemons].map((script) => script?.includes('fcops_find_daemons()'))).toEqual([
      false,
      true,
    ]);
    expect([workers, daemons].map((script) => script?.includes('fcops_find_workers()'))).toEqual([
      true,
      false,
    ]);
    expect(daemons).toMatch(/ -- -- lotus daemon repo LOTUS_PATH \.lotus \/opt\/w\/lotus$/m);
  });

  it('looks once at what several ask for, with the text if one of them wants it', () => {
    const asked = (...asks: readonly Ask[]) => lookShell(asks).match(/^fcops_paths .*/gm);
    expect(asked(askPath('/etc/a'), askText('/etc/a'))).toEqual(['fcops_paths always - /etc/a']);
    expect(asked(askSumAlone('/etc/a'), askPath('/etc/a'))).toEqual(['fcops_paths sum - /etc/a']);
    const unless = asked(askUnless('/etc/a', ['x']));
    expect(asked(askSumAlone('/etc/a'), askUnless('/etc/a', ['x']))).toEqual(unless);
  });

  it('has no answer for a text that cannot be opened, and an empty one for an empty file', () => {
    const text = (path: string) =>
      execFileSync('bash', ['-c', `set -u +e\n${textShell}fcops_text text key ${path}`], {
        encoding: 'utf8',
      });
    expect([text('/nowhere/a'), text('/dev/null')]).toEqual(['', 'text\tkey\t\n']);
  });

  it('refuses two guards of one name', () => {
    expect(() => lookShell([askGuard('a', 'true'), askGuard('a', 'false')])).toThrow(/two guards/);
  });
});
