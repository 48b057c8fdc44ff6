import { formatBytes } from '../../core/units.ts';
import { printable } from '../text/width.ts';
import type { OutStream } from '../world.ts';
import { PaintedLine } from './painted-line.ts';

export interface HashProgressDeps {
  readonly out: OutStream;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Milliseconds between two paintings. */
const PAUSE = 200;

/** Shows on a terminal how much of an archive has been read: one line that is painted over. */
export class HashProgress {
  readonly #now: () => number;
  readonly #line: PaintedLine;
  #name = '';
  #begun = 0;
  #paintedAt = 0;

  constructor({ out, now }: HashProgressDeps) {
    this.#now = now;
    this.#line = new PaintedLine(out, out.isTerminal);
  }

  /** `total`: null where nobody knows. */
  readonly tell = (name: string, bytes: number, total: number | null): void => {
    const now = this.#now();
    if (name !== this.#name) {
      this.#name = name;
      this.#begun = now;
    }
    if (now - this.#paintedAt < PAUSE) return;
    this.#paintedAt = now;
    const seconds = (now - this.#begun) / 1000;
    const rate = seconds > 1 ? `, ${formatBytes(bytes / seconds)}/s` : '';
    const of = total === null ? '' : ` of ${formatBytes(total)}`;
    this.#line.paint(`${printable(name)}: ${formatBytes(bytes)}${of}${rate}`);
  };

  /** Takes the line away: others write there. */
  readonly close = (): void => this.#line.close();
}
