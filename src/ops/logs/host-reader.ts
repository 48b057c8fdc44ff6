import { maskOutput } from '../../core/others-secrets.ts';
import { FcopsError } from '../../core/problem.ts';
import { redactor } from '../../core/secret.ts';
import { KiB } from '../../core/units.ts';
import { profileSecrets } from '../host-secrets.ts';
import type { CutText } from '../shown-part.ts';
import { BEYOND, shownPart } from '../shown-part.ts';
import type { LogEvent, NamedLog } from './events.ts';
import { LineFramer } from './line-framer.ts';
import type { LogRow } from './rows.ts';
import { parseRow } from './rows.ts';
import type { Position } from './script.ts';

/** Bytes of a line that are shown. */
const LONGEST_LINE = 64 * KiB;

interface OpenLog extends NamedLog {
  readonly lines: LineFramer;
  /** Lines that are told with the place that comes after them: without it they would come again. */
  pending: CutText[];
  position: Position | null;
  isAbsent: boolean;
}

const MOST_PENDING = 10_000;

/** What a reader takes from outside. */
export interface ReaderDeps {
  /** Masks the cluster's secrets. */
  readonly redact: (text: string) => string;
  /** Told of secrets that the host has given. */
  readonly hide: (values: readonly string[]) => void;
  readonly tell: (event: LogEvent) => void;
}

/** What is known of the logs of a host, over all of its connections. */
export class HostReader {
  readonly logs: readonly OpenLog[];
  readonly #host: string;
  readonly #deps: ReaderDeps;
  #masked: (text: string) => string;
  #absent: NamedLog[] = [];

  constructor(host: string, logs: readonly NamedLog[], deps: ReaderDeps) {
    this.#host = host;
    this.#deps = deps;
    this.#masked = (text) => maskOutput(deps.redact(text));
    this.logs = logs.map((log) => ({
      ...log,
      lines: new LineFramer(LONGEST_LINE + BEYOND),
      pending: [],
      position: null,
      isAbsent: false,
    }));
  }

  /** Another connection begins: what came without the place after it comes again. */
  again(): void {
    for (const log of this.logs) log.pending = [];
  }

  /** Takes a row; true where it was the last. */
  read(text: string): boolean {
    const row = parseRow(text);
    if (row === null) return false;
    switch (row.type) {
      case 'env':
        this.#hide(profileSecrets(row.names));
        return false;
      case 'refused':
        throw new RefusedExpression(row.message);
      case 'beat':
        this.#tellAbsent();
        return false;
      case 'over':
        this.#tellAbsent();
        for (const log of this.logs) this.#tellLines(log, log.lines.rest());
        return true;
      default: {
        const log = this.logs[row.log];
        if (log) this.#readOf(log, row);
        return false;
      }
    }
  }

  #readOf(log: OpenLog, row: Extract<LogRow, { readonly log: number }>): void {
    switch (row.type) {
      case 'absent':
        if (!log.isAbsent) this.#absent.push(log);
        log.isAbsent = true;
        return;
      case 'at':
        this.#tellLines(log, log.pending);
        log.pending = [];
        log.position = { file: row.file, offset: row.offset };
        log.isAbsent = false;
        return;
      case 'data':
        if (row.offset === null) this.#wait(log, log.lines.push(row.bytes));
        else {
          this.#tellLines(log, log.lines.push(row.bytes));
          if (log.position) log.position = { ...log.position, offset: row.offset };
        }
        return;
      case 'missed':
      case 'rotated':
      case 'truncated':
        this.#tellLines(log, log.lines.rest());
        // One that was not there before has only come.
        if (!log.isAbsent) this.#deps.tell({ type: row.type, host: this.#host, process: log.process });
    }
  }

  /** So many are kept until their place comes; of more it is better to tell some twice. */
  #wait(log: OpenLog, lines: readonly CutText[]): void {
    for (const line of lines) log.pending.push(line);
    if (log.pending.length < MOST_PENDING) return;
    this.#tellLines(log, log.pending);
    log.pending = [];
  }

  #tellLines({ process }: NamedLog, lines: readonly CutText[]): void {
    for (const one of lines) {
      const { text, cut } = shownPart(one, this.#masked, LONGEST_LINE);
      this.#deps.tell({ type: 'line', host: this.#host, process, line: cut ? `${text}…` : text });
    }
  }

  #tellAbsent(): void {
    if (this.#absent.length === 0) return;
    const logs = this.#absent.map(({ process, source }) => ({ process, source }));
    this.#absent = [];
    this.#deps.tell({ type: 'absent', host: this.#host, logs });
  }

  #hide(secrets: readonly string[]): void {
    this.#deps.hide(secrets);
    const ofProfile = redactor(secrets);
    this.#masked = (text) => maskOutput(ofProfile(this.#deps.redact(text)));
  }
}

/** It is the same for every host. */
export class RefusedExpression extends Error {
  readonly problem: FcopsError;

  constructor(said: string) {
    super(said);
    this.problem = new FcopsError({
      kind: 'usage',
      what: '--grep: this is no extended regular expression',
      why: said.replace(/^grep: /, ''),
      next: [{ type: 'edit', text: "put a backslash before what is meant as it is: --grep '\\[ERROR\\]'" }],
    });
  }
}
