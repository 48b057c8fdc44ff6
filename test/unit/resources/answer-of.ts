import { createHash } from 'node:crypto';
import type { Facts } from '../../../src/core/facts.ts';
import type { GuardState } from '../../../src/resources/guard/look.ts';
import type { NodePages } from '../../../src/resources/hugepages/look.ts';
import type { Observation, Row } from '../../../src/resources/look.ts';
import { answerOf } from '../../../src/resources/look.ts';
import type { MountState } from '../../../src/resources/mounts/look.ts';
import type { PathState } from '../../../src/resources/path/state.ts';
import type { SysctlState } from '../../../src/resources/sysctl/look.ts';
import type { UnitState } from '../../../src/resources/systemd/look.ts';

/** What a host is to have answered, by what was asked. What is left out was not answered. */
export interface Stated {
  readonly paths?: Readonly<Record<string, PathState>>;
  /** Installed version; null where it is not installed. */
  readonly packages?: Readonly<Record<string, boolean>>;
  readonly sysctl?: Readonly<Record<string, SysctlState | null>>;
  readonly units?: Readonly<Record<string, UnitState>>;
  readonly manager?: Readonly<Record<string, string>>;
  readonly mounts?: Readonly<Record<string, MountState | null>>;
  readonly crontabs?: Readonly<Record<string, string | null>>;
  /** By page size in KiB. */
  readonly hugepages?: Readonly<Record<string, readonly NodePages[]>>;
  readonly guards?: Readonly<Record<string, GuardState>>;
  /** Why something was not seen: `unit x.service`. */
  readonly reasons?: Readonly<Record<string, string>>;
  /** Rows as they are, for what has no other form here. */
  readonly rows?: readonly Row[];
}

const escapeText = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\n', '\\n');

const entries = <T>(record: Readonly<Record<string, T>> | undefined): [string, T][] =>
  Object.entries(record ?? {});

const TYPES = { file: 0o100000, directory: 0o040000, link: 0o120000, other: 0o010000 } as const;

const pathRows = (path: string, state: PathState): Row[] => {
  if (state.type === 'absent') return [['nopath', `stat: cannot statx '${path}': No such file or directory`]];
  const owned = 'mode' in state ? state : { mode: '0777', owner: 'root', group: 'root' };
  const mode = (TYPES[state.type] | Number.parseInt(owned.mode, 8)).toString(16);
  const { mtime = 1_600_000_000, bytes = 0 } = state.type === 'file' ? state : {};
  const target = state.type === 'link' ? `'${path}' -> '${state.target}'` : `'${path}'`;
  const row = ['path', path, mode, owned.owner, owned.group, `${mtime}`, `${bytes}`, target];
  if (state.type !== 'file') return [row];
  return [
    row,
    ...(state.sha256 === undefined ? [] : [['sum', `${state.sha256}  ${path}`]]),
    ...(state.text === undefined ? [] : [['text', path, escapeText(state.text)]]),
  ];
};

/** Why packages could not be seen comes from the end of their query. */
const reasonRow = (key: string, reason: string): Row => {
  const [look = '', ...rest] = key.split(' ');
  const name = rest.join(' ');
  switch (look) {
    case 'unit':
      return ['nounit', name, reason];
    case 'manager':
      return ['nomanager', name, reason];
    case 'path':
      return ['nopath', `stat: cannot stat '${name}': ${reason}`];
    case 'package':
      return ['packages', reason.startsWith('rpm') ? 'yum' : 'apt', '127', name];
    default:
      throw new Error(`no row says why ${key} was not seen`);
  }
};

/** The rows of an answer, as the shell of the looks prints them. */
export const rowsOf = (stated: Stated): Row[] => [
  ...entries(stated.paths).flatMap(([path, state]) => pathRows(path, state)),
  ...entries(stated.packages).flatMap(([name, installed]): Row[] => [
    ...(installed ? [['package', name, 'installed']] : []),
    ['packages', 'apt', installed ? '0' : '1', name],
  ]),
  ...entries(stated.sysctl).map(
    ([key, state]): Row =>
      state === null ? ['sysctl', key] : ['sysctl', key, state.writable ? 'rw' : 'ro', state.value],
  ),
  ...entries(stated.units).flatMap(([name, { load, active, file, needsReload }]): Row[] => [
    ['unit', name, 'LoadState', load],
    ['unit', name, 'ActiveState', active],
    ['unit', name, 'UnitFileState', file],
    ['unit', name, 'NeedDaemonReload', needsReload ? 'yes' : 'no'],
  ]),
  ...entries(stated.manager).map(([name, value]): Row => ['manager', name, value]),
  ...entries(stated.mounts).flatMap(([target, mount]): Row[] =>
    mount === null
      ? [['mount', target]]
      : [
          [
            'mount',
            target,
            `${mount.options.join(',')} ${mount.fstype} ${mount.source} ${mount.options.join(',')}`,
          ],
          mount.trouble === undefined
            ? ['room', target, '1', `${mount.bytes}`, `${mount.freeBytes}`]
            : ['nomount', target, mount.trouble],
          ...mount.users.map(({ pid, name }): Row => ['mount-user', target, `${pid}`, name]),
        ],
  ),
  ...entries(stated.crontabs).map(
    ([user, text]): Row => (text === null ? ['nocrontab', user] : ['crontab', user, escapeText(text)]),
  ),
  ...entries(stated.hugepages).flatMap(([kib, nodes]): Row[] => [
    ['hugepages', kib],
    ...nodes.map(({ node, total, free }): Row => ['hugepages', kib, `${node}`, `${total}`, `${free}`]),
  ]),
  ...entries(stated.guards).map(
    ([name, { status, output }]): Row => ['guard', name, `${status}`, escapeText(output)],
  ),
  ...entries(stated.reasons).map(([key, reason]) => reasonRow(key, reason)),
  ...(stated.rows ?? []),
];

/** What was seen on a machine with these facts, nothing besides. */
export const observationOf = (facts: Facts, stated: Stated = {}): Observation => ({
  facts,
  answer: answerOf(rowsOf(stated)),
});

/** The sum of a text, as sha256sum has it. */
export const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
