import { Argument, InvalidArgumentError, Option } from 'commander';
import { OS_NAMES } from '../core/distributions.ts';
import type { Size } from '../engine/batches.ts';
import { STAGES } from '../lotus/stage-durations.ts';
import { REBOOT_TIMEOUT } from '../ops/reboot/context.ts';
import { UPGRADED } from '../ops/upgrade/programs.ts';
import { TAGS } from '../roles/role.ts';
import type { DeployableRole } from '../roles/role-names.ts';
import { ONE_OF_THE_ROLES, ROLE_NAMES } from '../roles/role-names.ts';
import type { Transport } from '../transport/connect.ts';
import { FORMATS } from './output.ts';
import { OWN_BATCHES } from './own-batches.ts';
import { namesIn } from './text/host-ranges.ts';

/** Which hosts a command is for. */
export interface ClusterOptions {
  readonly miner?: string;
  readonly limit?: string;
}

export interface ConnectionOptions {
  readonly forks: number;
  readonly transport: Transport;
}

export interface RunOptions extends ClusterOptions, ConnectionOptions {
  readonly tags: readonly string[];
}

/** Where cluster files are unless something else is said. */
export const DEFAULT_INVENTORY = 'inventories';

/** Options that every command takes, before or after its name. */
export const globalOptions = (): Option[] => [
  new Option('-i, --inventory <dir>', 'directory of the cluster files, or one of them').default(
    DEFAULT_INVENTORY,
  ),
  new Option('--profiles <dir>', 'directory of hardware models, in place of the shipped ones'),
  new Option('--templates <dir>', 'directory of templates that replace shipped ones of the same name'),
  new Option(
    '--identity <file>',
    'private key that decrypts secrets, in place of $FCOPS_AGE_IDENTITY and ~/.config/fcops/age.key',
  ),
  new Option(
    '--output <format>',
    'what is printed; markdown by plan and show, junit by plan, status, verify, preflight and check, prometheus by status, github by check',
  )
    .choices(FORMATS)
    .default('text'),
  new Option('--color <when>', 'colours: NO_COLOR and FORCE_COLOR count where it is auto')
    .choices(['auto', 'always', 'never'])
    .default('auto'),
  new Option('--no-color', 'the same as --color never').hideHelp(),
  new Option('--debug', 'show the stack of an unexpected error'),
];

/** Global options by what they are about: the help of a command shows those that mean something to it. */
export const GLOBAL = {
  plain: ['--debug'],
  text: ['--output', '--color', '--debug'],
  profiles: ['--profiles', '--output', '--color', '--debug'],
  clusters: ['--inventory', '--profiles', '--output', '--color', '--debug'],
  secrets: ['--inventory', '--identity', '--output', '--color', '--debug'],
  inventory: ['--inventory', '--profiles', '--identity', '--output', '--color', '--debug'],
  deploy: ['--inventory', '--profiles', '--templates', '--identity', '--output', '--color', '--debug'],
} as const satisfies Record<string, readonly string[]>;

export const roleArgument = (): Argument =>
  new Argument('<role>', `${ONE_OF_THE_ROLES}; all: the miner, then the workers`);
export const secretArgument = (): Argument =>
  new Argument('<name>', 'name of the secret, for example f0494733-token');
export const hostsArgument = (usage: string): Argument => new Argument(usage, 'names or addresses of hosts');
export const minerOption = (): Option =>
  new Option('--miner <id>', 'miner id of the cluster; may be left out where there is only one');
export const limitOption = (): Option =>
  new Option(
    '-l, --limit <pattern>',
    "only these hosts: names, addresses, roles, 'p1-5*', 'p1-[50:53]', '!p1-51', group:NAME; @FILE reads them from a file; @failed: those that did not end well in the last run",
  );
export const tagsOption = (): Option =>
  new Option(
    '-t, --tags <tags>',
    `only tasks with one of these tags, with commas between: ${TAGS.join(', ')}`,
  )
    .argParser(parseTags)
    .default([], 'all');
