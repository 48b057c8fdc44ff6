/**
 * What hosts might say: their real answers to a look with rows that are gone, cut off and made up, the journals of their
 * runs, and what package managers say they would do. Nobody is led to believe that something is as it shall be which was
 * not seen, and nothing ends in a defect.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestBy } from '../../src/core/content.ts';
import { FcopsError } from '../../src/core/problem.ts';
import { applyChanges } from '../../src/engine/apply/apply.ts';
import { lookScript, parseLook } from '../../src/engine/look-script.ts';
import { type ChangeItem, changesOf, planHost } from '../../src/engine/plan.ts';
import { type RoleWork, roleHosts, roleWork } from '../../src/ops/role-work.ts';
import type { Sources } from '../../src/ops/sources.ts';
import { packageChangesShell } from '../../src/resources/packages/look.ts';
import type { Resource, Task } from '../../src/resources/resource.ts';
import type { Exit, Running } from '../../src/transport/connection.ts';
import type { Try } from './fuzz.ts';
import { type Random, randomOf } from './random.ts';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What every secret is worth here. */
const VALUE = 'made-up-secret';
const digest = digestBy(() => VALUE);

/** The tasks of every host of an inventory, by the host's name. */
const tasksIn = async (inventory: string): Promise<ReadonlyMap<string, readonly Task[]>> => {
  const sources: Sources = {
    inventory,
    packageRoot,
    env: { F0494733_TOKEN: 'made-up-token', ARTIFACTS_PASSWORD: 'made-up-password' },
    home: '/nonexistent',
  };
  const works = await Promise.all(
    ['p1', 'c2'].map((role): Promise<RoleWork> => {
      const request = { role, tags: [], start: false };
      return roleWork(roleHosts(sources, request), request);
    }),
  );
  return new Map(
    works.flatMap(({ hosts, tasksOf }) => hosts.map((host) => [host.name, tasksOf(host)] as const)),
  );
};

/** The scripts that look at the hosts of an inventory, by the host's name. */
export const lookScripts = async (inventory: string): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await tasksIn(inventory))].map(([name, tasks]) => [name, lookScript(tasks, digest)]));

/** What a host said once, and what it is to be. */
interface Said {
  readonly host: string;
  readonly tasks: readonly Task[];
  readonly text: string;
  /** Whether it was before its first deploy. */
  readonly isBare: boolean;
  /** Resources that are as they shall be. */
  readonly same: ReadonlySet<string>;
}

const resourcesOf = (tasks: readonly Task[]): readonly Resource[] =>
  tasks.flatMap(({ resources }) => resources);

/** The resources that a text says are as they shall be; null where it is refused. */
const sameIn = (host: string, tasks: readonly Task[], text: string): ReadonlySet<string> | null => {
  const look = parseLook(text);
  if (!look.ok) return null;
  try {
    const { items } = planHost(host, tasks, look.value.seen, digest);
    const other = new Set(items.map(({ resource }) => resource));
    return new Set(resourcesOf(tasks).flatMap(({ id }) => (other.has(id) ? [] : [id])));
  } catch (error) {
    // What a machine cannot have is told as such: a layout that does not fit it.
    if (error instanceof FcopsError) return null;
    throw error;
  }
};

const rowsOf = (text: string): string[] => text.split('\n').filter((row) => row !== '');
const textOf = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');

const beyond = (said: Said, same: ReadonlySet<string> | null, how: string): readonly string[] =>
  [...(same ?? [])]
    // systemd is told of a file that changes; where that is not known, the host is not changed at all.
    .filter((id) => !said.same.has(id) && !id.startsWith('daemon-reload:'))
    .map((id) => `${said.host}: ${id} is taken for "same" ${how}`);

/** Some rows are gone: what follows from them is not known. */
const rowsGone = (random: Random, said: Said): readonly string[] => {
  const rows = rowsOf(said.text);
  const share = random.pick([0.01, 0.1, 0.5]);
  const left = rows.filter((row) => row === 'end' || !random.chance(share));
  return beyond(said, sameIn(said.host, said.tasks, textOf(left)), 'where rows are gone');
};

/** It breaks off at some byte. */
const cutOff = (random: Random, { host, tasks, text }: Said): readonly string[] => {
  const cut = text.slice(0, random.below(text.length - 1));
  return cut.endsWith('\nend') || sameIn(host, tasks, cut) === null
    ? []
    : [`${host}: an answer of ${cut.length} of ${text.length} characters is used`];
};

/** Every text that an ask of the resource names, as it stands in rows. */
const namesOf = ({ asks }: Resource): readonly string[] => [
  ...asks.flatMap((ask) =>
    Object.entries(ask).flatMap(([key, value]) =>
      typeof value === 'string' && key !== 'look' && value.length > 2 ? [value] : [],
    ),
  ),
  // Of processes that do not run there is no row but this.
  ...(asks.some(({ look }) => look === 'process') ? ['processes\tseen'] : []),
];

