import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyShell } from '../../../src/resources/apply-shell.ts';
import { command } from '../../../src/resources/command.ts';
import { factsCall, factsShell } from '../../../src/resources/facts/facts.ts';
import { grubConfig } from '../../../src/resources/grub-config.ts';
import { observeCalls } from '../../../src/resources/probes/all.ts';
import type { Probe } from '../../../src/resources/probes/probe.ts';
import { textShell } from '../../../src/resources/probes/text.ts';
import { casesOf, kindsWithCases } from './cases.ts';

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
const folder = new URL('../../../src/resources/', import.meta.url);

/** Everything that shellcheck says about a script; nothing where it is content. */
const complaints = (script: string): string =>
  spawnSync('shellcheck', ['-s', 'bash', '-f', 'gcc', '-'], { input: script, encoding: 'utf8' }).stdout;

/** A probe of every sort, names and scripts with what has to be quoted. */
const probesOfAllSorts: readonly Probe[] = [
  { probe: 'path', path: '/etc/fstab', text: 'always' },
  { probe: 'path', path: '/etc/hosts', text: 'unless', sha256: '00' },
  { probe: 'package', manager: 'apt', name: 'bash' },
  { probe: 'package', manager: 'yum', name: 'bash' },
  { probe: 'sysctl', key: 'vm.swappiness' },
  { probe: 'unit', name: 'cron.service' },
  { probe: 'manager', property: 'DefaultLimitNOFILE' },
  { probe: 'mount', target: '/opt/raid0' },
  { probe: 'crontab', user: 'root' },
  { probe: 'hugepages', pageKib: 1048576 },
  ...command({ name: "it's there", guard: 'test -e "/opt/it\'s"', run: 'true' }).probes,
  ...grubConfig({ family: 'debian', arguments: { quiet: '' } }).probes,
];

describe.skipIf(!hasShellcheck)('shellcheck', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sh'),
  );

  it.each(files)('is content with %s', (name) => {
    expect(complaints(readFileSync(new URL(name, folder), 'utf8'))).toBe('');
  });

  it('is content with a script that looks at everything', () => {
    expect(complaints([factsShell, factsCall, observeCalls(probesOfAllSorts)].join('\n'))).toBe('');
  });

  it('is content with steps of every kind', () => {
    const steps = kindsWithCases()
      .flatMap((kind) => casesOf(kind))
      .flatMap(({ expect: wanted }) =>
        typeof wanted === 'object' && typeof wanted.step === 'string' ? [wanted.step] : [],
      );
    expect(steps.length).toBeGreaterThan(15);
    expect(complaints([applyShell, ...steps].join('\n'))).toBe('');
  });
});

describe('the script that looks', () => {
  it('has the functions of a sort only where the sort is used', () => {
    const script = observeCalls([{ probe: 'sysctl', key: 'vm.swappiness' }]);
    expect(script).toContain('fcops_sysctl vm.swappiness');
    expect(script).not.toContain('fcops_paths');
    expect(script).not.toContain('systemctl');
  });

  it('looks once at what several ask for, with the text if one of them wants it', () => {
    const script = observeCalls([
      { probe: 'path', path: '/etc/a', text: 'never' },
      { probe: 'path', path: '/etc/a', text: 'always' },
    ]);
    expect(script.match(/^fcops_paths .*/gm)).toEqual(['fcops_paths always - /etc/a']);
  });

  it('has no answer for a text that cannot be opened, and an empty one for an empty file', () => {
    const text = (path: string) =>
      execFileSync('bash', ['-c', `set -u +e\n${textShell}fcops_text text key ${path}`], {
        encoding: 'utf8',
      });
    expect([text('/nowhere/a'), text('/dev/null')]).toEqual(['', 'text\tkey\t\n']);
  });

  it('refuses two guards of one name', () => {
    expect(() =>
      observeCalls([
        { probe: 'guard', name: 'a', script: 'true' },
        { probe: 'guard', name: 'a', script: 'false' },
      ]),
    ).toThrow(/two guards/);
  });
});
