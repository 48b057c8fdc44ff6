import type { PledgeEvent } from '../../ops/pledge/pledge.ts';
import { printable } from '../text/width.ts';
import type { OutStream } from '../world.ts';
import { PaintedLine } from './painted-line.ts';

/** Seconds between two lines about what goes on, where no line can be painted over. */
const QUIET = 30;

export interface PledgeProgressDeps {
  readonly out: Pick<OutStream, 'write' | 'columns'>;
  /** Whether anything is shown meanwhile. */
  readonly isShown: boolean;
  /** Whether a line may be painted over. */
  readonly live: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Shows how many sectors have been pledged by now: one line that is painted over, or now and then a line. */
export class PledgeProgress {
  readonly #deps: PledgeProgressDeps;
  readonly #line: PaintedLine;
  #toldAt: number;
  /** Whether the host is at it. */
  isPledging = false;

  constructor(deps: PledgeProgressDeps) {
    this.#deps = deps;
    this.#line = new PaintedLine(deps.out, deps.isShown && deps.live);
    this.#toldAt = deps.now();
  }

  readonly emit = (event: PledgeEvent): void => {
    const { isShown, live, now, out } = this.#deps;
    if (!isShown) return;
    const text = textOf(event);
    if (live && event.type === 'pledged') {
      this.waits(text);
      return;
    }
    if (event.type === 'pledged') {
      if (now() - this.#toldAt < QUIET * 1000 || event.made === event.asked) return;
      this.#toldAt = now();
    }
    this.close();
    out.write(`${text}\n`);
  };

  /** Says what is waited for, where that can be painted over. */
  readonly waits = (text: string): void => this.#line.paint(text);

  /** Takes the line away that is painted over: others write there. */
  readonly close = (): void => this.#line.close();
}

const textOf = (event: PledgeEvent): string => {
  switch (event.type) {
    case 'pledged':
      return `pledged ${event.made} of ${event.asked}${event.sector === null ? '' : `: sector ${event.sector}`}`;
    case 'reconnect':
      return `the connection was lost; trying again (${event.attempt})`;
    case 'not-stopping':
      return `the host could not be asked to stop: ${printable(event.why)}`;
  }
};
