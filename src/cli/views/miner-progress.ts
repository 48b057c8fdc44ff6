import type { CarryEvent } from '../../ops/at-miner/carry-out.ts';
import type { Context } from '../context.ts';
import { printable } from '../text/width.ts';
import { PaintedLine } from './painted-line.ts';

/** Shows what goes on at a miner host: one line that is painted over, where that can be done. */
export class MinerProgress {
  readonly #context: Pick<Context, 'output'>;
  readonly #line: PaintedLine;
  /** Whether the host is at it. */
  isAtWork = false;

  constructor(context: Pick<Context, 'output'>) {
    const { output } = context;
    this.#context = context;
    this.#line = new PaintedLine(output.stdout, output.format === 'text' && output.live);
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
  readonly waits = (text: string): void => this.#line.paint(text);

  /** Takes the line away that is painted over: others write there. */
  readonly close = (): void => this.#line.close();

  #says(text: string): void {
    this.close();
    if (this.#context.output.format === 'text') this.#context.output.printLine(text);
  }
}
