import { edit, fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { words } from '../../core/shell.ts';
import type { Observation } from '../look.ts';
import { askPath, pathLook } from '../path/look.ts';
import { logOf } from '../process/log.ts';
import { askProcess, runningOf } from '../process/look.ts';
import type { Process, ProcessInit } from '../process/process.ts';
import { mayStart } from '../process/requirement.ts';
import type { ProcessContext } from '../process/resource.ts';
import type { Diff, DiffContext, Resource, Violation } from '../resource.ts';
import { SAME } from '../resource.ts';
import { INIT_DEADLINE } from './step.ts';
import type { StorageState } from './storage.ts';
import { askStorage, identityOf, listOf, storageState } from './storage.ts';

/**
 * The init of a process as a resource: whether it has its cache directory is seen on the host, in the files that the
 * init writes. It is done once, while the process runs; what is there by halves is told and left alone, as a second
 * init would give a cache with sectors another identity.
 */
export const initResource = (
  process: Process,
  init: ProcessInit,
  context: Pick<ProcessContext, 'start' | 'startCommand'>,
): Resource => {
  const title = `init of ${process.name}`;
  return {
    kind: 'init',
    id: `init:${process.name}`,
    title,
    asks: [
      askProcess(process),
      ...askStorage(process.repository, init.cache),
      askPath(init.script),
      ...(context.start ? process.requires.flatMap(({ asks }) => asks) : []),
    ],
    needs: [
      { type: 'process', name: process.name },
      { type: 'path', path: init.script },
      ...process.requires.flatMap(({ needs = [] }) => needs),
    ],
    leaves: (host) => {
      host.putText(listOf(process.repository), JSON.stringify({ StoragePaths: [{ Path: init.cache }] }));
      host.putText(identityOf(init.cache), '{}');
    },
    manages: [],
    diff: (seen, given) => {
      const state = storageState(seen, process.repository, init.cache);
      switch (state.type) {
        case 'done':
          return SAME;
        case 'missing':
          return context.start
            ? started(process, init, seen, given)
            : undone(process, init, context.startCommand, seen);
        // It works, elsewhere than the scripts say.
        case 'elsewhere':
          return { state: 'violated', violation: { ...wrong(process, init, state), severity: 'warn' } };
        default:
          return context.start
            ? waits(title, wrong(process, init, state))
            : { state: 'violated', violation: { ...wrong(process, init, state), severity: 'warn' } };
      }
    },
  };
};

const waits = (title: string, violation: Pick<Violation, 'message' | 'next'>): Diff => ({
  state: 'violated',
  violation: { ...violation, severity: 'start', processes: [title] },
});

/** Where nothing is started: a process that runs without a cache takes no sectors; one that does not run lacks more. */
const undone = (
  { name, repository }: Process,
  { cache }: ProcessInit,
  startCommand: readonly string[],
  seen: Observation,
): Diff =>
  (runningOf(seen, repository) ?? []).length === 0
    ? SAME
    : {
        state: 'violated',
        violation: {
          message: `${name} runs without its cache ${cache}: its init has not been done`,
          next: [fcopsCommand(startCommand, 'to do it')],
          severity: 'warn',
        },
      };

const started = (process: Process, init: ProcessInit, seen: Observation, context: DiffContext): Diff => {
  const { name, repository } = process;
  const { cache, script, limit } = init;
  const running = runningOf(seen, repository) ?? [];
  const comes = context.pending({ type: 'process', name });
  // Why it is not started is told by itself.
  if (running.length === 0 && !comes) return SAME;
  const title = `init of ${name}`;
  const log = logOf(process, running[0]);
  if (running.length > 1)
    return waits(title, {
      message: `${name} runs more than once, and it cannot be told which of them would get ${cache}`,
    });
  if (pathLook.seen(seen, script)?.type !== 'file' && !context.pending({ type: 'path', path: script }))
    return waits(title, { message: `${script} is not there`, next: [edit('deploy without --tags')] });
  if (!mayStart(process, seen, context))
    return waits(title, {
      message: `${name} runs without what it needs in order to start, and gets no cache until that is there`,
    });
  return {
    state: 'change',
    change: {
      action: 'run',
      details: [
        { name: 'cache', before: null, after: cache },
        { name: 'limit', before: null, after: limit },
      ],
      steps: [
        {
          step: 'init-process',
          name,
          repository,
          cache,
          ...(log.type === 'journal' && { unit: log.unit }),
          run: `bash ${script}`,
          deadline: INIT_DEADLINE,
        },
      ],
    },
  };
};

/** What is there by halves, or elsewhere, and what to do about it. */
const wrong = (
  { name, repository, program, reads }: Process,
  { cache }: ProcessInit,
  state: Exclude<StorageState, { type: 'done' | 'missing' }>,
): Pick<Violation, 'message' | 'next'> => {
  const [list, identity] = [listOf(repository), identityOf(cache)];
  switch (state.type) {
    case 'unlisted':
      return {
        message: `${identity} is there, and ${list} does not name ${cache}: an init that broke off, or the cache of another ${name}`,
        next: [
          shellOnHost(
            `source ${words(reads.profile)} && LOTUS_WORKER_PATH=${words(repository, program, 'storage', 'attach', cache)}`,
            `where it is this host's own, give it to ${name} as it is, while that runs`,
          ),
        ],
      };
    case 'lost':
      return {
        message: `${list} names ${cache}, and ${identity} is not there: its disk is not mounted, or was emptied; ${name} does not start without it`,
        next: [
          look(
            `mount it; where what was in it is gone for good, end ${name} when it has no task, move ${list} away, and deploy with --start`,
          ),
        ],
      };
    case 'elsewhere':
      return {
        message: `${name} has its cache in ${state.paths.join(' and ')}, not in ${cache}`,
        next: [look(`compare ${list} with the init script of ${name}`)],
      };
    case 'unknown':
      return {
        message: `it cannot be told whether the init of ${name} was done: ${state.reason}`,
        next: [look(`see ${list} and ${identity} on the host`)],
      };
  }
};