export const rolesOption = (): Option =>
  new Option('--role <roles>', `roles that stand in it, with commas between: ${ROLE_NAMES.join(', ')}`)
    .argParser(parseRoles)
    .default(['p1', 'c2'], 'p1,c2');
/** Of a host that comes to a cluster file. */
export const newHostOptions = (): Option[] => [
  new Option(
    '--role <roles>',
    `what it does, with commas between or once more: ${ROLE_NAMES.join(', ')}; has to be given`,
  )
    .argParser(parseMoreRoles)
    .makeOptionMandatory(),
  new Option(
    '--profile <model>',
    'its hardware model, for example amd-7532; has to be given',
  ).makeOptionMandatory(),
  new Option('--os <name>', 'its distribution, where that is another one than of the cluster').choices(
    OS_NAMES,
  ),
  new Option(
    '--listen <address>',
    'the address that its workers listen on, where it has another network for lotus; of a range as many',
  ),
];
/** Those that a status is of. */
export const statusRolesOption = (): Option =>
  new Option('--role <roles>', `only these roles, with commas between: ${ROLE_NAMES.join(', ')}`)
    .argParser(parseRoles)
    .default([], 'all');
/** Seconds between two looks at a host, of --watch and of --wait, where nobody says otherwise. */
export const WATCH_INTERVAL = 2;
export const WAIT_INTERVAL = 10;
export const intervalOption = (): Option =>
  new Option(
    '--interval <seconds>',
    `with --watch: between two looks at a host; default: ${WATCH_INTERVAL}`,
  ).argParser(parseInterval);
/** Of a verification. */
export const verifyOptions = (): Option[] => [
  new Option('--full', 'every check that is not right by itself, and since when each'),
  new Option(
    '--wait <time>',
    'look again and again until all is right, for at most this long (90s, 10m, 2h)',
  ).argParser(parseSpan),
  new Option('--interval <seconds>', `with --wait: between two looks; default: ${WAIT_INTERVAL}`).argParser(
    parseInterval,
  ),
];
/** Of a plan without hosts. */
export const baseOption = (): Option =>
  new Option(
    '--base <revision>',
    'ask no host: show what changes between this revision of git (origin/main) and the files here; --miner all is every cluster; with --detailed-exitcode it ends with 2, never with 4 or 8',
  ).conflicts(['start', 'showReplaced', 'out', 'preflight', 'forks', 'transport']);
export const showReplacedOption = (): Option =>
  new Option('--show-replaced', 'show what is replaced on hosts as it is, with secrets of others in it');
/** Of scheduled checks. */
export const onlyDriftOption = (): Option =>
  new Option(
    '--only-drift',
    'only what somebody has changed on the hosts since fcops left it, and of what nobody can know that; not what the inventory wants otherwise now, nor what is owed; with --detailed-exitcode it ends with 2, never with 4 or 8',
  ).conflicts(['start', 'base', 'out']);
/** Of a plan that is saved. */
export const savedOptions = (): Option[] => [
  new Option(
    '--out <file>',
    'save the plan to a new file, to be reviewed (`fcops show`) and applied as it is (`fcops apply`)',
  ).conflicts('showReplaced'),
  new Option(
    '--valid <time>',
    'with --out: how long it may be applied (90m, 3d, at the most 30d; left out: 24h)',
  ).argParser(parseValidity),
];
export const savedPlanArgument = (): Argument =>
  new Argument('<file>', 'what `fcops plan ROLE --out FILE` saved');
export const clusterOptions = (): Option[] => [minerOption(), limitOption()];
export const forksOption = (): Option =>
  new Option('-f, --forks <n>', 'hosts at the same time').argParser(parseForks).default(50);
export const transportOption = (): Option =>
  new Option('--transport <name>', 'how to reach hosts')
    .choices(['ssh2', 'openssh', 'local'])
    .default('ssh2');
