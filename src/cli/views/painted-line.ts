import { truncate } from '../text/width.ts';
import type { OutStream } from '../world.ts';

/** One line that is painted over, where that can be done. */
export class PaintedLine {
  readonly #out: Pick<OutStream, 'write' | 'columns'>;
  readonly #isShown: boolean;
  /** Whether it stands there. */
  #open = false;

  /** `isShown`: whether there is a terminal for it. */
  constructor(out: Pick<OutStream, 'write' | 'columns'>, isShown: boolean) {
    this.#out = out;
    this.#isShown = isShown;
  }

  /** Says this in place of what stood there. */
  readonly paint = (text: string): void => {
    if (!this.#isShown) return;
    this.#out.write(`\r\u001b[K${truncate(text, this.#out.columns() - 1)}`);
    this.#open = true;
  };

  /** Takes it away: others write there. */
  readonly close = (): void => {
    if (this.#open) this.#out.write('\r\u001b[K');
    this.#open = false;
  };
}
