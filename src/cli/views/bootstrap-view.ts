import { jsonText } from '../../core/invisible.ts';
import { formatSeconds } from '../../core/units.ts';
import type { BootstrapEvent } from '../../ops/bootstrap/events.ts';
import { printable, truncate, wrap } from '../text/width.ts';
import type { OutStream } from '../world.ts';
import { backupRows } from './backup-document.ts';
import { backupLines } from './backup-text.ts';
import { bootstrapDocument } from './bootstrap-document.ts';
import type { BootstrapWords } from './bootstrap-text.ts';
import { endLines, progressText, stepLines } from './bootstrap-text.ts';

/** Seconds between two lines about what goes on, where no line can be painted over. */
const QUIET = 60;

export interface BootstrapViewDeps extends BootstrapWords {
  readonly out: Pick<OutStream, 'write' | 'columns'>;
  readonly format: 'text' | 'json';
  /** Whether a line may be painted over. */
  readonly live: boolean;
  /** What the steps print is shown. */
  readonly verbose: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Shows the set-up of a miner as it happens: JSON lines, or lines for people with the last one about what goes on. */
export class BootstrapView {
  readonly #deps: BootstrapViewDeps;
  /** Whether a line stands there that is painted over. */
  #open = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(deps: BootstrapViewDeps) {
    this.#deps = deps;
  }

  readonly emit = (event: BootstrapEvent): void => {
    const { format, out, words } = this.#deps;
    if (format === 'json') out.write(`${jsonText(bootstrapDocument(event, words))}\n`);
    else this.#text(event);
  };

  /** Ends the line that is painted over: others write below it. */
  close(): void {
    if (this.#open) this.#deps.out.write('\n');
    this.#open = false;
  }

  #text(event: BootstrapEvent): void {
    const { paint, verbose } = this.#deps;
    switch (event.type) {
      case 'backups':
        this.#lines([...backupLines(backupRows(event.list), paint), '']);
        return;
      case 'steps':
        this.#lines(stepLines(event, this.#deps));
        return;
      case 'step-begin':
        this.#begin();
        this.#lines(this.#told(`${paint.strong(event.title)}: ${event.says}`));
        return;
      case 'waits':
        this.#begin();
        this.#lines(
          this.#told(`${paint.strong(event.title)}: ${event.says} (Ctrl-C leaves; run again to go on)`),
        );
        return;
      case 'step-output':
        if (verbose) this.#lines([`  ${printable(event.line)}`]);
        return;
      case 'progress':
        this.#progress(progressText(event));
        return;
      case 'reconnect':
        this.#lines([`  the connection to ${event.host} was lost; trying again (${event.attempt})`]);
        return;
      case 'step-done':
        this.#lines(
          this.#told(`${paint.good('done')} ${event.title} (${formatSeconds(event.seconds)}): ${event.says}`),
        );
        return;
      default:
        this.#lines(endLines(event.result, event.host, this.#deps));
    }
  }

  /** The first line about what goes on comes at once. */
  #begin(): void {
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }

  #progress(text: string): void {
    const { out, live, now } = this.#deps;
    if (live) {
      out.write(`\r\u001b[K${truncate(`  ${text}`, out.columns() - 1)}`);
      this.#open = true;
      return;
    }
    if (now() - this.#toldAt < QUIET * 1000) return;
    this.#toldAt = now();
    this.#lines([`  ${text}`]);
  }

  #told(line: string): string[] {
    return wrap(line, this.#deps.width, 2);
  }

  #lines(lines: readonly string[]): void {
    const { out } = this.#deps;
    if (this.#open) out.write('\r\u001b[K');
    this.#open = false;
    for (const line of lines) out.write(`${line}\n`);
  }
}
