import { formatCpuRanges, parseCpuRanges } from '../../core/cpu-list.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { withoutComments, words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import type { Query } from '../../engine/query.ts';
import type { AddressesSaid } from '../../resources/machine/addresses.ts';
import { addressesShell } from '../../resources/machine/addresses.ts';
import daemonsShell from '../../resources/process/daemons.sh';
import { daemonWords } from '../../resources/process/sought.ts';
import workersShell from '../../resources/process/workers.sh';
import { textShell, unescapeText } from '../../resources/text/text.ts';
import clockShell from '../clock-offset.sh';
import type { ClockSaid } from '../clock-offset.ts';
import { parseClock } from '../clock-offset.ts';
import type { HttpAnswer } from './http-answer.ts';
import { readDownload, readRequest } from './http-answer.ts';
import shell from './preflight.sh';
import type { Sought } from './sought.ts';

/** Secrets that a host needs to ask; empty: it is not asked for one. */
export interface AskedWith {
  readonly token: string;
  /** `user:password` */
  readonly credentials: string;
}

/** Who listens on a port. */
export interface Listener {
  readonly port: number;
  /** As the kernel writes it. */
  readonly address: string;
  /** Null: it is of no process; `unread`: not all processes could be looked through in time. */
  readonly pid: number | null | 'unread';
  /** Of a process that the host is to run; null: it is none of those. */
  readonly repository: string | null;
  readonly command: string;
}

/** A process that is at work, and none of those that the host is to run. */
export interface Busy {
  readonly pid: number;
  /** Of one core. */
  readonly percent: number;
  /** That it was seen on. */
  readonly cpus: readonly number[];
  readonly command: string;
}

/** A source of packages. */
export interface Source {
  /** Whether the inventory has it. */
  readonly isOurs: boolean;
  readonly url: string;
  readonly answer: HttpAnswer;
}

/** What a host has said. What is null it has not answered in time. */
export interface Answers {
  /** Before all checks and after them; null: it prints no time. */
  readonly clock: ClockSaid | null;
  readonly api: HttpAnswer | null;
  /** By their addresses; `here`: it is on the host already. */
  readonly archives: ReadonlyMap<string, HttpAnswer | 'here'>;
  readonly names: ReadonlyMap<string, 'known' | 'unknown' | 'late'>;
  readonly sources: readonly Source[] | null;
  /** Packages that the host is to have and has not; null: it could not say. */
  readonly missing: readonly string[] | null;
  readonly listeners: readonly Listener[] | null;
  readonly busy: readonly Busy[] | null;
  /** Its addresses; null: it was not asked, or did not say in time. */
  readonly addresses: AddressesSaid | null;
}

/** Seconds that all checks of a host have together: the longest of them has two tries. */
const PATIENCE = 25;

/**
 * One question with all that is sought; what is secret goes over standard input. `redact` masks secrets of ours: what
 * listens somewhere may send back what it was sent.
 */
export const preflightQuery = (
  sought: Sought,
  secrets: AskedWith,
  redact: (text: string) => string,
): Query<Answers> => ({
  name: 'what stands against a start',
  script: [
    'set +eu',
    'if [[ -d /dev/shm && -w /dev/shm ]]; then export TMPDIR=/dev/shm; fi',
    ...[textShell, workersShell, daemonsShell, addressesShell, shell].map(withoutComments),
    `fcops_clock() {\n${withoutComments(clockShell)}\n}`,
    'fcops_checks() {',
    // Shells without anything to do would be no function.
    ':',
    ...checksOf(sought).map((check) => `${check} &`),
    '}',
    `fcops_all ${PATIENCE}`,
    '',
  ].join('\n'),
  input: () => `${secrets.token}\n${secrets.credentials}\n`,
  parse: (text) => parseAnswers(text, redact),
  deadline: (PATIENCE + 15) * 1000,
});

