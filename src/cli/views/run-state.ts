import type { HostResult, Phase, RunEvent } from '../../engine/events.ts';
import { changesOf, obstaclesOf } from '../../engine/plan.ts';

/** Where a host is: not begun, in a phase, looked at and waiting for the confirmation or its turn, or done. */
export type HostPhase = 'waiting' | Phase | 'planned' | 'done';

/** What is known of a host while a run goes on. */
export interface HostProgress {
  readonly host: string;
  phase: HostPhase;
  /** Milliseconds: when the phase or the step began. */
  since: number;
  /** Changes that are planned. */
  changes: number;
  /** The step at work, from 1; 0 before the first. */
  step: number;
  steps: number;
  task: string;
  resource: string;
  /** Last line that the step printed. */
  line: string;
  result: HostResult | null;
}

/** How many hosts are where, for the lines of the stages. */
export interface Tally {
  readonly hosts: number;
  readonly looking: number;
  readonly toChange: number;
  readonly same: number;
  readonly applying: number;
  readonly verifying: number;
  readonly changed: number;
  /** Ended with problems before anything could be changed. */
  readonly leftOut: number;
  /** Ended with problems while they were changed. */
  readonly failed: number;
  readonly stopped: number;
}

/** Follows the events of a run. One reader of the stream keeps it, the views look at it. */
export class RunState {
  readonly hosts = new Map<string, HostProgress>();
  run = '';

  /** `now`: milliseconds, on the same clock as the views that show durations. */
  follow(event: RunEvent, now: number): void {
    switch (event.type) {
      case 'run-begin':
        this.run = event.run;
        for (const host of event.hosts) this.#at(host, now);
        return;
      case 'phase':
        Object.assign(this.#at(event.host, now), { phase: event.phase, since: now, line: '' });
        return;
      case 'planned': {
        const waits = obstaclesOf(event.plan).length === 0;
        const changes = waits ? changesOf(event.plan).length : 0;
        Object.assign(this.#at(event.host, now), { phase: 'planned', since: now, changes });
        return;
      }
      case 'step-begin': {
        const { step, steps, task, resource } = event;
        Object.assign(this.#at(event.host, now), { step, steps, task, resource, since: now, line: '' });
        return;
      }
      case 'step-output':
        if (event.line.trim() !== '') this.#at(event.host, now).line = event.line;
        return;
      case 'reconnect':
        this.#at(event.host, now).line = `connection lost, connecting again (attempt ${event.attempt})`;
        return;
      case 'host-end':
        Object.assign(this.#at(event.result.host, now), { phase: 'done', since: now, result: event.result });
        return;
      case 'step-end':
      case 'run-end':
        return;
    }
  }

  tally(): Tally {
    const all = [...this.hosts.values()];
    const some = (test: (host: HostProgress) => boolean) => all.filter(test).length;
    const ended = (state: HostResult['state']) => some(({ result }) => result?.state === state);
    const bad = all.filter(({ result }) => result && result.state !== 'same' && result.state !== 'changed');
    return {
      hosts: all.length,
      looking: some(({ phase }) => phase === 'waiting' || phase === 'connect' || phase === 'look'),
      toChange: some(({ changes }) => changes > 0),
      same: ended('same'),
      applying: some(({ phase }) => phase === 'apply'),
      verifying: some(({ phase }) => phase === 'verify'),
      changed: ended('changed'),
      leftOut: bad.filter(({ changes }) => changes === 0).length,
      failed: bad.filter(({ changes, result }) => changes > 0 && result?.state !== 'stopped').length,
      stopped: ended('stopped'),
    };
  }

  #at(host: string, now: number): HostProgress {
    const known = this.hosts.get(host);
    if (known) return known;
    const fresh: HostProgress = {
      host,
      phase: 'waiting',
      since: now,
      changes: 0,
      step: 0,
      steps: 0,
      task: '',
      resource: '',
      line: '',
      result: null,
    };
    this.hosts.set(host, fresh);
    return fresh;
  }
}
