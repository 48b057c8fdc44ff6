import { maskedText, secretsIn } from '../../core/content.ts';
import { formatCpuRanges, parseCpuRanges } from '../../core/cpu-list.ts';
import type { Observation } from '../look.ts';
import { pathLook } from '../path/look.ts';
import type { DiffContext } from '../resource.ts';
import type { RunningProcess } from './look.ts';
import { programOf } from './look.ts';
import type { Process } from './process.ts';

/** Seconds: times of files and processes are cut differently. */
const ROUNDING = 1;

/**
 * What a process runs with that is older than what is there, or than what comes in this run: nothing where all is
 * the same. All of it is seen on the host at this look.
 */
export const restartReasons = (
  process: Process,
  running: RunningProcess,
  seen: Observation,
  context: DiffContext,
): string[] => {
  const isTold = !hasOtherFiles(process, seen, context);
  return [
    ...supervisorReasons(process, running),
    ...programReasons(process, running, seen, context),
    ...fileReasons(process, running, seen, context, isTold),
    ...(isTold ? environmentReasons(process, running, seen, context) : []),
    ...cpuReasons(process, running),
  ];
};

const isMoved = ({ unit }: Process, running: RunningProcess): boolean =>
  running.unit !== (unit?.name ?? null);

const supervisorReasons = (process: Process, running: RunningProcess): string[] => {
  if (!isMoved(process, running)) return [];
  const { unit } = process;
  const by = running.unit === null ? 'its start script has started it' : `${running.unit} runs it`;
  return [
    `${by}, and ${unit === undefined ? 'its start script is to start it' : `${unit.name} is to run it`}`,
  ];
};

const programReasons = (
  process: Process,
  running: RunningProcess,
  seen: Observation,
  { pending }: DiffContext,
): string[] => {
  const { program } = process;
  if (pending({ type: 'path', path: program })) return [`${program} changes in this run`];
  if (programOf(seen, program) === null)
    return [`${program}, which it was started from, is not there any more`];
  return runsAnother(process, running, seen) ? [`it runs another program than ${program} is now`] : [];
};

/** Whether a process runs another program than is at its place now, or nothing is there. */
export const runsAnother = ({ program }: Process, running: RunningProcess, seen: Observation): boolean => {
  const now = programOf(seen, program);
  if (now === null) return true;
  return now.script
    ? now.changed > running.since + ROUNDING
    : running.executable !== null && running.executable !== now.inode;
};

const fileReasons = (
  process: Process,
  running: RunningProcess,
  seen: Observation,
  { pending }: DiffContext,
  isTold: boolean,
): string[] => {
  const { reads, environmentIsWhole } = process;
  const { since } = running;
  const others = [
    // What is to run it otherwise changes its script, and says so by itself. Of its unit file nothing is owed: when and
    // how it is started again is in force with a daemon-reload, and limits with the next start.
    ...(isMoved(process, running) ? [] : [reads.script]),
    ...(reads.config === undefined ? [] : [reads.config]),
  ];
  const changes = [reads.profile, ...others].filter((path) => pending({ type: 'path', path }));
  if (changes.length > 0) return changes.map((path) => `${path} changes in this run`);
  const isNewer = (path: string) => {
    const now = pathLook.seen(seen, path);
    return now?.type === 'file' && now.mtime > since + ROUNDING;
  };
  // A profile has nothing but variables: where all of them can be compared, they say more than its time.
  const telling = environmentIsWhole && isTold ? others : [reads.profile, ...others];
  return telling.filter(isNewer).map((path) => `${path} is newer than it`);
};

/** Whether a process runs with another value of a variable that holds a secret than it would be given now. */
export const hasOtherSecret = (
  { environment }: Process,
  running: RunningProcess,
  secret: string,
  { facts }: Observation,
  { digest }: Pick<DiffContext, 'digest'>,
): boolean =>
  environment.some(({ name, value: given }) => {
    const value = typeof given === 'function' ? given(facts) : given;
    return value !== null && secretsIn(value).includes(secret) && running.sums.get(name) !== digest(value);
  });

/** Whether a host has what a process reads otherwise than it is to be, and keeps it so: a start would give it that. */
const hasOtherFiles = (
  { environmentFrom }: Process,
  seen: Observation,
  { pending, digest }: DiffContext,
): boolean =>
  environmentFrom.some(({ path, content }) => {
    if (pending({ type: 'path', path })) return false;
    const now = pathLook.seen(seen, path);
    if (now?.type !== 'file') return now !== undefined;
    const wanted = typeof content === 'function' ? content(seen.facts) : content;
    return now.sha256 !== undefined && now.sha256 !== digest(wanted);
  });

const environmentReasons = (
  { environment }: Process,
  running: RunningProcess,
  { facts }: Observation,
  { digest }: DiffContext,
): string[] => {
  const differing = environment
    .filter(({ name, value: given }) => {
      const value = typeof given === 'function' ? given(facts) : given;
      if (value === null) return false;
      return secretsIn(value).length > 0
        ? running.sums.get(name) !== digest(value)
        : running.environment.get(name) !== maskedText(value);
    })
    .map(({ name }) => name);
  return differing.length === 0 ? [] : [`it has other values than its files of ${differing.join(', ')}`];
};

const cpuReasons = ({ cpus }: Process, running: RunningProcess): string[] => {
  if (cpus === undefined || running.cpus === '') return [];
  const wanted = formatCpuRanges([...cpus].sort((a, b) => a - b));
  return sortedCpus(running.cpus) === wanted ? [] : [`it runs on CPUs ${running.cpus}, not on ${wanted}`];
};

const sortedCpus = (list: string): string => {
  try {
    return formatCpuRanges(parseCpuRanges(list).sort((a, b) => a - b));
  } catch {
    return list;
  }
};
