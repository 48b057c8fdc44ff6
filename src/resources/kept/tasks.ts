import type { OsFamily } from '../../core/distributions.ts';
import { groupBy } from '../../core/group-by.ts';
import { look } from '../../core/next.ts';
import { count } from '../../core/units.ts';
import type { Diff, Resource, Task } from '../resource.ts';
import { SAME } from '../resource.ts';
import { daemonReload } from '../systemd/daemon-reload.ts';
import { keptCrontab } from './crontab.ts';
import { isMadeDirectory, keptDirectory } from './directory.ts';
import { keptGrub } from './grub.ts';
import type { Kept, KeptChange } from './kept.ts';
import { keptByNobodyElse } from './later.ts';
import { keptPath } from './path.ts';
import { keptHostname, keptManager, keptSysctl, keptUnit } from './settings.ts';
import type { Undoing } from './undoing.ts';
import type { KnownProcesses } from './units.ts';
import { notWhileRunning } from './units.ts';

/** Where systemd reads the units of this machine's own. */
const UNIT =
  /^\/etc\/systemd\/system\/([A-Za-z0-9:_.@-]+\.(?:service|socket|timer|mount|target|path|slice|swap))$/;

export interface KeptTasksContext extends Undoing {
  readonly family: OsFamily;
  /** Whether the run is known to have changed the host; null: that is not known. */
  readonly changed: boolean | null;
  /** Below this nothing is put back: it is what fcops itself keeps. */
  readonly own: string;
  readonly processes: KnownProcesses;
}

/**
 * What a host shall be for a run to be undone there: all that it has kept of it. Units are started no more at boot before
 * their files go, and systemd reads them when they have gone.
 */
export const keptTasks = (kept: Kept, context: KeptTasksContext): Task[] => {
  const { own } = context;
  const changes = kept.changes.filter(({ key }) => !key.startsWith(`${own}/`));
  const paths = changes.filter(({ key }) => key.startsWith('/'));
  const of = (word: string) => changes.filter(({ key }) => key.startsWith(`${word}:`));
  const made = paths.filter(isMadeDirectory).toSorted((a, b) => depth(b) - depth(a));
  const others = inOrder(paths.filter((change) => !isMadeDirectory(change)));
  const units = of('unit');
  const wasEnabled = ({ was }: KeptChange) => was.state === 'enabled';
  const unitFiles = others.map(({ key }) => key).filter((key) => UNIT.test(key));
  const task = (name: string, resources: readonly Resource[], areApart = false): Task[] =>
    resources.length === 0 ? [] : [{ name, tags: [], resources, ...(areApart && { areApart }) }];
  const unit = (change: KeptChange) => keptUnit(change, context);
  return [
    ...task('what is kept', [record(kept, context), ...byLater(others, context)], true),
    ...task('units', units.filter((change) => !wasEnabled(change)).map(unit)),
    ...task(
      'files',
      others.map((change) => notWhileRunning(keptPath(change, context), change.key, context.processes)),
      true,
    ),
    ...task(
      'directories',
      made.map((change) => keptDirectory(change, paths, context)),
      true,
    ),
    ...task('units', [
      ...(unitFiles.length === 0 ? [] : [daemonReload({ units: unitFiles.map(unitOf), files: unitFiles })]),
      ...units.filter(wasEnabled).map(unit),
    ]),
    ...task(
      'settings',
      [
        ...settings(of('manager'), keptManager, context),
        ...settings(of('sysctl'), keptSysctl, context),
        ...of('hostname').map((change) => keptHostname(change, context)),
        ...of('crontab').map((change) => keptCrontab(change, context)),
        ...of('grub').map((change) => keptGrub(change, context)),
      ],
      true,
    ),
    ...task('what stays', remaining(kept), true),
  ];
};

/** Of each later run, that it has changed nothing of these. */
const byLater = (changes: readonly KeptChange[], context: KeptTasksContext): Resource[] =>
  [...groupBy(changes, ({ key }) => context.later.get(key) ?? '')]
    .filter(([by]) => by !== '')
    .map(([by, of]) => keptByNobodyElse(by, of, context));

/** Directories that come back before what is in them, and links last, when what they lead to is as it shall be. */
const inOrder = (changes: readonly KeptChange[]): KeptChange[] => {
  const place = ({ was }: KeptChange) =>
    was.state === 'directory' ? 0 : was.state.startsWith('link:') ? 2 : 1;
  return changes.toSorted((a, b) => place(a) - place(b) || (place(a) === 0 ? depth(a) - depth(b) : 0));
};

const settings = (
  changes: readonly KeptChange[],
  make: (changes: readonly KeptChange[], context: Undoing) => Resource,
  context: Undoing,
): Resource[] => (changes.length === 0 ? [] : [make(changes, context)]);

const depth = ({ key }: KeptChange): number => key.split('/').length;

/** A unit of a file; of a template any one, as systemd tells nothing of a template itself. */
const unitOf = (file: string): string => (UNIT.exec(file)?.[1] ?? file).replace('@.', '@1.');

/** Whether there is something to go by: what the host keeps nothing of cannot be undone. */
const record = ({ found, runsSince }: Kept, { run, changed }: KeptTasksContext): Resource => {
  const without = found.find(({ hasRecord }) => !hasRecord);
  const lacks = (message: string, text: string): Diff => ({
    state: 'violated',
    violation: { message, next: [look(text)], severity: 'enforce' },
  });
  const diff = (): Diff => {
    if (without)
      return lacks(
        `${without.run} was made by an fcops that kept too little of it to undo it`,
        `the files that it replaced are in /var/lib/fcops/runs/${without.run}/replaced on the host`,
      );
    if (found.length > 0 || changed === false) return SAME;
    if (changed === null && runsSince < 10) return SAME;
    return lacks(
      `nothing of ${run} is kept on this host any more: what the last 20 runs replaced is, and ${count(runsSince, 'run')} came after it`,
      'deploy what was before, from the inventory of then (git)',
    );
  };
  return { kind: 'kept', id: `kept:${run}`, title: `what is kept of ${run}`, asks: [], diff };
};

/** What is not undone, by the reasons for it; of one thing what was done last: a process that was stopped, and started. */
const remaining = ({ did }: Kept): Resource[] => {
  const lastOf = new Map(did.map(({ what, why }) => [what, why]));
  return [...groupBy([...lastOf], ([, why]) => why)].map(([why, ones], index) => ({
    kind: 'stays',
    id: `stays:${index + 1}`,
    title: 'not undone',
    asks: [],
    diff: () => ({
      state: 'violated',
      violation: { message: `${ones.map(([what]) => what).join(', ')} ${why}`, severity: 'warn' },
    }),
  }));
};
