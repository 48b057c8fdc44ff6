import type { LockHolder } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { words } from '../../core/shell.ts';
import { holderOf, holderShell } from '../../engine/lock/holder.ts';
import type { Query } from '../../engine/query.ts';
import type { Answer } from '../../lotus/failure.ts';
import { identityOf, listOf } from '../../resources/init/storage.ts';
import { decodeOctal, mountShell } from '../../resources/mounts/look.ts';
import daemonsShell from '../../resources/process/daemons.sh';
import { daemonWords } from '../../resources/process/sought.ts';
import { STAMP_FILE } from '../../resources/stamp/stamp.ts';
import { BACKUPS, PROFILE, PROGRAMS, REPOSITORIES, START_SCRIPTS } from '../../roles/miner-places.ts';
import { INIT_KNOWN, KNOWN } from '../../roles/miner-programs.ts';
import lookShell from './look.sh';
import { LOGS, RESTORE_STATE, sizeFile, WORK } from './places.ts';
import type { Setup } from './setup.ts';

/** What is at work for the set-up of a miner; `import` is a daemon that ends when it has imported. */
export type Running = 'lotus daemon' | 'lotus import' | 'lotus-miner run' | 'lotus-miner init';
const RUNNING: readonly Running[] = ['lotus daemon', 'lotus import', 'lotus-miner run', 'lotus-miner init'];

/** How they are told on a host; an import is a daemon of lotus. */
const DAEMONS: readonly (readonly [Running, Parameters<typeof daemonWords>[0]])[] = [
  ['lotus daemon', { known: KNOWN.lotus, repository: REPOSITORIES.lotus }],
  ['lotus-miner run', { known: KNOWN.lotusMiner, repository: REPOSITORIES.lotusMiner }],
  ['lotus-miner init', { known: INIT_KNOWN, repository: REPOSITORIES.lotusMiner }],
];

/** What the programs were asked. */
export type Asked =
  | 'lotus-version'
  | 'status'
  | 'sync'
  | 'wallets'
  | 'miner-version'
  | 'info'
  // Of a restore.
  | 'chain-miner'
  | 'wallet-ids';

/** How far the set-up of a miner is, as its host showed it at one moment. */
export interface HostState {
  /** Seconds since 1970, by the clock of the host. */
  readonly now: number;
  /** Who is changing the host. */
  readonly holder: LockHolder | null;
  /** What is there of the paths that were asked for. */
  readonly entries: ReadonlyMap<string, { readonly bytes: number; readonly type: string }>;
  /** Texts of files, their ends where they are long. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files of the directories that were asked for, with their bytes. */
  readonly files: ReadonlyMap<string, number>;
  /** Process numbers. */
  readonly running: ReadonlyMap<Running, number>;
  readonly answers: ReadonlyMap<Asked, Answer>;
  /** Which file or directory a path is, as device and inode: another one in its place has another. */
  readonly identities: ReadonlyMap<string, string>;
  /** What is mounted at the directories of the storage for sectors. */
  readonly mounts: ReadonlyMap<string, { readonly fstype: string; readonly source: string }>;
  /** Where the profile says that proof parameters are, without a slash at the end; null where it says nothing. */
  readonly parameters: string | null;
}

/** The directories that the miner is to keep sectors in. */
export const storageOf = ({ cluster }: Setup): readonly string[] =>
  cluster.storage.flatMap(({ path, on, sectors }) => (sectors && on.includes('miner') ? [path] : []));

/** Storage is looked at once there is a miner: until then it is asked again and again, and may hang each time. */
const storageShell = (setup: Setup): readonly string[] => {
  const paths = storageOf(setup).map(identityOf);
  if (paths.length === 0) return [];
  const isThere = ['datastore', 'keystore'].map(
    (name) => `-e ${words(`${REPOSITORIES.lotusMiner}/${name}`)}`,
  );
  return [`if [[ ${isThere.join(' || ')} ]]; then`, ...paths.map((path) => words('entry', path)), 'fi'];
};

