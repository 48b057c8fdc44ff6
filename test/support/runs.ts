import type { HostResult } from '../../src/engine/events.ts';
import { RunJournal } from '../../src/engine/runs/journal.ts';
import type { RunRecord, RunResult } from '../../src/engine/runs/record.ts';

/** A run as its controller keeps it. */
export interface MadeRun {
  readonly miner?: string;
  readonly hosts: readonly string[];
  /** States of the hosts that have come to an end. */
  readonly ended: Readonly<Record<string, HostResult['state']>>;
  /** How it ended; null: it has not. Failed, unless it is said. */
  readonly state?: RunResult['state'] | null;
  /** Kind of the problem that hosts without a good end have. */
  readonly kind?: 'locked' | 'step';
  /** A process that there is not, unless it is said. */
  readonly process?: RunRecord['process'] | undefined;
}

/** Writes the journal of a run, as if it had been. */
export const madeRun = (directory: string, run: string, made: MadeRun): void => {
  const { miner = 'f0494733', hosts, ended, state = 'failed', kind = 'step' } = made;
  const [, year = '', month = '', day = ''] = /^r-(\d{4})(\d\d)(\d\d)/.exec(run) ?? [];
  const journal = RunJournal.begin(
    {
      ...{ format: 'fcops-run/1', run, operation: 'deploy' },
      request: {
        ...{ role: 'p1', miner, tags: [], start: false, batches: [] },
        ...{ maxFail: { hosts: 0 }, inventory: '/clusters', transport: 'ssh2' },
      },
      ...{ who: 'alice@ops1', since: `${year}-${month}-${day}T03:04:05Z`, version: '0.1.0', hosts },
      process: made.process ?? { pid: 1, started: '0', boot: 'another' },
    },
    {
      directory,
      redact: (text) => text,
      date: () => new Date('2026-01-02T03:04:05.678Z'),
      complain: (error) => {
        throw error;
      },
    },
  );
  const results = Object.entries(ended).map(
    ([host, own]): HostResult => ({
      ...{ host, state: own, changed: 0, skipped: 0, same: 0, seconds: 1 },
      ...{ reboot: [], restart: [], idle: [], warnings: [] },
      problems: own === 'same' || own === 'changed' ? [] : [{ kind, what: 'made up' }],
    }),
  );
  for (const result of results) journal.event({ type: 'host-end', result });
  if (state !== null)
    journal.end({ format: 'fcops-run-result/1', state, ended: '2026-01-02T04:00:00Z', results });
};
