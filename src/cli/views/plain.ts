import { count, formatSeconds } from '../../core/units.ts';
import type { HostResult, RunEvent } from '../../engine/events.ts';
import { hostRanges } from '../text/host-ranges.ts';
import { printable } from '../text/width.ts';
import type { HostProgress } from './run-state.ts';
import { RunState } from './run-state.ts';

/** Seconds after which a host that says nothing is named again, so that nobody takes a log for dead. */
export const HEARTBEAT_SECONDS = 30;

export interface PlainDeps {
  readonly writeLine: (line: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Also every step, and what it prints. */
  readonly verbose: boolean;
}

/** Shows a run as lines, each with its host before it: for logs, pipes and CI. */
export class PlainView {
  readonly #deps: PlainDeps;
  readonly #run = new RunState();
  readonly #lastSaid = new Map<string, number>();
  /** The task that was named last, by host. */
  readonly #task = new Map<string, string>();

  constructor(deps: PlainDeps) {
    this.#deps = deps;
  }

  readonly emit = (event: RunEvent): void => {
    this.#run.follow(event, this.#deps.now());
    const line = this.#lineFor(event);
    if (line !== null && 'host' in event) this.#say(event.host, line);
    if (event.type === 'batch-begin' && event.batches > 1) {
      this.#deps.writeLine(`batch ${event.batch} of ${event.batches}: ${hostRanges(event.hosts)}`);
    }
    if (event.type === 'batch-end' && event.batches > 1) {
      const verdict = event.goesOn ? 'the next one begins' : 'no further one begins';
      const last = event.batch === event.batches;
      this.#deps.writeLine(
        `batch ${event.batch} of ${event.batches}: ${event.why}${last ? '' : `; ${verdict}`}`,
      );
    }
    if (event.type === 'host-end') this.#say(event.result.host, endLine(event.result));
  };

  /** To be called now and then: names the hosts that have been at the same step for long. */
  heartbeat(): void {
    for (const host of this.#run.hosts.values()) {
      const silent = this.#deps.now() - (this.#lastSaid.get(host.host) ?? host.since);
      if (isAtWork(host) && silent >= HEARTBEAT_SECONDS * 1000) this.#say(host.host, this.#stillLine(host));
    }
  }

  #say(host: string, line: string): void {
    this.#lastSaid.set(host, this.#deps.now());
    this.#deps.writeLine(`${host}: ${line}`);
  }

  #lineFor(event: RunEvent): string | null {
    switch (event.type) {
      case 'planned': {
        const { changes = 0 } = this.#run.hosts.get(event.host) ?? {};
        return changes === 0 ? null : `${count(changes, 'change')} to make, ${event.plan.same} as required`;
      }
      case 'step-begin':
        return this.#stepLine(event);
      case 'step-output':
        return this.#deps.verbose ? `  | ${printable(event.line)}` : null;
      case 'reconnect':
        return `connection lost, connecting again (attempt ${event.attempt}); its steps go on`;
      case 'not-stopping':
        return `it could not be asked to stop, and goes on to the end of its steps: ${printable(event.why)}`;
      case 'phase':
        return event.phase === 'verify' ? 'verifying' : null;
      default:
        return null;
    }
  }

  /** A line for each task; with --verbose for each step. */
  #stepLine({ host, step, steps, task, title }: Extract<RunEvent, { type: 'step-begin' }>): string | null {
    const named = this.#task.get(host) === task;
    this.#task.set(host, task);
    if (this.#deps.verbose) return `[${step}/${steps}] ${task}: ${title}`;
    return named ? null : `[${step}/${steps}] ${task}`;
  }

  #stillLine(host: HostProgress): string {
    const time = formatSeconds((this.#deps.now() - host.since) / 1000);
    if (host.step === 0) return `still at ${host.phase} after ${time}`;
    const output = printable(host.line);
    const { step, steps, task, title } = host;
    const at = `still at [${step}/${steps}] ${task}: ${title} after ${time}`;
    return output === '' ? at : `${at}; it last said: ${output}`;
  }
}

const IDLE = new Set(['waiting', 'planned', 'done']);
const isAtWork = ({ phase }: HostProgress): boolean => !IDLE.has(phase);

const endLine = ({ state, changed, skipped, seconds, problems }: HostResult): string => {
  const time = `in ${formatSeconds(seconds)}`;
  switch (state) {
    case 'same':
      return `nothing to change, ${time}`;
    case 'changed':
      return `${count(changed, 'change')} made and verified, ${time}`;
    default:
      return `${state.toUpperCase()} after ${count(changed, 'change')}, ${skipped} left, ${time}: ${printable(problems[0]?.what.split('\n')[0] ?? '')}`;
  }
};