/** Every row that names what a resource asks for is gone. */
const unseen = (random: Random, { host, tasks, text }: Said): readonly string[] => {
  const resource = random.pick(resourcesOf(tasks).filter(({ asks }) => asks.length > 0));
  const names = namesOf(resource);
  const left = rowsOf(text).filter((row) => !names.some((name) => row.includes(name)));
  const same = sameIn(host, tasks, textOf(left));
  return names.length > 0 && same?.has(resource.id)
    ? [`${host}: ${resource.id} is taken for "same" without a row of it`]
    : [];
};

const ODD = [
  '',
  '-1',
  '0',
  '1e99',
  '99999999999999',
  '99999999999999999999999',
  'NaN',
  'Infinity',
  '\\n',
  '\\',
  '\u0000',
  '\u202e',
  '\ufffd',
  'constructor',
  '__proto__',
  'toString',
  '0-99999999',
  '0-3,',
  '4-2',
  'x'.repeat(5000),
  '../../etc',
  ' ',
  '\t',
  '\t\t',
  'end',
  'yes',
];

/** A row with another number in the place of one of its own. */
const otherNumber = (random: Random, row: string): string => {
  const numbers = [...row.matchAll(/\d+/g)];
  if (numbers.length === 0) return row;
  const { 0: number, index } = random.pick(numbers);
  return row.slice(0, index) + random.pick(ODD) + row.slice(index + number.length);
};

/** Fields that are something else, rows that come twice or in another order. */
const madeUp = (random: Random, { host, tasks, text }: Said): readonly string[] => {
  const rows = rowsOf(text);
  for (let count = 1 + random.below(8); count > 0; count--) {
    const at = random.below(rows.length);
    const fields = (rows[at] ?? '').split('\t');
    const field = random.below(fields.length);
    const way = random.below(6);
    if (way === 0) rows.splice(at, 0, rows[random.below(rows.length)] ?? '');
    else if (way === 1) rows[at] = (rows[at] ?? '').slice(0, random.below((rows[at] ?? '').length + 1));
    else if (way === 2) rows[at] = [...fields, random.pick(ODD)].join('\t');
    else if (way === 3) rows[at] = fields.toSpliced(field, 1).join('\t');
    else if (way === 4) rows[at] = otherNumber(random, rows[at] ?? '');
    else rows[at] = fields.with(field, random.pick(ODD)).join('\t');
  }
  sameIn(host, tasks, textOf(rows));
  return [];
};

const ENDS: readonly Exit[] = [
  { status: 0, signal: null, lost: false, stderr: '' },
  { status: 76, signal: null, lost: false, stderr: '' },
  { status: 77, signal: null, lost: false, stderr: '' },
  { status: null, signal: 'KILL', lost: false, stderr: 'Killed' },
  { status: null, signal: null, lost: true, stderr: '' },
];

/** Commands that one run may ask for before somebody goes round in circles. */
const MOST_COMMANDS = 40;

/** A run whose host says this of it, over connections that come and go. */
const followed = async (random: Random, said: Said, changes: readonly ChangeItem[], text: string) => {
  let commands = 0;
  const exec = (): Running => {
    commands += 1;
    if (commands > MOST_COMMANDS) throw new Error(`${commands} commands for one run`);
    const from = commands === 1 ? 0 : random.below(text.length + 1);
    const bytes = Buffer.from(text.slice(from));
    const half = random.below(bytes.length + 1);
    async function* stdout() {
      yield bytes.subarray(0, half);
      yield bytes.subarray(half);
    }
    return { stdout: stdout(), exit: Promise.resolve(random.pick(ENDS)) };
  };
  return applyChanges(
    {
      run: 'r-20260102T030405Z-abuse',
      host: said.host,
      holder: { who: 'a@b', run: 'r', since: 's' },
      changes,
    },
    {
      exec,
      reconnect: () => (random.chance(0.3) ? Promise.reject(new Error('gone')) : Promise.resolve()),
      pause: () => Promise.resolve(),
      reveal: () => VALUE,
      mask: (same) => same,
      emit: () => {},
      signal: new AbortController().signal,
    },
  );
};

const JOURNAL_WORDS = [
  'begin',
  'out',
  'late',
  'end',
  'broken',
  'stopped',
  'skipped',
  'over',
  'locked',
  'done',
  'x',
];