/** Looks at all steps of a set-up in one question. */
export const hostStateQuery = (setup: Setup): Query<HostState> => {
  const { snapshot } = setup.cluster.bootstrap;
  const storage = storageOf(setup);
  const entries = [
    ...Object.values(PROGRAMS),
    PROFILE,
    ...Object.values(START_SCRIPTS),
    `${REPOSITORIES.lotus}/datastore/chain`,
    ...[REPOSITORIES.lotus, REPOSITORIES.lotusMiner].flatMap((repository) => [
      `${repository}/datastore`,
      `${repository}/keystore`,
    ]),
    `${REPOSITORIES.lotusMiner}/token`,
  ];
  const texts = [
    STAMP_FILE,
    ...Object.values(LOGS),
    RESTORE_STATE,
    // Addresses; the tokens beside them are never read.
    `${REPOSITORIES.lotusMiner}/api`,
    listOf(REPOSITORIES.lotusMiner),
    ...(snapshot ? [sizeFile(snapshot.sha256)] : []),
  ];
  return {
    name: 'how far the set-up of its miner is',
    script: [
      holderShell,
      daemonsShell,
      mountShell,
      lookShell,
      words('look_at', PROFILE),
      ...DAEMONS.map(([name, sought]) => words('runs', name, ...daemonWords(sought))),
      'answers',
      ...(setup.restore ? [words('answers_of', setup.cluster.miner)] : []),
      words('identity', `${REPOSITORIES.lotusMiner}/keystore`),
      ...entries.map((path) => words('entry', path)),
      ...storageShell(setup),
      ...texts.map((path) => words('text', path)),
      ...[WORK, BACKUPS, REPOSITORIES.lotusMiner].map((path) => words('files', path)),
      ...(storage.length === 0 ? [] : [words('fcops_mount_table', ...storage)]),
      "printf 'over\\n'",
    ].join('\n'),
    parse: parseHostState,
    deadline: 90_000,
  };
};

/** Reads the rows of look.sh: all of them, or nothing. */
export const parseHostState = (text: string): Result<HostState, string> => {
  const entries = new Map<string, { bytes: number; type: string }>();
  const texts = new Map<string, string>();
  const files = new Map<string, number>();
  const running = new Map<Running, number>();
  const mounts = new Map<string, string>();
  const answers = new Map<Asked, Answer>();
  const identities = new Map<string, string>();
  let now: number | null = null;
  let holder: LockHolder | null = null;
  let parameters: string | null = null;
  let isOver = false;
  for (const line of text.split('\n')) {
    const [word = '', ...fields] = line.split('\t');
    const [first = '', second = '', third = '', fourth = ''] = fields;
    switch (word) {
      case 'now':
        now = numberOf(first);
        break;
      case 'lock':
        holder = holderOf(fields);
        break;
      case 'parameters':
        parameters = first === '' ? null : first.replace(/(?<=.)\/+$/, '');
        break;
      case 'entry':
        entries.set(first, { bytes: numberOf(second) ?? 0, type: third });
        break;
      case 'identity':
        identities.set(first, second);
        break;
      case 'text':
        texts.set(first, decoded(second));
        break;
      case 'file':
        files.set(first, numberOf(second) ?? 0);
        break;
      case 'mount':
        mounts.set(first, second);
        break;
      case 'process': {
        const name = RUNNING.find((one) => one === first);
        if (name) running.set(name, numberOf(second) ?? 0);
        break;
      }
      case 'said': {
        const name = ASKED.find((one) => one === first);
        const status = numberOf(second);
        // A command that broke off without a status has said nothing.
        if (name && status !== null)
          answers.set(name, { status, stdout: decoded(third), stderr: decoded(fourth) });
        break;
      }
      case 'over':
        isOver = true;
        break;
      default:
    }
  }
  if (!isOver) return err('its answer broke off');
  if (now === null) return err('it does not tell its time');
  return ok({
    now,
    holder,
    entries,
    texts,
    files,
    running,
    answers,
    mounts: mountsOf(mounts),
    identities,
    parameters,
  });
};

/** What is mounted where: the mount's options, its type and its source, as the kernel writes them; nothing is no mount. */
const mountsOf = (rows: ReadonlyMap<string, string>): HostState['mounts'] =>
  new Map(
    [...rows].flatMap(([target, row]) => {
      const [, fstype, source] = row.split(' ');
      return fstype && source !== undefined
        ? [[target, { fstype, source: decodeOctal(source) }] as const]
        : [];
    }),
  );

const ASKED: readonly Asked[] = [
  'lotus-version',
  'status',
  'sync',
  'wallets',
  'miner-version',
  'info',
  'chain-miner',
  'wallet-ids',
];

const numberOf = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** Whether a repository is one, as lotus itself goes by. */
export const isRepository = ({ entries }: HostState, repository: string): boolean =>
  entries.has(`${repository}/datastore`) || entries.has(`${repository}/keystore`);
