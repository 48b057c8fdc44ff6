import type { Problem } from '../core/problem.ts';
import type { Size } from './batches.ts';
import type { Emit, HostResult } from './events.ts';
import type { Gates, Work } from './widths.ts';

/** A host on its way through a flow. What an operation keeps of it while it is under way is its own. */
export interface Traveller {
  readonly name: string;
}

/** Something that is done to hosts, as a value: which of them, how many at once, what a failure means. */
export interface Stage<Host extends Traveller> {
  readonly name: string;
  /** The kind of work, which says how many hosts are at it at the same time; null: it only waits, and takes nobody's place. */
  readonly width: Work | null;
  /** Whether it concerns a host; the others pass it by. Left out: all. */
  readonly concerns?: (host: Host) => boolean;
  /** Does it. A result ends the host; null: it goes on to the next stage. */
  readonly work: (host: Host) => Promise<HostResult | null>;
  /** What is done to a host that fails here, after which it ends with this result. Left out: it is left as it is. */
  readonly goBack?: (host: Host, failed: HostResult) => Promise<HostResult>;
}

/** A question that has to be answered well before a flow goes on: to a person, a clock, another host. */
export interface FlowGate<Host extends Traveller> {
  readonly name: string;
  /** Of the hosts that have come this far: `true`, or why the flow does not go on with them. */
  readonly ask: (hosts: readonly Host[]) => Promise<true | string>;
}

/**
 * A part of an operation. Its hosts all pass the stages `first`; then the gate is asked once; then the `rolling` stages,
 * batch by batch, each host at its own pace within its batch. After a batch its failures decide whether the next
 * one begins.
 */
export interface Leg<Host extends Traveller> {
  /** The hosts that it is about; left out: all. */
  readonly concerns?: (host: Host) => boolean;
  readonly first: readonly Stage<Host>[];
  readonly gate?: FlowGate<Host>;
  readonly rolling: readonly Stage<Host>[];
  /** Sizes of its batches; left out: those of the flow. */
  readonly batches?: readonly Size[];
  /** False: what failed in it keeps no later leg from its hosts. */
  readonly decides?: boolean;
  /** What is said of hosts that its stages do not come to; left out: that nothing was done to them. */
  readonly notBegun?: string;
}

/**
 * An operation as a value: legs, one after the other. What failed in one decides on the next; a host that none of its
 * stages has ended goes on to the next one that is about it.
 */
export interface Flow<Host extends Traveller> {
  readonly name: string;
  readonly legs: readonly Leg<Host>[];
  /** Sizes of the batches of each leg. Empty: all its hosts are one batch. */
  readonly batches: readonly Size[];
  /** Hosts of a leg that may fail before no further batch, and no further leg, begins. */
  readonly maxFail: Size;
}

/** What the runner of flows takes from outside. */
export interface FlowDeps<Host extends Traveller> {
  readonly gates: Gates;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Told of the hosts of a batch before the first of them begins. */
  readonly batchBegins?: (hosts: readonly Host[]) => void;
  /** A host that has ended: nothing of it is needed any more. */
  readonly release: (host: Host) => Promise<void>;
  /** The result of a host that was not come to, or of which something went wrong that no stage knows of. */
  readonly failed: (host: Host, state: 'failed' | 'stopped', problems: readonly Problem[]) => HostResult;
  /** Keeps what is known of a mistake of fcops' own where it can be sent from, and says so. */
  readonly defect: (error: unknown, host: string) => Problem;
  /** Runs the parts one after the other; who shows stages may do it itself. */
  readonly inOrder?: (parts: readonly FlowPart[]) => Promise<void>;
}

/** A part of a flow that is run as a whole, with the names of its stages. */
export interface FlowPart {
  readonly stages: readonly string[];
  readonly run: () => Promise<void>;
}

/** How a flow ended: the first gate did not open, or with a result a host, in the order of the hosts. */
export type FlowEnd =
  | { readonly state: 'closed' }
  | { readonly state: 'ended'; readonly results: readonly HostResult[] };

/** Names of the stages of a leg, in order, the gate's among them. */
export const stagesOf = <Host extends Traveller>({ first, gate, rolling }: Leg<Host>): string[] =>
  [...first, ...(gate ? [gate] : []), ...rolling].map(({ name }) => name);
