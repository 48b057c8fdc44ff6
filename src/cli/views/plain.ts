import { groupBy } from '../../core/group-by.ts';
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
  /** Hosts with nothing to do that have not been told of yet. */
  readonly #unchanged: HostResult[] = [];
  readonly #lastSaid = new Map<string, number>();
  /** The task that was named last, by host. */
  readonly #task = new Map<string, string>();

  constructor(deps: PlainDeps) {
    this.#deps = deps;
  }

  readonly emit = (event: RunEvent): void => {
    this.#run.follow(event, this.#deps.now());
    if (event.type === 'host-end' && event.result.state === 'same') {
      this.#unchanged.push(event.result);
      return;
    }
    const line = this.#lineFor(event);
    if (line !== null && 'host' in event) this.#say([event.host], line);
    if (event.type === 'batch-begin' && event.batches > 1) {
      this.#write(`batch ${event.batch} of ${event.batches}: ${hostRanges(event.hosts)}`);
    }
    if (event.type === 'batch-end' && event.batches > 1) {
      const verdict = event.goesOn ? 'the next one begins' : 'no further one begins';
      const last = event.batch === event.batches;
      this.#write(`batch ${event.batch} of ${event.batches}: ${event.why}${last ? '' : `; ${verdict}`}`);
    }
    if (event.type === 'host-end') this.#say([event.result.host], endLine(event.result));
    if (event.type === 'stage-end' || event.type === 'run-end') this.#tellUnchanged();
  };

  /** To be called now and then: names the hosts that have been at the same step for long, those alike in one line. */
  heartbeat(): void {
    const silent = [...this.#run.hosts.values()].filter(
      (host) =>
        isAtWork(host) &&
        this.#deps.now() - (this.#lastSaid.get(host.host) ?? host.since) >= HEARTBEAT_SECONDS * 1000,
    );
    for (const alike of groupBy(silent, whereItIs).values()) {
      const since = Math.min(...alike.map((host) => host.since));
      const time = formatSeconds((this.#deps.now() - since) / 1000);
      const [first] = alike;
      if (first)
        this.#say(
          alike.map(({ host }) => host),
          stillLine(first, time),
        );
    }
  }

  #say(hosts: readonly string[], line: string): void {
    for (const host of hosts) this.#lastSaid.set(host, this.#deps.now());
    this.#write(`${hostRanges(hosts)}: ${line}`);
  }

  #write(line: string): void {
    this.#tellUnchanged();
    this.#deps.writeLine(line);
  }

  /** Many hosts with nothing to do are one line: it is told when something else is, or their stage has ended. */
  #tellUnchanged(): void {
    const hosts = this.#unchanged.splice(0);
    if (hosts.length === 0) return;
    const order = new Map([...this.#run.hosts.keys()].map((host, index) => [host, index]));
    const names = hosts.map(({ host }) => host).toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const seconds = Math.max(...hosts.map((one) => one.seconds));
    this.#deps.writeLine(`${hostRanges(names)}: nothing to change, in ${formatSeconds(seconds)}`);
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
      case 'waits':
        // Of many hosts with many processes each turn would be a line.
        if (event.seconds === undefined) return printable(event.text);
        return this.#deps.verbose ? `${printable(event.text)} in ${formatSeconds(event.seconds)}` : null;
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
}

/** The same for hosts that are at the same, and that last printed the same. */
const whereItIs = ({ phase, step, steps, task, title, line }: HostProgress): string =>
  JSON.stringify(step === 0 ? [phase] : [step, steps, task, title, printable(line)]);

const stillLine = ({ phase, step, steps, task, title, line }: HostProgress, time: string): string => {
  if (step === 0) return `still at ${phase} after ${time}`;
  const output = printable(line);
  const at = `still at [${step}/${steps}] ${task}: ${title} after ${time}`;
  return output === '' ? at : `${at}; it last said: ${output}`;
};

const IDLE = new Set(['waiting', 'planned', 'done']);
const isAtWork = ({ phase }: HostProgress): boolean => !IDLE.has(phase);

const endLine = ({ state, changed, skipped, seconds, problems }: HostResult): string => {
  const time = `in ${formatSeconds(seconds)}`;
  switch (state) {
    case 'changed':
      return `${count(changed, 'change')} made and verified, ${time}`;
    default:
      return `${state.toUpperCase()} after ${count(changed, 'change')}, ${skipped} left, ${time}: ${printable(problems[0]?.what.split('\n')[0] ?? '')}`;
  }
};
