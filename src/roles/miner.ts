import { cron } from '../resources/cron/cron.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import { noLines } from '../resources/lines/no-lines.ts';
import type { StartedProcess } from '../resources/process/process.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { tomlKeys } from '../resources/toml/toml-keys.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { backupTask } from './miner-backup.ts';
import { minerChecks } from './miner-checks.ts';
import { lotusKeys, minerKeys } from './miner-config.ts';
import { BACKUPS, HOME, PARAMETERS, PROFILE, PROGRAMS, REPOSITORIES, START_SCRIPTS } from './miner-places.ts';
import { minerProcesses } from './miner-processes.ts';
import { minerProfile } from './miner-profile.ts';
import { minerPrograms } from './miner-programs.ts';
import { programTask } from './program.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { checkedForUnit, scriptUnit, UNITS, unitsTask } from './units.ts';
import { forProgram, logLimits, script } from './worker.ts';

/** Outside of the repositories: an init that fails removes lotus-miner's with all that is in it. */
const VERSIONS = `${HOME}/versions`;
const PLEDGE = `${HOME}/cron_pledge.sh`;
/** Entries of cron: fcops's own, and any, the handbook's among them. */
const OWN_PLEDGE = '^[^#]*\\s/opt/raid0/cron_pledge\\.sh(\\s|$)';
const ANY_PLEDGE = '^[^#]*/cron_pledge\\.sh(\\s|$)';

/** A machine that runs lotus and lotus-miner (handbook 2.1, but for what makes a miner once). */
const minerTasks = (context: RoleContext): Task[] => {
  const { cluster, host } = context;
  const program = (version: 'lotus' | 'miner', name: string, path: string) =>
    programTask(context, {
      role: 'miner',
      version,
      program: name,
      tags: ['lotus'],
      directories: version === 'lotus' ? [VERSIONS] : [],
      versions: `${VERSIONS}/${name}`,
      path,
    });
  return nonEmpty([
    task(
      'machine checks',
      ['checks'],
      checksOf(host, (severity) => minerChecks(cluster, host, severity)),
    ),
    ...base(context, 'miner'),
    program('lotus', 'lotus', PROGRAMS.lotus),
    program('miner', 'lotus-miner', PROGRAMS.lotusMiner),
    profileTask(context),
    ...forProgram(PROGRAMS.lotus, [
      task(
        'configuration of lotus',
        ['config'],
        [config(REPOSITORIES.lotus, 'lotus', lotusKeys(cluster, host))],
      ),
    ]),
    ...forProgram(PROGRAMS.lotusMiner, [
      task(
        'configuration of lotus-miner',
        ['config'],
        [config(REPOSITORIES.lotusMiner, 'lotus-miner', minerKeys(cluster, host))],
      ),
    ]),
    scriptsTask(context),
    minerUnits(context),
    pledgeTask(context),
    backupTask(context),
  ]);
};

/** The variables of both programs, and the directories that they name (handbook 2.1.5.3). */
const profileTask = (context: RoleContext): Task => {
  const { render } = context;
  return task(
    'profile',
    ['profile'],
    [
      directory({ path: PARAMETERS }),
      directory({ path: BACKUPS }),
      // Every login reads it; no secret is in it.
      file({ path: PROFILE, content: minerProfile(context) }),
      file({ path: '/etc/profile.d/fcops-lotus.sh', content: render('miner/profile.d', {}) }),
      // The handbook appends it there at each run of its own.
      noLines({ path: '/etc/profile', match: '^\\s*(source|\\.)\\s+/opt/raid0/profile\\s*$' }),
    ],
  );
};

/** Keys of a program's config.toml, where its repository has been made. */
const config = (
  repository: string,
  program: string,
  keys: Parameters<typeof tomlKeys>[0]['keys'],
): Resource => {
  const path = `${repository}/config.toml`;
  const maker = program === 'lotus' ? 'lotus makes it when it is first started' : 'lotus-miner init makes it';
  return tomlKeys({
    path,
    keys,
    waitsFor: {
      // What lotus itself goes by to know whether a repository is one.
      sign: `${repository}/keystore`,
      message: `${path} is not there yet: ${maker}; the deploy after that sets the keys of fcops in it`,
    },
  });
};

/** What starts the two (handbook 2.1.5.5, 2.1.6.5). */
const scriptsTask = ({ cluster, host, render }: RoleContext): Task => {
  const contentOf = (template: string, { name, repository: home, log, unit }: StartedProcess) =>
    checkedForUnit(
      unit,
      template,
      render(template, { ...logLimits(host), unit: scriptUnit(unit, { name, home, log }) }),
    );
  const programs = minerPrograms(cluster, host);
  return task(
    'scripts of lotus and lotus-miner',
    ['scripts'],
    [
      script(START_SCRIPTS.lotus, contentOf('miner/start_lotus.sh', programs.lotus)),
      script(START_SCRIPTS.lotusMiner, contentOf('miner/start_lotusminer.sh', programs.lotusMiner)),
    ],
  );
};

const minerUnits = (context: RoleContext): Task => {
  const of = (name: string) => minerProcesses(context).filter((process) => process.name === name);
  return unitsTask(context, [
    { folder: 'miner', unit: UNITS.lotus, processes: of('lotus') },
    { folder: 'miner', unit: UNITS.lotusMiner, processes: of('lotus-miner') },
  ]);
};

/**
 * Pledging by itself (handbook 2.2.6.9), in the place of what was set up by the handbook. Where the inventory wants none,
 * what fcops has set up ends; what others have is theirs.
 */
const pledgeTask = ({ cluster: { miner, packing }, render }: RoleContext): Task => {
  const entry = (line: string | null, match: string) =>
    cron({ user: 'root', line, match, name: 'cron_pledge.sh' });
  if (packing === null) return task('pledging', ['pledge'], [entry(null, OWN_PLEDGE)]);
  return task(
    'pledging',
    ['pledge'],
    [
      script(PLEDGE, render('miner/cron_pledge.sh', { packing, number: miner.slice(2) })),
      entry(`*/4 * * * * /bin/bash ${PLEDGE} >/dev/null 2>&1`, ANY_PLEDGE),
    ],
  );
};

export const miner: Role = { tasks: minerTasks, processes: minerProcesses };
