import type { Next } from '../../core/next.ts';

/** What sorts of checks there are, in the order in which they are told. */
export const CHECK_KINDS = [
  'look',
  'process',
  'port',
  'registration',
  'hugepages',
  'gpu',
  'mount',
  'data',
  'backup',
  'clock',
  'overrides',
  'stamp',
] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/**
 * Since when something is so, as its host tells it: `start`: since the process was started; `log`: since its log was last
 * written, which is the last that is known of a process that has ended; `unit`: since its systemd unit was left without a
 * process. Never remembered from another run.
 */
export interface Since {
  /** Seconds since 1970, by the clock of the host. */
  readonly at: number;
  readonly by: 'start' | 'log' | 'unit';
}

/** One thing of a host that is as it should be, or is not, or of which nobody can tell. */
export interface Check {
  readonly kind: CheckKind;
  /** `P1-3 is registered`, `huge pages on node 3`; unique among those of a host. */
  readonly name: string;
  /** The process that it is about; null: the machine. */
  readonly process: string | null;
  readonly result: 'ok' | 'off' | 'unknown';
  /** What is so, without the name of the process: `runs, and the miner does not list it`. */
  readonly message: string;
  readonly why?: string;
  readonly since?: Since;
  readonly next?: readonly Next[];
}

/** What a check has found, where what it is about is said elsewhere. */
export type Found = Pick<Check, 'result' | 'message' | 'why' | 'since' | 'next'>;

export const fine = (message: string): Found => ({ result: 'ok', message });
export const off = (message: string, next: readonly Next[] = [], more: Pick<Found, 'since'> = {}): Found => ({
  result: 'off',
  message,
  ...more,
  ...(next.length > 0 && { next }),
});
export const unknown = (message: string, why?: string): Found => ({
  result: 'unknown',
  message,
  ...(why !== undefined && { why }),
});
