import { displayWidth } from '../text/width.ts';

/** The part of a terminal that a view which repaints itself needs. */
export interface TerminalOut {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly rows: () => number;
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Paints frames over each other at the end of a terminal, each by one write; gives the place back at the end. */
export class Screen {
  readonly #out: TerminalOut;
  #painted: readonly string[] = [];
  #hidden = false;

  constructor(out: TerminalOut) {
    this.#out = out;
  }

  /** Replaces the frame before. Nothing is written where both are the same. */
  paint(lines: readonly string[]): void {
    if (
      this.#hidden &&
      lines.length === this.#painted.length &&
      lines.every((line, i) => line === this.#painted[i])
    )
      return;
    const begin = this.#hidden ? this.#home() : HIDE_CURSOR;
    const below = lines.length < this.#painted.length || this.#painted.length === 0 ? CLEAR_BELOW : '';
    this.#out.write(`${begin}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${below}`);
    this.#hidden = true;
    this.#painted = lines;
  }

  /** Takes the frame away and shows the cursor, so that something else can be written. */
  clear(): void {
    if (!this.#hidden) return;
    // Line by line: some terminals keep a screen that is cleared from its top in what can be scrolled back to.
    const rows = this.#rows();
    const up = rows === 0 ? '' : `\u001b[${rows}A`;
    this.#out.write(`${this.#home()}${`${CLEAR_LINE}\n`.repeat(rows)}${up}${SHOW_CURSOR}`);
    this.#hidden = false;
    this.#painted = [];
  }

  /** Back to the first line of the frame. */
  #home(): string {
    const rows = this.#rows();
    return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
  }

  /** Lines that the frame takes: a terminal that was made narrower since has broken some. */
  #rows(): number {
    const columns = Math.max(1, this.#out.columns());
    return this.#painted.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
  }
}
