import type { HostResult, RunEvent } from '../../engine/events.ts';
import { isGood } from '../../engine/events.ts';
import type { ChangeItem } from '../../engine/plan.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';
import { isOfStart } from '../../resources/process/start-kinds.ts';

/** What is known of a host while a run goes on. */
export interface HostProgress {
  readonly host: string;
  /** `waiting`, `connect`, a stage of the flow, `planned` between two stages, or `done`. */
  phase: string;
  /** Stages that it has been at. */
  readonly passed: Set<string>;
  /** Milliseconds: when the phase or the step began. */
  since: number;
  /** Changes that are planned. */
  changes: number;
  /** Their resources, in the order in which they are made. */
  resources: readonly string[];
  /** How many of them have been made. */
  made: number;
  /** Milliseconds: when its changes began; null before. */
  begun: number | null;
  /** Milliseconds: until when its next step waits for its turn, and for how long it does. */
  turn: number;
  waits: number;
  /** What was said then: as long as it is the last line, the time that is left belongs to it. */
  awaited: string;
  /** The resource of the step at work. */
  resource: string;
  /** The step at work, from 1; 0 before the first. */
  step: number;
  steps: number;
  task: string;
  title: string;
  /** Last line that the step printed. */
  line: string;
  result: HostResult | null;
}

/** How many hosts are where, for the line of a stage. */
export interface Tally {
  readonly hosts: number;
  /** Not looked at yet. */
  readonly looking: number;
  readonly toChange: number;
  readonly same: number;
  /** Ended with problems before anything could be changed. */
  readonly leftOut: number;
  /** At the stage right now. */
  readonly at: number;
  /** Through the stage, and well so far. */
  readonly through: number;
  /** Ended with problems at the stage. */
  readonly failed: number;
  /** Stopped at the stage. */
  readonly stopped: number;
  /** On the way to the stage. */
  readonly waiting: number;
}

/** Follows the events of a run. One reader of the stream keeps it, the views look at it. */
export class RunState {
  readonly hosts = new Map<string, HostProgress>();
  /** Stages that no host will be at any more. */
  readonly ended = new Set<string>();
  /** How long steps took, by resource: the slowest host's. */
  readonly seconds = new Map<string, number>();
  run = '';
  /** Processes that may be started in a minute; null: none is to be, as far as is known. */
  perMinute: number | null = null;
  /** The batch at work, and how many there are. */
  batch = { batch: 1, batches: 1, hosts: Number.POSITIVE_INFINITY };

  /** `now`: milliseconds, on the same clock as the views that show durations. */
  follow(event: RunEvent, now: number): void {
    switch (event.type) {
      case 'run-begin':
        this.run = event.run;
        for (const host of event.hosts) this.#at(host, now);
        return;
      case 'phase': {
        const host = this.#at(event.host, now);
        host.passed.add(host.phase);
        Object.assign(host, { phase: event.phase, since: now, line: '', step: 0, steps: 0 });
        return;
      }
      case 'pace':
        this.perMinute = event.perMinute;
        return;
      case 'batch-begin':
        this.batch = { batch: event.batch, batches: event.batches, hosts: event.hosts.length };
        return;
      case 'stage-end':
        this.ended.add(event.stage);
        return;
      case 'planned': {
        const waits = obstaclesOf(event.plan).length === 0;
        const changes = waits ? changesOf(event.plan).length : 0;
        const host = this.#at(event.host, now);
        host.passed.add(host.phase);
        const resources = waits ? inOrder(changesOf(event.plan)) : [];
        Object.assign(host, { phase: 'planned', since: now, changes, resources });
        return;
      }
      case 'step-begin': {
        const { step, steps, task, title, resource } = event;
        const host = this.#at(event.host, now);
        const begun = host.begun ?? now;
        Object.assign(host, { step, steps, task, title, resource, begun, since: now, line: '' });
        return;
      }
      case 'step-output':
        if (event.line.trim() !== '') this.#at(event.host, now).line = event.line;
        return;
      case 'reconnect':
        this.#at(event.host, now).line = `connection lost, connecting again (attempt ${event.attempt})`;
        return;
      case 'not-stopping':
        this.#at(event.host, now).line = `it could not be asked to stop: ${event.why}`;
        return;
      case 'waits': {
        const host = this.#at(event.host, now);
        host.line = event.text;
        if (event.seconds === undefined) return;
        host.waits = event.seconds * 1000;
        host.turn = now + host.waits;
        host.awaited = event.text;
        return;
      }
      case 'host-end': {
        const host = this.#at(event.result.host, now);
        host.passed.add(host.phase);
        Object.assign(host, { phase: 'done', since: now, result: event.result });
        return;
      }
      case 'step-end': {
        const host = this.#at(event.host, now);
        if (!event.ok) return;
        host.made += 1;
        const { resource } = host;
        // Its turn is waited for by those that come after it as well.
        const seconds = event.seconds + host.waits / 1000;
        host.waits = 0;
        this.seconds.set(resource, Math.max(seconds, this.seconds.get(resource) ?? 0));
        return;
      }
      case 'batch-end':
      case 'versions':
      case 'run-end':
        return;
    }
  }

  /** Where the hosts are, seen from a stage. */
  tally(stage: string): Tally {
    const all = [...this.hosts.values()];
    const some = (test: (host: HostProgress) => boolean) => all.filter(test).length;
    const looking = ({ phase }: HostProgress) =>
      phase === 'waiting' || phase === 'connect' || phase === 'look';
    const bad = ({ result }: HostProgress) => result !== null && !isGood(result);
    // A host that ends does so at the last stage that it was at.
    const endedAt = (host: HostProgress) => host.phase === 'done' && [...host.passed].at(-1) === stage;
    return {
      hosts: all.length,
      looking: some(looking),
      toChange: some(({ changes }) => changes > 0),
      same: some(({ result }) => result?.state === 'same'),
      leftOut: some((host) => bad(host) && host.changes === 0),
      at: some(({ phase }) => phase === stage),
      through: some(
        (host) => host.phase !== stage && host.passed.has(stage) && !(endedAt(host) && bad(host)),
      ),
      failed: some((host) => endedAt(host) && bad(host) && host.result?.state !== 'stopped'),
      stopped: some((host) => endedAt(host) && host.result?.state === 'stopped'),
      waiting: some(
        (host) =>
          host.changes > 0 && host.phase !== 'done' && host.phase !== stage && !host.passed.has(stage),
      ),
    };
  }

  #at(host: string, now: number): HostProgress {
    const known = this.hosts.get(host);
    if (known) return known;
    const fresh: HostProgress = {
      host,
      phase: 'waiting',
      passed: new Set(),
      since: now,
      changes: 0,
      resources: [],
      made: 0,
      begun: null,
      turn: 0,
      waits: 0,
      awaited: '',
      resource: '',
      step: 0,
      steps: 0,
      task: '',
      title: '',
      line: '',
      result: null,
    };
    this.hosts.set(host, fresh);
    return fresh;
  }
}

/** Processes are started after all else. */
const inOrder = (changes: readonly ChangeItem[]): string[] =>
  [...changes.filter((change) => !isOfStart(change)), ...changes.filter(isOfStart)].map(
    ({ resource }) => resource,
  );
