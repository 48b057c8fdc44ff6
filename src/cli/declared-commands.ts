import { Argument, type Command, Option } from 'commander';
import { SECTOR_SIZES } from '../core/profile.ts';
import { LAYOUT_ROLES } from '../roles/role-names.ts';
import type { Action } from './context.ts';
import type { CommandPath, Examples } from './help.ts';
import { EXAMPLES } from './help.ts';
import {
  baseOption,
  batchOptions,
  clusterOptions,
  connectionOptions,
  detailedExitcodeOption,
  downloadTimeoutOption,
  downtimeOption,
  forksOption,
  GLOBAL,
  hostsArgument,
  intervalOption,
  limitOption,
  logsOptions,
  minerOption,
  mostOption,
  newHostOptions,
  onlyDriftOption,
  patternsArgument,
  preflightOption,
  processOptions,
  rebootBatchOptions,
  rebootTimeoutOption,
  recoverOptions,
  roleArgument,
  roleOrHostsArgument,
  rolesOption,
  rotateOptions,
  runOptions,
  savedOptions,
  savedPlanArgument,
  secretArgument,
  sectorNumbersArgument,
  sectorsArgument,
  showReplacedOption,
  stateOption,
  statusRolesOption,
  stopOptions,
  tagsOption,
  taskOption,
  timeoutOption,
  transportOption,
  UPGRADE_DRAINS,
  upgradeBatchOptions,
  upgradedOption,
  verifyOptions,
  versionsOption,
} from './options.ts';
import type { Format } from './output.ts';
import { CHECK_FORMATS, LINT_FORMATS, PLAN_FORMATS, SHOW_FORMATS, STATUS_FORMATS } from './output.ts';
import { SCHEMAS } from './schemas.ts';

/** What a command is: its words and options, and where its module is. */
export interface About<Options> {
  readonly does: string;
  /** Whether it is meant where only its parent is named. */
  readonly isDefault?: boolean;
  readonly words?: readonly Argument[];
  /** Whether a command for hosts stands behind `--`: its words are given with the dashes before them. */
  readonly takesCommand?: boolean;
  /** Whether its words name hosts as `--limit` does. */
  readonly takesPatterns?: boolean;
  readonly options?: readonly Option[];
  /** What it can print, where that is more than text and JSON. */
  readonly formats?: readonly Format[];
  /** Global options that mean something to it. */
  readonly global: readonly string[];
  readonly load: () => Promise<Action<Options>>;
}

/** Declares a command below another one; its module is loaded when it is called. */
export type Declare = <Options>(parent: Command, path: CommandPath, about: About<Options>) => void;

/** What commands below one word have in common. */
export interface AboutGroup {
  readonly does: string;
  readonly examples: Examples;
  /** Global options that mean something to one of them. */
  readonly global: readonly string[];
}

/** Declares a word that has commands below it. */
export type DeclareGroup = (parent: Command, name: string, about: AboutGroup) => Command;

