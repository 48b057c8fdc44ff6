import { RunJournal } from '../engine/runs/journal.ts';
import type { DeployRequest } from './deploy-request.ts';
import { requestRecord } from './deploy-request.ts';
import type { ChangeDeps } from './deps.ts';
import type { RoleHosts } from './role-work.ts';
import { stamp } from './run-name.ts';
import type { Sources } from './sources.ts';

/** What a run is known by. */
interface Begun {
  readonly run: string;
  readonly at: Date;
  /** The run that it takes up. */
  readonly resumes: string | undefined;
  /** The run that it undoes. */
  readonly undoes?: string;
}

/** Begins the journal of a run on this machine. */
export const deployJournal = (
  { run, at, resumes, undoes }: Begun,
  sources: Sources,
  hosts: RoleHosts,
  request: DeployRequest,
  { who, version, process, journal, date }: ChangeDeps,
): RunJournal =>
  RunJournal.begin(
    {
      format: 'fcops-run/1',
      run,
      operation: undoes === undefined ? (request.operation ?? 'deploy') : 'rollback',
      request: requestRecord(sources, hosts, request),
      who,
      since: stamp(at),
      version,
      hosts: hosts.hosts.map(({ name }) => name),
      ...(resumes !== undefined && { resumes }),
      ...(undoes !== undefined && { undoes }),
      process,
    },
    { ...journal, date },
  );
