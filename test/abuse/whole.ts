/** What of a host is wrong after a kill, and what when the next run has finished. */
import { type Entry, type Files, isAsHere, isSame, isSameContent, ownershipOf } from './host-files.ts';

/** A host as it may be found. */
export interface Expected {
  /** Before fcops was there at all. */
  readonly bare: Files;
  /** When the run began. */
  readonly old: Files;
  /** As a whole run leaves a bare host. */
  readonly wanted: Files;
}

const CRONTAB = '/var/spool/cron/crontabs/root';
const GRUB = '/boot/grub/grub.cfg';
/** What was GRUB's configuration before. */
const GRUB_BEFORE = `${GRUB}.fcops-before`;

/** Files that others write too: each line of theirs stays, whatever happens to ours. */
const SHARED: readonly string[] = [
  '/etc/fstab',
  '/etc/default/grub',
  '/etc/hosts',
  CRONTAB,
  GRUB,
  GRUB_BEFORE,
  '/var/lib/dpkg/status',
];

/** Those of them that lines are added to. */
export const EDITED: readonly string[] = ['/etc/fstab', '/etc/default/grub', '/etc/hosts', CRONTAB];

/** What marks a line of others that a test has added. */
export const OF_OTHERS = '# of others';

export const isShared = (path: string): boolean => SHARED.includes(path);

/** What a run makes on its way and the next one removes. */
const isOnTheWay = (path: string): boolean =>
  /\/\.fcops\.(\d+\.|unpack\.)[A-Za-z0-9]{8}(\/|$)/.test(path) || /\.fcops-new(\.new)?$/.test(path);

/** What a `crontab` that was killed leaves, of which nobody removes any. */
const isOfCrontab = (path: string): boolean =>
  /^\/var\/spool\/cron\/crontabs\/tmp\.[A-Za-z0-9]{6}$/.test(path);

/** What a version of the worker is unpacked to: another tree takes the place of one that is broken. */
const isInVersion = (path: string): boolean => /^\/opt\/lotusworker\/versions\/[^/]+\/[^/]+(\/|$)/.test(path);

const linesOf = (entry: Entry | undefined): readonly string[] =>
  entry?.type === 'file' ? entry.text.split('\n').filter((line) => line !== '') : [];

const linesIn = (list: readonly Files[], path: string): Set<string> =>
  new Set(list.flatMap((files) => linesOf(files.get(path))));

/** Lines of others that are there when the run begins, and that stay. */
const keptLines = ({ old, wanted }: Expected, path: string): readonly string[] => {
  const stays = new Set(linesOf(wanted.get(path)));
  return linesOf(old.get(path)).filter((line) => stays.has(line) || line.includes(OF_OTHERS));
};

/** What is wrong with a file that others write too, when a run was cut off. */
const sharedFaults = (path: string, now: Entry, expected: Expected): readonly string[] => {
  if (now.type !== 'file') return [`${path} is a ${now.type}`];
  const { bare, old, wanted } = expected;
  const before = [bare, old, wanted];
  const known = linesIn(before, path);
  // What is kept of GRUB's configuration is what was there at any time.
  for (const line of path === GRUB_BEFORE ? linesIn(before, GRUB) : []) known.add(line);
  const lines = linesOf(now);
  const strange = lines.filter((line) => !known.has(line));
  const lost = path === GRUB_BEFORE ? [] : keptLines(expected, path).filter((line) => !lines.includes(line));
  return [
    ...(strange.length > 0 ? [`${path} has a line that nobody wrote: ${strange[0]}`] : []),
    ...(lost.length > 0 ? [`${path} has lost a line of others: ${lost[0]}`] : []),
    ...(now.text.endsWith('\n') ? [] : [`${path} is cut off`]),
  ];
};

const mayBeAt = (path: string, now: Entry, { old, wanted }: Expected): readonly string[] => {
  const either = [old.get(path), wanted.get(path)].flatMap((entry) => entry ?? []);
  const faults: string[] = [];
  if (!either.some((entry) => isSameContent(entry, now))) faults.push(`${path} is neither old nor new`);
  if (!either.some((entry) => ownershipOf(entry) === ownershipOf(now)))
    faults.push(`${path} has neither the old nor the new owner and mode: ${ownershipOf(now)}`);
  return faults;
};

/** Whether a path is none that fcops brings or changes, and somebody has changed it on the machine below. */
const isFromBelow = (path: string, now: Entry | undefined, { bare, wanted }: Expected): boolean =>
  path.startsWith('/etc/') && isSame(bare.get(path), wanted.get(path)) && isAsHere(path, now);

/** What is half-done on a host where a run was cut off. */
export const brokenFiles = (now: Files, expected: Expected): readonly string[] => {
  const { old, wanted } = expected;
  const there = [...now].flatMap(([path, entry]) => {
    if (isOnTheWay(path) || isOfCrontab(path)) return [];
    const faults = isShared(path) ? sharedFaults(path, entry, expected) : mayBeAt(path, entry, expected);
    return faults.length > 0 && isFromBelow(path, entry, expected) ? [] : faults;
  });
  const gone = [...old.keys()].flatMap((path) =>
    now.has(path) || !wanted.has(path) || isInVersion(path) || isFromBelow(path, undefined, expected)
      ? []
      : [`${path} is gone`],
  );
  return [...there, ...gone];
};

/** The lines of a file that others write too, as a run leaves them that finds it as it is in `old`. */
const finalLines = (path: string, expected: Expected): ReadonlySet<string> => {
  const before = new Set(linesOf(expected.bare.get(path)));
  const ours = linesOf(expected.wanted.get(path)).filter((line) => !before.has(line));
  return new Set([...keptLines(expected, path), ...ours]);
};

const sharedLeft = (path: string, now: Entry | undefined, expected: Expected): readonly string[] => {
  const lines = linesOf(now);
  const wanted = finalLines(path, expected);
  const strange = lines.filter((line) => !wanted.has(line));
  const missing = [...wanted].filter((line) => !lines.includes(line));
  const twice = lines.filter((line, at) => path === CRONTAB && lines.indexOf(line) !== at);
  return [
    ...strange.map((line) => `${path} still has: ${line}`),
    ...missing.map((line) => `${path} lacks: ${line}`),
    ...twice.map((line) => `${path} has twice: ${line}`),
  ].slice(0, 3);
};

/** What is not as it shall be on a host where a run has finished. */
export const unfinishedFiles = (now: Files, expected: Expected): readonly string[] => {
  const { wanted } = expected;
  const different = [...wanted].flatMap(([path, entry]) => {
    if (path === GRUB_BEFORE) return [];
    const here = now.get(path);
    if (isShared(path)) return sharedLeft(path, here, expected);
    if (isSame(here, entry) || isFromBelow(path, here, expected)) return [];
    return [here === undefined ? `${path} is missing` : `${path} is not as it shall be`];
  });
  const left = [...now].flatMap(([path, entry]) =>
    wanted.has(path) || path === GRUB_BEFORE || isOfCrontab(path) || isFromBelow(path, entry, expected)
      ? []
      : [`${path} was left there`],
  );
  return [...different, ...left];
};