/** The journal of a run with lines that are gone, made up or cut. */
const journalOf = async (random: Random, said: Said, journal: string): Promise<readonly string[]> => {
  const look = parseLook(said.text);
  const changes = look.ok ? changesOf(planHost(said.host, said.tasks, look.value.seen, digest)) : [];
  const lines = rowsOf(journal);
  for (let count = random.below(6); count > 0; count--) {
    const at = random.below(lines.length);
    const way = random.below(4);
    const made = [random.pick(JOURNAL_WORDS), random.pick(ODD), random.pick(ODD), random.pick(ODD)].join(
      '\t',
    );
    if (way === 0) lines.splice(at, 1 + random.below(20));
    else if (way === 1) lines.splice(at, 0, made);
    else if (way === 2) lines[at] = made;
    else lines[at] = (lines[at] ?? '').slice(0, random.below(10));
  }
  const text = textOf(lines);
  const applied = await followed(random, said, changes, text);
  const wrong = [];
  if (applied.state === 'done' && !/^done\t/m.test(text)) wrong.push('done, and nobody said so');
  if (applied.state === 'done' && applied.succeeded !== changes.length)
    wrong.push('done, and not every step is');
  if (applied.state !== 'done' && applied.problems.length === 0)
    wrong.push(`${applied.state} without a reason`);
  return wrong.map((what) => `${said.host}: a run is ${what}`);
};

const APT = `Reading package lists...
The following packages will be REMOVED:
  driver-470
Remv driver-470 [470.1-0ubuntu1] [libx:amd64 ]
Inst libc6 [2.36-9] (2.36-9+deb12u1 Debian:12/stable, Debian-Security:12/stable [amd64]) []
Inst libold:i386 [2:3] (2:1 Debian:12/stable [i386]) [libc6:amd64 ]
Purg config-left [1.0]
Conf tree (2.1.0-1 Debian:12.15/oldstable [amd64])`;

const YUM = `Dependencies Resolved
Installing:
 nload                   x86_64     0.7.4-4.el7        epel                70 k
     replacing  oldload.x86_64 1.0-1.el7
Updating for dependencies:
 a-very-long-name-of-a-package-that-has-a-line-of-its-own
                         x86_64     1.2-3.el7          base                 1 M
Removing:
 gone                    x86_64     1-1                @base               10 k

Transaction Summary`;

/** What a package manager says it would do, with characters that are something else. */
const simulation = (random: Random): readonly string[] => {
  const [call, good] = random.pick([
    ['fcops_apt_changes 5 tree', APT],
    ['fcops_yum_changes 5 tree', YUM],
  ] as const);
  let text = good;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(text.length);
    text =
      text.slice(0, at) +
      random
        .pick([...ODD.filter((one) => !one.includes('\t')), '[', ']', '(', '*', '$(x)', '`x`', '\n', '!'])
        .replace('\u0000', '') +
      text.slice(at + random.below(12));
  }
  const { status, signal, stdout, stderr } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      `set -u
       ${packageChangesShell}
       timeout() { shift; "$@"; }
       apt-get() { printf '%s\\n' "$SAID"; }
       yum() { printf '%s\\n' "$SAID"; return 1; }
       dpkg() { false; }
       rpm() { false; }
       ${call}`,
    ],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C', SAID: text },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    },
  );
  const rows = rowsOf(stdout);
  return [
    ...(status === 0 || status === 1 ? [] : [`${call} ended with ${status ?? signal}`]),
    ...(stderr === '' ? [] : [`${call} says ${stderr}of\n${text}`]),
    ...rows
      .filter((row) => !/^(removed\t[^\t]+\t[^\t]*|(up|down)graded\t[^\t]+\t[^\t]*\t[^\t]*)$/.test(row))
      .map((row) => `a row of ${call}: ${JSON.stringify(row)} of\n${text}`),
  ];
};

/** Tries of answers; `own`: the inventory, and a directory with what its hosts have said (HOST.STATE, HOST.journal). */
export const answerTries = async (
  seed: number,
  [inventory = '', directory = '']: readonly string[],
): Promise<Try> => {
  const tasks = await tasksIn(inventory);
  const names = readdirSync(directory);
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const said = names
    .filter((name) => !name.endsWith('.journal'))
    .map((name): Said => {
      const host = name.slice(0, name.lastIndexOf('.'));
      const own = tasks.get(host) ?? [];
      const text = read(name);
      const same = sameIn(host, own, text);
      if (same === null) throw new Error(`${name} is refused as it is`);
      return { host, tasks: own, text, isBare: name.endsWith('.bare'), same };
    });
  return async (number) => {
    const random = randomOf(seed, number);
    const one = random.pick(said);
    const turn = number % 10;
    if (turn < 2) return rowsGone(random, one);
    if (turn < 3) return cutOff(random, one);
    // Where much is about to come, it is not asked whether it is there.
    if (turn < 5) return unseen(random, random.pick(said.filter(({ isBare }) => !isBare)));
    if (turn < 8) return madeUp(random, one);
    return turn < 9 ? journalOf(random, one, read(`${one.host}.journal`)) : simulation(random);
  };
};