export const connectionOptions = (): Option[] => [forksOption(), transportOption()];
export const batchOptions = (): Option[] => [
  new Option(
    '--serial, --batch <sizes>',
    'in batches, each verified before the next begins: 1,25%,100% is one host, then quarters, then the rest',
  )
    .argParser(parseSizes)
    .default([], 'all hosts at once'),
  new Option('--max-fail <n>', 'hosts, or N% of them, that may fail before no further batch begins')
    .argParser(parseSize)
    .default({ hosts: 0 }, '0'),
];
/** Of an upgrade. */
export const upgradedOption = (): Option =>
  new Option(
    '--role <role>',
    'whose program: lotus and miner are the two of the miner host, all: every role',
  ).choices(UPGRADED);
/** Which versions, each for the machines that it is built for. */
export const versionsOption = (): Option =>
  new Option(
    '--ver <version>',
    'version that they get; once more for machines of another kind, each gets the one that is built for it (-intel, -centos); KEY=VERSION: for one of lotus, miner, p1, c2, apx alone; default: those of the inventory',
  ).argParser(parseVersions);
/** The same as of other commands, with what an upgrade does by itself. */
export const upgradeBatchOptions = (): Option[] =>
  batchOptions().map((option) =>
    option.attributeName() === 'batch'
      ? option.default(OWN_BATCHES.upgrade, 'after one host, quarters of them')
      : option,
  );
/** The same, of a reboot. */
export const rebootBatchOptions = (): Option[] =>
  batchOptions().map((option) =>
    option.attributeName() === 'batch'
      ? option.default(OWN_BATCHES.reboot, 'one host after the other')
      : option,
  );
/** Of `fcops recover`. */
export const recoverOptions = (): Option[] => [
  new Option(
    '--wait <time>',
    'wait so long (30m) for a machine that does not answer, and go on from there; one that has just been started, as it tells itself, is not rebooted',
  ).argParser(parseSpan),
  new Option(
    '--report <file>',
    'write the report of hardware that is broken still to a file, for its owner alone',
  ),
];
export const rebootTimeoutOption = (): Option =>
  new Option(
    '--reboot-timeout <time>',
    `give up a machine that is not back after this long (45m), and begin no further one; default: ${REBOOT_TIMEOUT / 60}m`,
  ).argParser(parseSpan);
export const detailedExitcodeOption = (): Option =>
  new Option(
    '--detailed-exitcode',
    'exit with 2: changes are pending, 4: a reboot or a restart is owed, 8: not as required and fcops does not change it (a check that failed), or their sum',
  );
/** Of commands that start processes. */
export const preflightOption = (): Option =>
  new Option(
    '--no-preflight',
    'do not ask hosts before a start what `fcops preflight` asks; without it, what is off keeps a host as it is',
  );
export const runOptions = (): Option[] => [tagsOption(), ...connectionOptions()];

/** Of `fcops jobs`. */
export const taskOption = (): Option =>
  new Option(
    '--task <stages>',
    `only tasks of these stages, with commas between: ${STAGES.join(', ')}; P1 and P2 are PC1 and PC2`,
  )
    .argParser(parseStages)
    .default([], 'all');
export const sectorsArgument = (): Argument =>
  new Argument('<n>', 'how many sectors are pledged').argParser(parseSectors);

/** Of `fcops sectors` and what is done with them. */
export const stateOption = (): Option =>
  new Option(
    '--state <states>',
    'sectors in this state, as lotus-miner calls it: SealPreCommit1Failed',
  ).argParser(parseStates);
/** How many are changed in one go, at the most. */
export const mostOption = (what: string): Option =>
  new Option('--limit <n>', `${what} at the most, up to 50`).argParser(parseMost).default(10);
export const sectorNumbersArgument = (usage: string): Argument =>
  new Argument(
    usage,
    usage.startsWith('<') ? 'numbers of sectors, each by itself' : 'numbers of sectors: 1041 1043, 1041-1044',
  );

/** Of commands that are about processes. */
export const processOptions = (): Option[] => [
  new Option(
    '--process <names>',
    'only these processes, with commas between: P1-3, P1-[1:4], P2, APx, C2-1, lotus, lotus-miner; P1 means all P1 tasks',
  ).argParser(parseNames),
];
const killAfterOption = (): Option =>
  new Option(
    '--kill-after <time>',
    'kill a process that has not ended this long after it was asked to (60s, 10m); none is killed without it',
  ).argParser(parseSpan);
