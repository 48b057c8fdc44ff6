import { jsonText } from '../core/invisible.ts';
import { redactor } from '../core/secret.ts';
import type { ColourChoice } from './colour.ts';
import { wantsColour } from './colour.ts';
import type { Paint } from './text/paint.ts';
import { painter } from './text/paint.ts';
import type { OutStream, World } from './world.ts';

export const FORMATS = ['text', 'json', 'markdown', 'junit', 'prometheus', 'github'] as const;
export type Format = (typeof FORMATS)[number];
/** What every command can print; the others are for some. */
export const COMMON_FORMATS: readonly Format[] = ['text', 'json'];
export const CHECK_FORMATS: readonly Format[] = ['text', 'json', 'junit'];
export const STATUS_FORMATS: readonly Format[] = ['text', 'json', 'junit', 'prometheus'];
export const SHOW_FORMATS: readonly Format[] = ['text', 'json', 'markdown'];
export const LINT_FORMATS: readonly Format[] = ['text', 'json', 'junit', 'github'];
export const PLAN_FORMATS: readonly Format[] = ['text', 'json', 'markdown', 'junit'];

/** All that leaves fcops goes through here: nothing else writes, and no secret that is known gets past. */
export class Output {
  readonly format: Format;
  readonly colour: boolean;
  readonly paint: Paint;
  /** For what goes to standard error. */
  readonly errorPaint: Paint;
  /** Whether a view may repaint itself on standard output. */
  readonly live: boolean;
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly #secrets = new Set<string>();
  #redact: (text: string) => string = (text) => text;

  constructor(world: World, format: Format, choice: ColourChoice) {
    this.format = format;
    this.colour = wantsColour(choice, world.env, world.stdout.isTerminal);
    this.live = world.stdout.isTerminal && world.env.TERM !== 'dumb';
    this.paint = painter(this.colour);
    this.errorPaint = painter(wantsColour(choice, world.env, world.stderr.isTerminal));
    this.stdout = this.#guarded(world.stdout);
    this.stderr = this.#guarded(world.stderr);
  }

  /** From now on these values are masked, whatever shows them. */
  hide(secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#redact = redactor([...this.#secrets]);
  }

  /** Columns that lines are broken at; infinite where standard output is no terminal. */
  get width(): number {
    return this.stdout.isTerminal ? this.stdout.columns() : Number.POSITIVE_INFINITY;
  }

  /** The same for notes and errors. */
  get errorWidth(): number {
    return this.stderr.isTerminal ? this.stderr.columns() : Number.POSITIVE_INFINITY;
  }

  /** To standard output, as it is. */
  print(text: string): void {
    this.stdout.write(text);
  }

  printLine(line: string): void {
    this.stdout.write(`${line}\n`);
  }

  printJson(value: unknown): void {
    this.printLine(jsonText(value, 2));
  }

  /** To standard error: notes for people, whatever the format. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** The text with every known secret masked. */
  redact(text: string): string {
    return this.#redact(text);
  }

  #guarded(stream: OutStream): OutStream {
    return { ...stream, write: (text) => stream.write(this.#redact(text)) };
  }
}
