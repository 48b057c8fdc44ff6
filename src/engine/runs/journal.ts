import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { jsonText } from '../../core/invisible.ts';
import { keptStep } from '../../resources/kinds.ts';
import type { RunEvent } from '../events.ts';
import type { HostPlan } from '../plan.ts';
import { changesOf } from '../plan.ts';
import type { RunRecord, RunResult } from './record.ts';
import { RUN_NAME } from './record.ts';

/** Runs that stay in the history of a controller. */
const RUNS_KEPT = 200;

/** What went wrong: a run is not kept, or not all of it; or it is, and older ones could not be removed. */
export type Complaint = 'this run' | 'old runs';

/** Where the runs of a controller are kept, and how their texts are masked. */
export interface JournalDeps {
  /** `$XDG_STATE_HOME/fcops/runs` */
  readonly directory: string;
  /** Masks secrets in what programs printed: the last line of defence. */
  readonly redact: (text: string) => string;
  readonly date: () => Date;
  /** What is wrong is for whoever is there to say, once of each; the run goes on. */
  readonly complain: (error: unknown, about: Complaint) => void;
}

/**
 * What a run does, kept on the controller as it happens, so that a controller that is killed loses nothing that it
 * knew: one folder a run, for its user alone.
 */
export class RunJournal {
  readonly #folder: string;
  readonly #deps: JournalDeps;
  #events: number | null = null;
  #waiting: string[] = [];
  #scheduled = false;

  private constructor(folder: string, deps: JournalDeps) {
    this.#folder = folder;
    this.#deps = deps;
  }

  /** Begins the journal of a run. A directory that cannot be written is complained about, and the run goes on. */
  static begin(record: RunRecord, deps: JournalDeps): RunJournal {
    const journal = new RunJournal(join(deps.directory, record.run), deps);
    journal.#try(() => {
      mkdirSync(deps.directory, { recursive: true, mode: 0o700 });
      mkdirSync(journal.#folder, { mode: 0o700 });
      journal.#write('run.json', record);
      journal.#events = openSync(join(journal.#folder, 'events.jsonl'), 'a', 0o600);
    });
    if (journal.#events !== null) prune(deps);
    return journal;
  }

  /** The plans that were agreed to, on the disk before anything of them is done. */
  plans(plans: readonly HostPlan[]): void {
    this.#try(() => {
      const lines = plans.map((plan) => `${jsonText(keptPlan(plan, this.#deps.redact))}\n`);
      this.#replace('plan.jsonl', lines.join(''));
    });
  }

  /**
   * Keeps an event. It is written before anything further is done, so that nobody says of a host that nothing was
   * done to it where something was; only what steps print may wait for its like.
   */
  event(event: RunEvent): void {
    // The plan is kept once, when it is agreed to.
    const kept = event.type === 'planned' ? { type: 'planned', host: event.host } : event;
    const at = this.#deps.date().toISOString();
    this.#waiting.push(`${this.#deps.redact(jsonText({ at, ...kept }))}\n`);
    if (event.type !== 'step-output') this.#flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    }
  }

  /** Ends the journal with how the run ended. */
  end(result: RunResult): void {
    this.#flush();
    this.#try(() => {
      this.#write('result.json', result);
      if (this.#events !== null) closeSync(this.#events);
    });
    this.#events = null;
  }

  #flush(): void {
    this.#scheduled = false;
    const lines = this.#waiting.join('');
    this.#waiting = [];
    const file = this.#events;
    if (file !== null && lines !== '') this.#try(() => void writeSync(file, lines));
  }

  #write(name: string, value: unknown): void {
    this.#replace(name, `${this.#deps.redact(jsonText(value, 2))}\n`);
  }

  /** Whole or not at all, whatever happens in between. */
  #replace(name: string, text: string): void {
    const path = join(this.#folder, name);
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#deps.complain(error, 'this run');
    }
  }
}

/**
 * A plan as it is kept: what was agreed to, and nothing of what stands on the host, where others have their secrets:
 * of steps that hold such text the sum, and of what is only shown nothing.
 */
const keptPlan = (plan: HostPlan, redact: (text: string) => string): HostPlan => ({
  ...plan,
  items: changesOf(plan).map((item) => {
    const { text, lines: _, details, ...change } = item.change;
    const reason = 'the present text is not kept';
    // What a rollback puts back stood on the host too.
    const isOwn = !change.steps.some(({ step }) => step === 'restore-file');
    return {
      ...item,
      change: {
        ...change,
        details: details.map(({ name, after }) => ({
          name,
          before: null,
          after: after === null ? null : redact(after),
        })),
        ...(text && isOwn && { text: { before: null, after: text.after, reason } }),
        steps: change.steps.map(keptStep),
      },
    };
  }),
});

/** Removes the oldest runs beyond those that stay. Only folders that are named like runs, with a result in them. */
const prune = ({ directory, complain }: JournalDeps): void => {
  try {
    const runs = readdirSync(directory)
      .filter((name) => RUN_NAME.test(name))
      .sort();
    for (const run of runs.slice(0, -RUNS_KEPT)) {
      if (existsSync(join(directory, run, 'result.json'))) rmSync(join(directory, run), { recursive: true });
    }
  } catch (error) {
    complain(error, 'old runs');
  }
};