/** Declares all commands, in the order and under the titles of the help. */
export const declareCommands = (program: Command, command: Declare, group: DeclareGroup): void => {
  program.commandsGroup('Begin:');
  command(program, 'init', {
    does: 'Write a cluster file to begin with, and say what comes next. A file that is there gets at its end the sections that it lacks, and keeps all that is in it.',
    words: [new Argument('<miner>', 'miner id of the cluster, for example f0494733')],
    options: [rolesOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/init.ts')).init,
  });

  program.commandsGroup('Change machines:');
  command(program, 'plan', {
    does: 'Show what a deploy would change. Touches nothing.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      ...runOptions(),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('--start', 'plan the start of processes too'),
      preflightOption(),
      baseOption(),
      onlyDriftOption(),
      ...savedOptions(),
      detailedExitcodeOption(),
    ],
    formats: PLAN_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/plan.ts')).plan,
  });
  command(program, 'show', {
    does: 'Show a saved plan: what it changes where, who made it, until when it can be applied. Asks no host.',
    words: [savedPlanArgument()],
    options: [new Option('--full', 'show new files and long diffs as a whole')],
    formats: SHOW_FORMATS,
    global: GLOBAL.text,
    load: async () => (await import('./commands/show.ts')).show,
  });
  command(program, 'apply', {
    does: 'Apply a saved plan, and nothing else: look at all its hosts, and begin only where each of them, its inventory, profile and templates are as they were. Of secrets only where they are kept is compared: their values are those of now. Shows the plan, asks once.',
    words: [savedPlanArgument()],
    options: [
      new Option('--partial', 'go on with the hosts that are as they were, where others are not'),
      ...connectionOptions(),
      ...batchOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show new files and long diffs as a whole'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/apply.ts')).apply,
  });
  command(program, 'deploy', {
    does: 'Make machines what their role wants: show the plan, ask once, do it, look again.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      ...runOptions(),
      ...batchOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option(
        '--start',
        'start processes too, where they do not run (lotus-miner when lotus is in sync), and init APx where that is missing',
      ),
      new Option(
        '--reboot',
        'reboot hosts where that is owed after the changes and no process runs, and look at them again before anything is started',
      ),
      rebootTimeoutOption(),
      preflightOption(),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/deploy.ts')).deploy,
  });

  command(program, 'resume', {
    does: 'Take up a run that did not end: find out what became of it on its hosts, and do what is left. Where everything is stands in the run, unless it is given.',
    words: [new Argument('<run>', 'name of the run, a part of it that is enough, or "last"')],
    options: [
      forksOption(),
      new Option('-y, --yes', 'do not ask where more is to be done than was agreed to'),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/resume.ts')).resume,
  });

  command(program, 'rollback', {
    does: 'Put back on its hosts what a run replaced there: files, links, versions, settings as they were before; what it made is taken away where it still is as it was made. Shows the plan, asks once. A host where something has changed since is left alone, and told.',
    words: [
      new Argument('[run]', 'name of the run, or a part of it; left out: the last that changed something'),
    ],
    options: [
      limitOption(),
      forksOption(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--dry-run', 'only show what would be put back'),
      new Option('--full', 'show new files and long diffs as a whole'),
      showReplacedOption(),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
      detailedExitcodeOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/rollback.ts')).rollback,
  });

  command(program, 'bootstrap', {
    does: 'Set a miner up for the first time, step by step, on a miner host that is deployed: snapshot, proof parameters, lotus, sync, wallets, funds, the miner itself, storage, backup. It can be left and taken up again: what is done is seen on the host.',
    words: [new Argument('<what>', 'what is set up').choices(['miner'])],
    options: [
      ...clusterOptions(),
      transportOption(),
      new Option('--check', 'only show what is done and what is not'),
      new Option(
        '-y, --yes',
        'do not ask before money or data is at stake; needed where there is no terminal',
      ),
      new Option(
        '--import-over <host>',
        'import the snapshot over the chain that this host has; its name confirms it',
      ),
      new Option('-v, --verbose', 'show what the steps print'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/bootstrap.ts')).bootstrap,
  });

  command(program, 'restore', {
    does: 'Make the miner anew from a backup, step by step, where its repository is gone: list the backups, look whether nothing is in its place and lotus is in sync with the key of its worker, ask, restore, start. Never over a repository that is there. It can be left and taken up again.',
    words: [new Argument('<what>', 'what is restored').choices(['miner'])],
    options: [
      ...clusterOptions(),
      transportOption(),
      new Option(
        '--from <backup>',
        'name of a backup, or a path on the miner host: a directory of one, or a file with config.toml and storage.json beside it',
      ).default(undefined, 'the newest that is whole and not damaged'),
      new Option('--check', 'only list the backups, and show what is done and what is not'),
      new Option('-y, --yes', 'do not ask before it is restored; needed where there is no terminal'),
      new Option('-v, --verbose', 'show what the steps print'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/restore.ts')).restore,
  });

  command(program, 'adopt', {
    does: "Take over a host that is stamped as another miner's: show whose it is, ask, stamp it anew.",
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      ...connectionOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/adopt.ts')).adopt,
  });

  program.commandsGroup('Run processes:');
  const processCommand = (): Option[] => [
    ...clusterOptions(),
    ...processOptions(),
    ...connectionOptions(),
    ...batchOptions(),
    new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    new Option('--full', 'show every process on its own'),
    new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
  ];
  const startCommand = (): Option[] => [...processCommand(), preflightOption()];
  command(program, 'start', {
    does: 'Start processes that do not run, in the order and at the pace of the handbook, and leave alone what runs: lotus, lotus-miner when lotus is in sync; APx with its init, P2, the P1 tasks one by one; C2.',
    words: [roleOrHostsArgument()],
    options: startCommand(),
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/processes.ts')).start,
  });
  command(program, 'stop', {
    does: 'Stop processes: show what each is at, ask, end it with SIGTERM, look that it has gone, clear its huge pages. What is at a task, or may be, is not stopped unless --drain or --lose-tasks says what becomes of that; --yes does not.',
    words: [roleOrHostsArgument()],
    options: [...processCommand(), ...stopOptions()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/processes.ts')).stop,
  });
  command(program, 'restart', {
    does: 'Stop processes as stop does, and start them as start does; what did not run is started too. Nothing is stopped that could not be started again.',
    words: [roleOrHostsArgument()],
    options: [...startCommand(), ...stopOptions()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/processes.ts')).restart,
  });

  command(program, 'reboot', {
    does: 'Reboot machines, one after the other: wait until tasks have ended (--drain), stop, reboot, wait until the machine is back under another boot id, look at huge pages, mounts and GPUs, start, look that the miner has registered it. What is at a task is not stopped unless --drain or --lose-tasks says what becomes of that; --yes does not. A machine that does not come back, or is not right, ends the run.',
    words: [roleOrHostsArgument()],
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      ...rebootBatchOptions(),
      rebootTimeoutOption(),
      preflightOption(),
      ...stopOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/reboot.ts')).reboot,
  });

  command(program, 'recover', {
    does: 'Bring a machine back that has lost a GPU or a disk, or hangs (handbook 4.2): show what is wrong with its hardware, ask, stop what still runs, reboot, look at the hardware again, start in order, look that the miner has registered it. Hardware that is broken still ends it before the start, with the report for those who mend it. What is at a task is not stopped unless --drain or --lose-tasks says what becomes of that.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      ...connectionOptions(),
      ...recoverOptions(),
      rebootTimeoutOption(),
      ...stopOptions(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/recover.ts')).recover,
  });

  command(program, 'upgrade', {
    does: 'Bring another version of a program to all hosts of a role: check the version and its checksum, download and unpack it everywhere, then one host, then batches: wait until its tasks have ended, stop, switch over, start, look that the miner has registered it. What fails goes back to the version before, and nothing further is begun. The inventory gets the version that hosts are on.',
    options: [
      upgradedOption(),
      versionsOption(),
      new Option(
        '--sha256 <sum>',
        'checksum of the archive; default: that of the inventory, or of the file SHA256SUMS beside the archive',
      ),
      ...clusterOptions(),
      ...connectionOptions(),
      ...upgradeBatchOptions(),
      preflightOption(),
      ...stopOptions(UPGRADE_DRAINS),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every process on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/upgrade.ts')).upgrade,
  });

  const rotate = group(program, 'rotate', {
    does: 'Renew what workers have of their miner, without the loss of a task.',
    examples: EXAMPLES['rotate token'],
    global: GLOBAL.deploy,
  });
  command(rotate, 'rotate token', {
    does: "Bring the token of the miner's API into the profiles of its workers, then restart each worker that still runs with another one (seen from its environment) when its own tasks have ended: paused at the miner, in the order in which they fall idle. Shows each of the two and asks; run again, it goes on with what is left.",
    options: [
      ...clusterOptions(),
      ...processOptions(),
      ...rotateOptions(),
      ...connectionOptions(),
      preflightOption(),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every change on its own'),
      new Option('-v, --verbose', 'without a terminal: every step, and what it prints'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/rotate.ts')).token,
  });

  command(program, 'pledge', {
    does: 'Pledge sectors (lotus-miner sectors pledge): show where they would go and when they would be sealed, ask once, have the miner host make them one after the other until one fails. Refused where lotus-miner does not answer, no APx takes sectors, or they do not fit; --yes does not change that.',
    words: [sectorsArgument()],
    options: [
      minerOption(),
      transportOption(),
      new Option('--dry-run', 'only show where they would go'),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
      new Option('--full', 'show every host on its own'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/pledge.ts')).pledge,
  });

  command(program, 'backup', {
    does: 'Back up the metadata of lotus-miner now, as cron does by the inventory: on the miner host and to what is mounted there, read back; and list what backups there are, with their ages and whether their sums are right.',
    words: [new Argument('<what>', 'what is backed up').choices(['miner'])],
    options: [...clusterOptions(), transportOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/backup.ts')).backup,
  });

  const sectors = group(program, 'sectors', {
    does: 'Sectors of a miner: list those that have failed (also without a word after sectors), try them again, give them up.',
    examples: EXAMPLES['sectors list'],
    global: GLOBAL.deploy,
  });
  command(sectors, 'sectors list', {
    does: 'Count the sectors by state, and list those that have failed with what lotus-miner says last of each.',
    isDefault: true,
    options: [
      minerOption(),
      stateOption().default([], 'all failed ones'),
      new Option('--full', 'every sector by itself, and more of them'),
      new Option('--detailed-exitcode', 'exit with 8 where a sector has failed'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/sectors.ts')).sectors,
  });
  const sectorBatch = (): Option[] => [
    minerOption(),
    transportOption(),
    new Option('--dry-run', 'only show what would be done with which sectors'),
    new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
  ];
  command(sectors, 'sectors retry', {
    does: 'Have lotus-miner try failed sectors again, where it has come to rest with them: shows each with what it would go on with, asks, and looks again. A failed sector is tried again by itself after a minute; one that was is left alone.',
    words: [sectorNumbersArgument('[sectors...]')],
    options: [stateOption(), mostOption('sectors'), ...sectorBatch()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/sector-batch.ts')).retry,
  });
  command(sectors, 'sectors discard', {
    does: 'Give failed sectors up (lotus-miner sectors update-state N Removed): shows each with the hours and the deposit that are lost, asks, and looks again. Their files stay where they are. Never a sector that is on the chain, may still come to it, or of which that cannot be told.',
    words: [sectorNumbersArgument('[sectors...]')],
    options: [stateOption(), mostOption('sectors'), ...sectorBatch()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/sector-batch.ts')).discard,
  });
  command(sectors, 'sectors remove', {
    does: 'Give sectors up with their files (lotus-miner sectors remove): the same for failed ones, and for those that were given up and left files. Each is named by its number, and on a terminal typed again.',
    words: [sectorNumbersArgument('<sectors...>')],
    options: [
      new Option('--really-do-it', 'remove them; what is removed cannot be had back'),
      mostOption('sectors'),
      ...sectorBatch(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/sector-batch.ts')).remove,
  });

  program.commandsGroup('Look at things:');
  command(program, 'status', {
    does: 'Look once at each host: what runs, since when, with what, what the miner says of it, and what is wrong.',
    options: [
      ...clusterOptions(),
      statusRolesOption(),
      ...connectionOptions(),
      new Option('--full', 'every process of every host'),
      new Option('--watch', 'look again and again, and repaint what has changed; Ctrl-C ends it'),
      intervalOption(),
    ],
    formats: STATUS_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/status.ts')).status,
  });
  const jobs = group(program, 'jobs', {
    does: 'Tasks that lotus-miner has given out: list them with what is late (also without a word after jobs), abort those that are lost.',
    examples: [...EXAMPLES['jobs list'], ...EXAMPLES['jobs abort']],
    global: GLOBAL.deploy,
  });
  command(jobs, 'jobs list', {
    does: 'List the tasks that lotus-miner has given out, by stage and host: how old each is, how long its stage should take, and what is late. Asks the miner host alone.',
    isDefault: true,
    options: [
      ...clusterOptions(),
      taskOption(),
      new Option('--late', 'only tasks that are late, or at no known worker'),
      new Option('--full', 'every task, however many there are'),
      new Option('--detailed-exitcode', 'exit with 8 where a task that is shown is late or lost'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/jobs.ts')).jobs,
  });
  command(jobs, 'jobs abort', {
    does: 'Abort tasks that no worker is known to have (ret-wait), so that lotus-miner tries their sectors again: shows each, asks, and looks that they have gone. A task that runs is aborted only by its id, and its hours are lost; its worker goes on all the same.',
    words: [
      new Argument('[ids...]', 'ids of tasks as fcops jobs and lotus-miner show them, eight digits each'),
    ],
    options: [
      minerOption(),
      new Option('--lost', 'all that are lost for longer than their stage takes, or that run anew'),
      mostOption('tasks'),
      new Option(
        '--lose-tasks',
        'with --yes: abort tasks that run or may still run too; their hours are lost',
      ),
      transportOption(),
      new Option('--dry-run', 'only show what would be aborted'),
      new Option('-y, --yes', 'do not ask; needed where there is no terminal'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/jobs-abort.ts')).abort,
  });
  command(program, 'workers', {
    does: 'List the workers that lotus-miner has registered, by host and task: what is missing, disabled or paused, what each is at, and workers that the inventory does not know. Asks the miner host alone.',
    options: [...clusterOptions(), new Option('--full', 'every process of every host'), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/workers.ts')).workers,
  });
  command(program, 'window', {
    does: 'Say whether lotus and lotus-miner may be stopped now without a proof being lost: what is proven, what comes next, and the gaps of the coming day that are longer than a restart takes. Asks the miner host alone; exit code 1 where they may not, or where it cannot be told.',
    options: [minerOption(), downtimeOption(), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/window.ts')).window,
  });
  command(program, 'verify', {
    does: 'Check that all is as it should be: processes, ports, registrations at the miner, huge pages, GPUs, mounts, data, clocks. Says who is missing, by name and since when; exit code 1 when anything is off or not known.',
    options: [...clusterOptions(), statusRolesOption(), ...connectionOptions(), ...verifyOptions()],
    formats: CHECK_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/verify.ts')).verify,
  });
  command(program, 'doctor', {
    does: 'Find out why work stands still: P1 held up by P2 or C2, FinalizeSector that does not land, lost tasks, huge pages that dead tasks hold, GPUs, storage, sync, metadata, and all that verify checks. Says what waiting costs and what mends it; exit code 1 when anything is found, or not known. Changes nothing.',
    words: [
      new Argument(
        '[what...]',
        'names or addresses of hosts, patterns as --limit has them, or a role; left out: the whole cluster',
      ),
    ],
    takesPatterns: true,
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      new Option('--full', 'everything that was seen of each finding, host by host'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  });
  command(program, 'exec', {
    does: 'Run a command as root on hosts, with the variables of their role, and show what came of it: hosts with the same output once. One word after -- is a line of bash; of several each is itself, whatever is in it. More than one host is asked for first.',
    words: [patternsArgument()],
    takesPatterns: true,
    takesCommand: true,
    options: [
      ...clusterOptions(),
      timeoutOption(60),
      ...connectionOptions(),
      new Option('-y, --yes', 'do not ask; needed for several hosts where there is no terminal'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/exec.ts')).exec,
  });
  command(program, 'logs', {
    does: 'Show the last lines of what the processes of hosts have logged, and follow it, with host and process in front of each line.',
    words: [patternsArgument()],
    takesPatterns: true,
    options: [...clusterOptions(), ...processOptions(), ...logsOptions(), transportOption()],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/logs.ts')).logs,
  });
  command(program, 'support', {
    does: 'Make one archive (tar.gz) about a host for whoever helps: plan, status, verification, facts, hardware, kernel messages, the ends of logs, journals of its last runs. It is searched for every secret that is known before it is written; what could not be had is named in it. Changes nothing on the host.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [
      minerOption(),
      new Option('--out <file>', 'where it is written; a new file beside where you are where it is left out'),
      transportOption(),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/support.ts')).support,
  });
  command(program, 'preflight', {
    does: "Ask hosts themselves what can be told before a deploy starts anything: names, the miner's port and token, archives, sources of packages, the clock, ports, and who else is at work on the cores. Changes nothing.",
    words: [new Argument('[what...]', 'a role, or names or addresses of hosts; left out: all')],
    options: [...clusterOptions(), ...connectionOptions()],
    formats: CHECK_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/preflight.ts')).preflight,
  });
  const runs = group(program, 'runs', {
    does: 'What this machine has run, the newest first, and what became of it.',
    examples: [...EXAMPLES['runs list'], ...EXAMPLES['runs show']],
    global: GLOBAL.text,
  });
  command(runs, 'runs list', {
    does: 'List the runs of this machine, the newest first.',
    isDefault: true,
    options: [new Option('--failed', 'only those that did not end well')],
    global: GLOBAL.text,
    load: async () => (await import('./commands/runs.ts')).list,
  });
  command(runs, 'runs show', {
    does: 'Show what a run was asked for, and how it ended for each host, as far as that is known here.',
    words: [new Argument('<run>', 'name of the run, a part of it that is enough, or "last"')],
    global: GLOBAL.text,
    load: async () => (await import('./commands/runs.ts')).show,
  });
  command(program, 'check', {
    does: 'Check all that stands in files, for CI: cluster files each and together, layouts, versions and checksums, templates filled in for every host, shellcheck of the shell that comes of them, what nobody uses, secrets. One finding a line, with its file and line. Asks no host and needs no secret; exit code 1 where there is an error.',
    options: [new Option('--miner <id>', 'only this cluster, and what others have in common with it')],
    formats: LINT_FORMATS,
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/check.ts')).check,
  });
  const inventory = group(program, 'inventory', {
    does: 'List, check and show what the cluster files say, and add hosts to them.',
    examples: [
      ...EXAMPLES['inventory list'],
      ...EXAMPLES['inventory check'],
      ...EXAMPLES['inventory show'],
      ...EXAMPLES['inventory add-host'],
    ],
    global: GLOBAL.inventory,
  });
  command(inventory, 'inventory list', {
    does: 'List clusters and their hosts.',
    options: clusterOptions(),
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/inventory.ts')).list,
  });
  command(inventory, 'inventory check', {
    does: 'Read every cluster file and say all that is wrong, with line, column and what to write. Secrets are looked for as a deploy does: those of age are decrypted, the commands of exec are run.',
    options: [
      minerOption(),
      new Option(
        '--no-secrets',
        'do not look whether the secrets are there: nothing is decrypted, and no command of exec is run',
      ),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/inventory.ts')).check,
  });
  command(inventory, 'inventory show', {
    does: 'Show everything that counts for one host, defaults included.',
    words: [new Argument('<host>', 'name or address of a host')],
    options: [minerOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/inventory.ts')).show,
  });
  command(inventory, 'inventory explain', {
    does: 'Tell of every value that counts for one host where it comes from: the default, the cluster, a group or the host, with file and line, and what it counts more than; of its hardware model too. Of secrets only what they are called.',
    words: [
      new Argument('<host>', 'name or address of a host'),
      new Argument('[key]', 'a key with dots, or the beginning of some: variables.timezone, ssh, profile.p1'),
    ],
    options: [minerOption()],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/inventory-explain.ts')).explain,
  });
  command(inventory, 'inventory add-host', {
    does: 'Add a host to a cluster file, or several by a range, behind those that are there and written as they are: comments, order and all other lines stay. Shows what changes; what would be wrong then is told, and nothing is written. Hosts that are there as asked for stay.',
    words: [
      new Argument('<name>', "name of the host, for example p1-74; 'p1-[74:79]' is six of them"),
      new Argument('<address>', "its IPv4 address; '192.168.10.[74:79]', as many as there are names"),
    ],
    options: [...newHostOptions(), minerOption(), new Option('--dry-run', 'only show what would change')],
    global: GLOBAL.clusters,
    load: async () => (await import('./commands/add-host.ts')).addHost,
  });
  const artifacts = group(program, 'artifacts', {
    does: 'Archives of the programs: their checksums.',
    examples: EXAMPLES['artifacts hash'],
    global: GLOBAL.secrets,
  });
  command(artifacts, 'artifacts hash', {
    does: 'Work out the sha256 of archives, as lines that the inventory takes: of files, of URLs, of those at the server of the inventory by their names alone, with its user and password. Each is read once and kept nowhere. Where SHA256SUMS beside it says another sum, that is an error.',
    words: [new Argument('<archive...>', 'files, URLs, or names of archives below artifacts.url')],
    options: [
      minerOption(),
      new Option('--write', 'put them under artifacts.sha256 of the inventory; all other lines stay'),
      new Option('--replace', 'with --write: also where the inventory has another sum of that name'),
      downloadTimeoutOption(),
    ],
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/artifacts.ts')).hash,
  });
  const secrets = group(program, 'secrets', {
    does: 'Keep secrets in the repository, encrypted with age for those who may decrypt them.',
    examples: [
      ...EXAMPLES['secrets init'],
      ...EXAMPLES['secrets set'],
      ...EXAMPLES['secrets edit'],
      ...EXAMPLES['secrets list'],
      ...EXAMPLES['secrets rotate'],
      ...EXAMPLES['secrets check'],
    ],
    global: GLOBAL.secrets,
  });
  command(secrets, 'secrets init', {
    does: 'Make a private key of age where you have none, and put its public part into secrets/recipients.txt beside the cluster files.',
    options: [new Option('--name <text>', 'whose key it is, in a comment above it; default: user@machine')],
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/secrets.ts')).init,
  });
  command(secrets, 'secrets set', {
    does: 'Keep a secret, from standard input or typed without being shown, encrypted for all recipients. Needs no private key.',
    words: [secretArgument()],
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/secrets-value.ts')).set,
  });
  command(secrets, 'secrets edit', {
    does: 'Open a secret in $VISUAL or $EDITOR, in a file that only you can read and that is removed in every case, and keep what becomes of it.',
    words: [secretArgument()],
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/secrets-value.ts')).edit,
  });
  command(secrets, 'secrets list', {
    does: 'List secrets, who can decrypt each, and where cluster files name it. Decrypts nothing.',
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/secrets.ts')).list,
  });
  command(secrets, 'secrets rotate', {
    does: 'Encrypt all secrets anew for the recipients of now, and say whose values somebody can still read in old commits.',
    global: GLOBAL.secrets,
    load: async () => (await import('./commands/secrets.ts')).rotate,
  });
  command(secrets, 'secrets check', {
    does: 'Say all that is wrong with the secrets, one finding a line: values in the clear, files that others can read, secrets that nobody names or that are too short, recipients that cannot decrypt. What cannot be looked at here is unknown, and fails nothing.',
    options: [new Option('--no-exec', 'run no command of a vault')],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/secrets.ts')).check,
  });
  command(program, 'layout', {
    does: 'Draw which process gets which cores, NUMA nodes and hugepages on a hardware model.',
    words: [new Argument('<profile>', 'hardware model, for example amd-7532')],
    options: [
      new Option('--sector-size <size>', 'sector size').choices(SECTOR_SIZES).default('64GiB'),
      new Option('--role <role>', 'default: what the profile is for').choices(LAYOUT_ROLES),
      new Option('--svg <file>', 'write the drawing to a file as well'),
    ],
    global: GLOBAL.profiles,
    load: async () => (await import('./commands/layout.ts')).layout,
  });
  command(program, 'facts', {
    does: 'Show what machines are: CPU, memory, NUMA nodes, GPUs, disks, distribution.',
    words: [hostsArgument('[hosts...]')],
    options: [
      ...clusterOptions(),
      ...connectionOptions(),
      new Option('--save', 'keep them beside the inventory'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/facts.ts')).facts,
  });
  command(program, 'render', {
    does: 'Write the files that a deploy would put on hosts to a directory. No host is asked.',
    words: [roleArgument()],
    options: [
      ...clusterOptions(),
      tagsOption(),
      new Option('--out <dir>', 'directory for <host>/<path on the host>; has to be given'),
    ],
    global: GLOBAL.deploy,
    load: async () => (await import('./commands/render.ts')).render,
  });
  command(program, 'schema', {
    does: 'Print a JSON Schema: of inventory or profile files for editors, of what fcops prints for programs.',
    words: [new Argument('[what]', 'which one').choices(Object.keys(SCHEMAS)).default('inventory')],
    global: GLOBAL.plain,
    load: async () => (await import('./commands/schema.ts')).schema,
  });

  program.commandsGroup('Get in:');
  command(program, 'trust', {
    does: 'Show the host keys of hosts, ask, and record them in known_hosts.',
    words: [hostsArgument('[hosts...]')],
    options: [
      minerOption(),
      limitOption(),
      forksOption(),
      new Option('-y, --yes', 'record unknown keys without asking'),
    ],
    global: GLOBAL.inventory,
    load: async () => (await import('./commands/trust.ts')).trust,
  });
  program.commandsGroup('Help:');
  command(program, 'completion', {
    does: 'Print what makes a shell complete commands, options, hosts, roles, tags, profiles and runs.',
    words: [new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish'])],
    global: GLOBAL.plain,
    load: async () => (await import('./commands/completion.ts')).completion,
  });
};
