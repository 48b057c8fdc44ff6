import type { CarryEvent } from '../../ops/at-miner/carry-out.ts';
import type { Context } from '../context.ts';
import { printable, truncate } from '../text/width.ts';

/** Shows what goes on at a miner host: one line that is painted over, where that can be done. */
export class MinerProgress {
  readonly #context: Pick<Context, 'output' | 'world'>;
  /** Whether a line stands there that is painted over. */
  #open = false;
  /** Whether the host is at it. */
  isAtWork = false;

  constructor(context: Pick<Context, 'output' | 'world'>) {
    this.#context = context;
  }

  readonly emit = (event: CarryEvent): void => {
    switch (event.type) {
      case 'asked':
        this.waits(`told lotus-miner ${event.done} of ${event.all} …`);
        return;
      case 'reconnect':
        this.#says(`the connection was lost; trying again (${event.attempt})`);
        return;
      case 'not-stopping':
        this.#says(`the host could not be asked to stop: ${printable(event.why)}`);
    }
  };

  /** Says what is waited for, where that can be painted over. */
  readonly waits = (text: string): void => {
    const { output } = this.#context;
    if (output.format !== 'text' || !output.live) return;
    output.stdout.write(`\r\u001b[K${truncate(text, output.stdout.columns() - 1)}`);
    this.#open = true;
  };

  /** Takes the line away that is painted over: others write there. */
  readonly close = (): void => {
    if (this.#open) this.#context.output.stdout.write('\r\u001b[K');
    this.#open = false;
  };

  #says(text: string): void {
    this.close();
    if (this.#context.output.format === 'text') this.#context.output.printLine(text);
  }
}
