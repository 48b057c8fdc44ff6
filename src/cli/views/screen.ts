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
    this.#out.write(`${begin}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`);
    this.#hidden = true;
    this.#painted = lines;
  }

  /** Takes the frame away and shows the cursor, so that something else can be written. */
  clear(): void {
    if (!this.#hidden) return;
    this.#out.write(`${this.#home()}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#hidden = false;
    this.#painted = [];
  }

  /** Back to the first line of the frame; a terminal that was made narrower since has broken its lines. */
  #home(): string {
    const columns = Math.max(1, this.#out.columns());
    const rows = this.#painted.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)),
      0,
    );
    return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
  }
}
