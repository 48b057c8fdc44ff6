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
}

/** Begins the journal of a run on this machine. */
export const deployJournal = (
  { run, at, resumes }: Begun,
  sources: Sources,
  hosts: RoleHosts,
  request: DeployRequest,
  { who, version, process, journal, date }: ChangeDeps,
): RunJournal =>
  RunJournal.begin(
    {
      format: 'fcops-run/1',
      run,
      operation: request.operation ?? 'deploy',
      request: requestRecord(sources, hosts, request),
      who,
      since: stamp(at),
      version,
      hosts: hosts.hosts.map(({ name }) => name),
      ...(resumes !== undefined && { resumes }),
      process,
    },
    { ...journal, date },
  );