const drainTimeoutOption = (): Option =>
  new Option(
    '--drain-timeout <time>',
    'give up, and let workers have tasks again, when tasks go on longer than this (2h); default: wait as long as they take',
  ).argParser(parseSpan);
const DRAINS =
  'pause workers at the miner and wait until their tasks have ended; finalize waits for FinalizeSector alone: other tasks are lost';
/** Of an upgrade, which waits by itself. */
export const UPGRADE_DRAINS =
  'what is waited for, with workers paused at the miner, before they are stopped; default: every task; finalize: FinalizeSector alone, other tasks are lost';
/** `drains`: what `--drain` does. */
export const stopOptions = (drains = DRAINS): Option[] => [
  killAfterOption(),
  new Option('--lose-tasks', 'stop processes that are at a task too, or may be: its hours so far are lost'),
  new Option('--drain [finalize]', drains).choices(['finalize']),
  drainTimeoutOption(),
  ...windowOptions(),
];
export const downtimeOption = (): Option =>
  new Option(
    '--downtime <time>',
    'how long lotus-miner is away when it is started anew (8m), where you know it better than the last restarts tell; a quarter more is reckoned with, 5 minutes at the least',
  ).argParser(parseSpan);
/** Of commands that stop lotus or lotus-miner. */
export const windowOptions = (): Option[] => [
  downtimeOption(),
  new Option(
    '--wait-for-window',
    'where a proof of the miner would be lost, wait until lotus and lotus-miner may be stopped; Ctrl-C ends that with nothing done',
  ).conflicts('ignoreProvingWindow'),
  new Option(
    '--ignore-proving-window',
    'stop lotus and lotus-miner whatever is to be proven: a window that is missed makes its sectors faulty, which costs their power and a fee',
  ),
];
/** Of `fcops rotate token`, which always waits for tasks. */
export const rotateOptions = (): Option[] => [
  new Option('--dry-run', 'only show who has another token, what each is at, and how long that will take'),
  killAfterOption(),
  new Option(
    '--lose-tasks',
    'restart workers too of which the miner does not tell what they are at: the hours of a task are lost with them',
  ),
  drainTimeoutOption(),
];
export const patternsArgument = (): Argument =>
  new Argument(
    '<what...>',
    `hosts of one miner: names, addresses, patterns as --limit has them ('p1-5*', '!p1-51'), or a role (${ONE_OF_THE_ROLES}, all)`,
  );
export const timeoutOption = (seconds: number): Option =>
  new Option('--timeout <time>', 'end it on a host after this long (30s, 10m)')
    .argParser(parseTimeout)
    .default(seconds, `${seconds}s`);
/** Of a download to this machine. */
export const downloadTimeoutOption = (): Option =>
  new Option('--timeout <time>', 'give up a download that takes longer (30m, 6h)')
    .argParser(parseTimeout)
    .default(2 * 3600, '2h');
export const logsOptions = (): Option[] => [
  new Option('-n, --lines <n>', 'so many of the last lines of each log').argParser(parseLines).default(20),
  new Option('-f, --follow', 'go on with what is added to them; Ctrl-C ends it'),
  new Option(
    '--grep <expression>',
    'only lines that match; an extended regular expression, looked for on the host (grep -E)',
  ).argParser(parseExpression),
  // -f is for --follow here, as fingers know it.
  new Option('--forks <n>', 'hosts at the same time; with --follow all').argParser(parseForks).default(50),
];
export const roleOrHostsArgument = (): Argument =>
  new Argument('<what...>', `a role (${ONE_OF_THE_ROLES}, all), or names or addresses of hosts`);

const parseForks = (text: string): number => {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of hosts, from 1.');
};

const parseLines = (text: string): number => {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of lines, from 0.');
};

const parseExpression = (text: string): string => {
  if (text !== '' && !/[\n\0]/.test(text)) return text;
  throw new InvalidArgumentError('It is one line that is not empty.');
};

