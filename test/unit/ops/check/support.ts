import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describePlace } from '../../../../src/core/problem.ts';
import { checkFiles } from '../../../../src/ops/check/check.ts';
import type { Finding } from '../../../../src/ops/check/finding.ts';
import { repository } from '../../inventory/support.ts';

/** A sum as one of a file is. */
export const SUM = createHash('sha256').update('an archive').digest('hex');

/** A cluster file without a mistake. */
export const GOOD = readFileSync(
  join(repository, 'test/unit/inventory/cases/good/f0494733.yaml'),
  'utf8',
).replaceAll('deadbeef'.repeat(8), SUM);

/** Another one, which has nothing in common with it. */
export const OTHER = GOOD.replace('f0494733', 'f0730670')
  .replace('192.168.10.50', '192.168.11.50')
  .replace('192.168.10.10\n', '192.168.11.10\n')
  .replace('p1-50', 'p1-150')
  .replace('c2-10', 'c2-110');

export interface CheckOptions {
  readonly miner?: string;
  /** The directory of the files has templates or profiles of its own. */
  readonly templates?: boolean;
  readonly profiles?: boolean;
  /** Shellcheck is asked, where `env` has it; else nothing is said of shell. */
  readonly shell?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A directory of files, gone with the process that is handed back. */
export const directoryOf = (
  files: Readonly<Record<string, string>>,
): { readonly directory: string; readonly remove: () => void } => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-check-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};

/** What is found in these files, without the directory that they are in. */
export const foundIn = async (
  files: Readonly<Record<string, string>>,
  { miner, templates = false, profiles = false, shell = false, env = {} }: CheckOptions = {},
): Promise<readonly Finding[]> => {
  const { directory, remove } = directoryOf(files);
  try {
    const { findings } = await checkFiles(
      {
        inventory: join(directory, 'inventories'),
        ...(templates && { templates: join(directory, 'templates') }),
        ...(profiles && { profiles: join(directory, 'profiles') }),
        packageRoot: repository,
        env: { PATH: shell ? process.env.PATH : '/nonexistent', ...env },
        home: join(directory, 'home'),
      },
      { miner, now: new Date('2026-11-22T10:30:00') },
    );
    const told = findings.filter(({ rule }) => shell || rule !== 'shell-unchecked');
    return JSON.parse(JSON.stringify(told).replaceAll(`${directory}/`, ''));
  } finally {
    remove();
  }
};

/** The same, a line each: `FILE:LINE:COLUMN: [rule] severity: what`. */
export const saidOf = async (
  files: Readonly<Record<string, string>>,
  options: CheckOptions = {},
): Promise<readonly string[]> =>
  (await foundIn(files, options)).map(
    ({ rule, severity, problem: { what, where } }) =>
      `${where ? `${describePlace(where)}: ` : ''}[${rule}] ${severity}: ${what}`,
  );