const checksOf = (sought: Sought): string[] => {
  const { api, archives, names, packages, ports, cpus, own, listen } = sought;
  const workers = own.filter(({ known }) => known.by === 'argument').map(({ repository }) => repository);
  const ours = [...workers, '--', ...own.flatMap(daemonWords)];
  return [
    'check_clock',
    ...(sought.seeksListen ? [words('check_address', listen)] : []),
    ...(api ? [words(api.isPlain ? 'check_api' : 'check_port', api.host, String(api.port))] : []),
    ...archives.map(({ url, sha256, directory, proxy }) =>
      words('check_archive', url, sha256, directory, proxy ?? ''),
    ),
    ...names.map(({ name }) => words('check_name', name)),
    ...(packages
      ? [
          words(
            'check_packages',
            packages.manager,
            packages.proxy ?? '',
            packages.mirror ?? '',
            ...packages.names,
          ),
        ]
      : []),
    ...(ports.length > 0
      ? [words('check_listeners', ports.map(({ port }) => hexadecimal(port)).join('|'), ...ours)]
      : []),
    ...(cpus.length > 0 ? [words('check_cores', ...ours)] : []),
  ];
};

const hexadecimal = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/**
 * Reads the rows of preflight.sh; an answer without its last one broke off, and is not used. What servers have said is
 * masked as a whole: of a secret that was cut nobody could tell that it is one.
 */
export const parseAnswers = (text: string, redact: (text: string) => string): Result<Answers, string> => {
  const decoded = (base64: string): string => redact(Buffer.from(base64, 'base64').toString('utf8'));
  const told = toldRows(text);
  if (!told.ok) return told;
  const rows = told.value;
  const of = (tag: string) => rows.filter(([word]) => word === tag).map(([, ...fields]) => fields);
  const [api] = of('api');
  const [addresses] = of('address');
  const clock = parseClock(
    of('clock')
      .map((fields) => fields.join('\t'))
      .join('\n'),
  );
  return ok({
    clock: clock.ok ? clock.value : null,
    api: api?.[0] === undefined ? null : readRequest(decoded(api[0])),
    archives: new Map(
      of('archive').map(([url = '', way = '', said = '']) => [
        url,
        way === 'here' ? 'here' : readDownload(way, decoded(said)),
      ]),
    ),
    names: new Map(of('name').map(([name = '', status = '']) => [name, nameState(status)])),
    sources:
      of('sources').length === 0
        ? null
        : of('source').map(([ours = '', url = '', way = '', said = '']) => ({
            isOurs: ours === 'ours',
            url,
            answer: readDownload(way, decoded(said)),
          })),
    missing: missingIn(of('missing')[0]),
    listeners:
      of('listeners').length === 0
        ? null
        : of('listener').flatMap((row) =>
            readListener(row, of('listeners')[0]?.[0] === 'seen' ? null : 'unread'),
          ),
    addresses: addresses ? { status: Number(addresses[0]), output: decoded(addresses[1] ?? '') } : null,
    busy: of('cores').length === 0 ? null : of('busy').flatMap(readBusy),
  });
};

/** Names with blanks between, after whether they could be looked for. */
const missingIn = (row: readonly string[] | undefined): readonly string[] | null => {
  const [known, names = ''] = row ?? [];
  return known === 'known' ? names.split(' ').filter(Boolean) : null;
};

/** As timeout ends where it had to end, or kill, what it ran. */
const LATE: readonly string[] = ['124', '137'];

const nameState = (status: string): 'known' | 'unknown' | 'late' => {
  if (status === '0') return 'known';
  return LATE.includes(status) ? 'late' : 'unknown';
};

/** `nobody`: what it means that no process was found. */
const readListener = (
  [port = '', address = '', pid = '', repository = '', command = '']: readonly string[],
  nobody: Exclude<Listener['pid'], number>,
): Listener[] =>
  /^\d+$/.test(port)
    ? [
        {
          port: Number(port),
          address,
          pid: /^\d+$/.test(pid) ? Number(pid) : nobody,
          repository: repository === '' ? null : repository,
          command: unescapeText(command),
        },
      ]
    : [];

const readBusy = ([pid = '', percent = '', cpus = '', command = '']: readonly string[]): Busy[] =>
  /^\d+$/.test(pid) && /^\d+$/.test(percent) && /^[\d,]*$/.test(cpus)
    ? [{ pid: Number(pid), percent: Number(percent), cpus: cpusOf(cpus), command: unescapeText(command) }]
    : [];

/** A host may say anything: of numbers that no machine has nothing is told. */
const cpusOf = (list: string): readonly number[] => {
  try {
    return parseCpuRanges(list);
  } catch {
    return [];
  }
};

/** `0-3,8` */
export const coresText = (cpus: readonly number[]): string =>
  formatCpuRanges([...cpus].sort((a, b) => a - b));
