import { Gate } from '../transport/waiting/gate.ts';

/** How many hosts at a time may be at one kind of work. Logins have their own gate, in the transport. */
export interface Widths {
  /** Looks: a small script and its answer. */
  readonly look: number;
  /** Hosts that are being changed. */
  readonly apply: number;
  /** Hosts that fetch from the artifact server: a hundred at once would take it down. */
  readonly download: number;
}

export type Work = keyof Widths;

/** Fifty hosts keep one controller busy; sixteen downloads keep a server with one 10 Gbit link busy. */
export const DEFAULT_WIDTHS: Widths = { look: 50, apply: 50, download: 16 };

/** The gates of one run, one for each kind of work. */
export type Gates = Readonly<Record<Work, Gate>>;

export const gatesOf = ({ look, apply, download }: Widths): Gates => ({
  look: new Gate(look),
  apply: new Gate(apply),
  download: new Gate(download),
});
