import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { countOf } from './numbers.ts';
import { isIndented, labelled } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

export interface WorkerPath {
  readonly id: string;
  readonly path: string;
  readonly seals: boolean;
  readonly stores: boolean;
}

/** What `lotus-worker info` says of the worker that runs. */
export interface WorkerInfo {
  /** Version of its API. */
  readonly version: string;
  /** By this UUID the miner lists it; another one after each start. */
  readonly session: string;
  readonly enabled: boolean;
  readonly hostname: string;
  readonly cpus: number;
  /** FIN GET UNS C1 C2 PC2 PC1 AP. */
  readonly tasks: readonly string[];
  readonly paths: readonly WorkerPath[];
}

/** Reads `lotus-worker info`, whose exit status is 0 whatever happens. */
export const readWorkerInfo = (answer: Answer): Reading<WorkerInfo> =>
  readAnswer(answer, (lines) => {
    const starts = lines.flatMap((line, index) => (/^[\da-f]{8}-[\da-f-]{27}:$/.test(line) ? [index] : []));
    const values = labelled(lines.slice(0, starts[0] ?? lines.length));
    const value = (label: string) => known(values.get(label), `"${label}" is not there`);
    const enabled = value('Enabled');
    if (enabled !== 'true' && enabled !== 'false') unclear('whether it is enabled is unclear', enabled);
    const session = value('Session');
    if (!/^[\da-f]{8}-[\da-f-]{27}$/.test(session)) unclear('the session is no UUID', session);
    const tasks = value('Task types').split(/\s+/).filter(Boolean);
    const strange = tasks.find((task) => !/^[A-Z][A-Z\d]*$/.test(task));
    if (strange !== undefined) unclear('this is no task', strange);
    return {
      version: value('Worker version'),
      session,
      enabled: enabled === 'true',
      hostname: value('Hostname'),
      cpus: known(countOf(/^(\d+);/.exec(value('CPUs'))?.[1]), 'the CPUs are unclear', value('CPUs')),
      tasks,
      paths: starts.map((start, index) =>
        readPath(lines[start] ?? '', lines.slice(start + 1, starts[index + 1] ?? lines.length)),
      ),
    };
  });

const readPath = (head: string, lines: readonly string[]): WorkerPath => {
  const rows = lines.filter(isIndented);
  const use = /\bUse: (?:Use: )?((?:Seal|Store|ReadOnly| )*)/.exec(rows.join('\n'))?.[1];
  const path = rows.join('\n').match(/\bLocal: *(\/\S*)/)?.[1];
  return {
    id: head.slice(0, -1),
    path: known(path, 'the path is not there', head),
    seals: known(use, 'what the path is for is not there', head).includes('Seal'),
    stores: known(use, 'what the path is for is not there', head).includes('Store'),
  };
};
