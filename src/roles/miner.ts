import type { Content } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import { cron } from '../resources/cron/cron.ts';
import { directory } from '../resources/directory/directory.ts';
import { file } from '../resources/file/file.ts';
import { noLines } from '../resources/lines/no-lines.ts';
import type { Resource, Task } from '../resources/resource.ts';
import { tomlKeys } from '../resources/toml/toml-keys.ts';
import { base } from './base.ts';
import { checksOf } from './checks.ts';
import { minerChecks } from './miner-checks.ts';
import { lotusKeys, minerKeys } from './miner-config.ts';
import { programTask } from './program.ts';
import type { Role, RoleContext } from './role.ts';
import { nonEmpty, task } from './role.ts';
import { forProgram, script } from './worker.ts';

const HOME = '/opt/raid0';
/** Outside of the repositories: an init that fails removes lotus-miner's with all that is in it. */
const VERSIONS = `${HOME}/versions`;
const LOTUS = '/usr/local/bin/lotus';
const LOTUS_MINER = '/usr/local/bin/lotus-miner';
const PROFILE = `${HOME}/profile`;
const PLEDGE = `${HOME}/cron_pledge.sh`;
/** Entries of cron: fcops's own, and any, the handbook's among them. */
const OWN_PLEDGE = '^[^#]*\\s/opt/raid0/cron_pledge\\.sh(\\s|$)';
const ANY_PLEDGE = '^[^#]*/cron_pledge\\.sh(\\s|$)';

/** Variables that the template of the profile sets by itself, or as the inventory says. */
const IN_PROFILE = new Set([
  'RUST_LOG',
  'FIL_PROOFS_PARENT_CACHE',
  'FIL_PROOFS_PARAMETER_CACHE',
  'IPFS_GATEWAY',
  'TMPDIR',
  'SCH_QUERY_WORKER',
  'FIL_PROOFS_FIN_TICKETS',
  'FIL_PROOFS_FIN_TICKET_INTERVAL',
  'FIL_PROOFS_P1_TICKETS',
  'FIL_PROOFS_P1_TICKET_INTERVAL',
  'GOLOG_LOG_LEVEL',
  'no_fetch_params',
  'RAYON_NUM_THREADS',
]);

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
    program('lotus', 'lotus', LOTUS),
    program('miner', 'lotus-miner', LOTUS_MINER),
    profileTask(context),
    ...forProgram(LOTUS, [
      task('configuration of lotus', ['config'], [config('lotus', 'lotus', lotusKeys(cluster, host))]),
    ]),
    ...forProgram(LOTUS_MINER, [
      task(
        'configuration of lotus-miner',
        ['config'],
        [config('lotusminer', 'lotus-miner', minerKeys(cluster, host))],
      ),
    ]),
    scriptsTask(context),
    pledgeTask(context),
  ]);
};

/** The variables of both programs, and the directories that they name (handbook 2.1.5.3). */
const profileTask = ({ host, render }: RoleContext): Task => {
  const { environment } = host.variables;
  const others = Object.entries(environment)
    .filter(([name]) => !IN_PROFILE.has(name))
    .map(([name, value]) => ({ name, value }));
  const content = (facts: Facts): Content => {
    const [first, second = first] = facts.gpus.map(({ busId }) => busId);
    return render('miner/profile', {
      environment,
      others,
      rayonThreads: 2 * facts.cpu.count,
      ...(first !== undefined && second !== undefined
        ? { hasGpu: true, firstGpu: first, secondGpu: second }
        : { hasGpu: false, firstGpu: 0, secondGpu: 0 }),
    });
  };
  return task(
    'profile',
    ['profile'],
    [
      directory({ path: `${HOME}/filecoin-proof-parameters` }),
      directory({ path: `${HOME}/minerbackup` }),
      // Every login reads it; no secret is in it.
      file({ path: PROFILE, content }),
      file({ path: '/etc/profile.d/fcops-lotus.sh', content: render('miner/profile.d', {}) }),
      // The handbook appends it there at each run of its own.
      noLines({ path: '/etc/profile', match: '^\\s*(source|\\.)\\s+/opt/raid0/profile\\s*$' }),
    ],
  );
};

/** Keys of a program's config.toml, where its repository has been made. */
const config = (home: string, program: string, keys: Parameters<typeof tomlKeys>[0]['keys']): Resource => {
  const path = `${HOME}/${home}/config.toml`;
  const maker = program === 'lotus' ? 'lotus makes it when it is first started' : 'lotus-miner init makes it';
  return tomlKeys({
    path,
    keys,
    waitsFor: {
      // What lotus itself goes by to know whether a repository is one.
      sign: `${HOME}/${home}/keystore`,
      message: `${path} is not there yet: ${maker}; the deploy after that sets the keys of fcops in it`,
    },
  });
};

/** What starts the two (handbook 2.1.5.5, 2.1.6.5). */
const scriptsTask = ({ render }: RoleContext): Task =>
  task(
    'scripts of lotus and lotus-miner',
    ['scripts'],
    [
      script(`${HOME}/start_lotus.sh`, render('miner/start_lotus.sh', {})),
      script(`${HOME}/start_lotusminer.sh`, render('miner/start_lotusminer.sh', {})),
    ],
  );

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

/** None yet: processes are known by the repository of a worker, which these two have not in their arguments. */
export const miner: Role = { tasks: minerTasks, processes: () => [] };