const parseNames = (text: string, before: readonly string[] | undefined): string[] => {
  const names = text
    .split(',')
    .flatMap((name) => namesIn(name.trim()))
    .filter(Boolean);
  if (names.length === 0) throw new InvalidArgumentError('Name at least one process.');
  return [...(before ?? []), ...names];
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `60s`, `10m`, `2h`, `3d`. */
const parseSpan = (text: string): number => {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * (SECONDS[unit] ?? Number.NaN);
  if (!(seconds >= 1)) throw new InvalidArgumentError('It is a time: 60s, 10m, 2h, 3d.');
  return seconds;
};

/** A clock counts no further than some weeks. */
const parseTimeout = (text: string): number => {
  const seconds = parseSpan(text);
  if (seconds > 7 * 24 * 3600) throw new InvalidArgumentError('It is a week at the most: 7d.');
  return seconds;
};

/** A review that takes longer is of a plan that has to be made anew. */
const parseValidity = (text: string): number => {
  const seconds = parseSpan(text);
  if (seconds > 30 * 24 * 3600) throw new InvalidArgumentError('It is 30 days at the most: 30d.');
  return seconds;
};

/** `3` or `25%`. */
const parseSize = (text: string): Size => {
  const [, number, percent] = /^(\d{1,4})(%?)$/.exec(text.trim()) ?? [];
  if (number === undefined || (percent && Number(number) > 100))
    throw new InvalidArgumentError('It is a number of hosts, or a percentage: 1, 25%.');
  return percent ? { percent: Number(number) } : { hosts: Number(number) };
};

const parseSizes = (text: string): Size[] => {
  const sizes = text.split(',').map(parseSize);
  if (sizes.some((size) => ('hosts' in size ? size.hosts : size.percent) === 0))
    throw new InvalidArgumentError('A batch has at least one host.');
  return sizes;
};

const parseRoles = (text: string): DeployableRole[] => {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !ROLE_NAMES.some((role) => role === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is no role: ${ROLE_NAMES.join(', ')}.`);
  return ROLE_NAMES.filter((role) => names.includes(role));
};

const parseMoreRoles = (text: string, before: readonly DeployableRole[] = []): DeployableRole[] => {
  const named = [...before, ...parseRoles(text)];
  return ROLE_NAMES.filter((role) => named.includes(role));
};

const parseStages = (text: string): string[] => {
  const names = text
    .split(',')
    .map((name) => name.trim().toUpperCase())
    .map((name) => (name === 'P1' || name === 'P2' ? `PC${name.slice(1)}` : name));
  const unknown = names.find((name) => !STAGES.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is no stage: ${STAGES.join(', ')}.`);
  return names;
};

/** More than any cluster seals in weeks: a slip of the keyboard. */
const MOST_SECTORS = 10_000;

const parseSectors = (text: string): string => {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_SECTORS) return text;
  throw new InvalidArgumentError(`It is a number of sectors, from 1 to ${MOST_SECTORS}.`);
};

const parseStates = (text: string, before: readonly string[] = []): string[] => {
  const names = text.split(',').map((name) => name.trim());
  const odd = names.find((name) => !/^[A-Z][A-Za-z0-9]{1,40}$/.test(name));
  if (odd === undefined) return [...before, ...names];
  throw new InvalidArgumentError(`"${odd}" is no state: lotus-miner writes them as SealPreCommit1Failed.`);
};

const parseMost = (text: string): number => {
  if (/^[1-9]\d?$/.test(text) && Number(text) <= 50) return Number(text);
  throw new InvalidArgumentError('It is a number, from 1 to 50.');
};

const parseInterval = (text: string): number => {
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) >= 0.5) return Number(text);
  throw new InvalidArgumentError('It is a number of seconds, from 0.5.');
};

const parseVersions = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(',').map((version) => version.trim()),
];

const parseTags = (text: string, before: readonly string[]): string[] => {
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  if (tags.length === 0) throw new InvalidArgumentError('Name at least one tag.');
  return [...before, ...tags];
};
