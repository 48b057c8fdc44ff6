import type { CutText } from '../shown-part.ts';
import { cutText } from '../shown-part.ts';

/** What a host says between the output of a line, one word each: see run.sh. */
export interface Frame {
  readonly word: string;
  readonly rest: string;
}

/** Bytes that a frame has at the most: what goes on longer without an end of line is output that looks like one. */
const LONGEST_FRAME = 128 * 1024;

/**
 * Tells what a line prints from the frames between, as it comes, and keeps so many bytes of it. Frames stand behind a
 * mark that nobody else knows, anywhere in the stream, and end with their line.
 */
export class OutputReader {
  readonly frames: Frame[] = [];
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  #rest = Buffer.alloc(0);

  constructor(mark: string, limit: number) {
    this.#mark = Buffer.from(mark);
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    let bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    for (let at = bytes.indexOf(this.#mark); at >= 0; at = bytes.indexOf(this.#mark)) {
      this.#keep(bytes.subarray(0, at));
      bytes = bytes.subarray(at);
      const end = bytes.indexOf(10);
      if (end < 0 && bytes.length < LONGEST_FRAME) {
        this.#rest = bytes;
        return;
      }
      this.#take(bytes.toString('utf8', this.#mark.length, end < 0 ? bytes.length : end));
      bytes = bytes.subarray(end < 0 ? bytes.length : end + 1);
    }
    const begun = this.#begunMark(bytes);
    this.#keep(bytes.subarray(0, bytes.length - begun));
    this.#rest = bytes.subarray(bytes.length - begun);
  }

  /** The frame of that word; undefined where it has not come. */
  frame(word: string): Frame | undefined {
    return this.frames.find((one) => one.word === word);
  }

  /** What was printed, and whether there was more; a part of a letter at the cut is left out. */
  output(): CutText {
    return cutText(Buffer.concat([...this.#kept]), this.#limit, this.#bytes > this.#limit);
  }

  #take(text: string): void {
    const [, word = '', rest = ''] = /^(\S*) ?(.*)$/s.exec(text) ?? [];
    // The host says once a second that it is there: nobody asks for that.
    if (word !== '.') this.frames.push({ word, rest });
  }

  #keep(bytes: Buffer): void {
    const room = this.#limit - this.#bytes;
    this.#bytes += bytes.length;
    // A copy: the slice would keep all that came with it.
    if (room > 0 && bytes.length > 0) this.#kept.push(Buffer.from(bytes.subarray(0, room)));
  }

  /** How many of the last bytes may be the beginning of a mark. */
  #begunMark(bytes: Buffer): number {
    for (let length = Math.min(this.#mark.length - 1, bytes.length); length > 0; length--) {
      if (bytes.subarray(bytes.length - length).equals(this.#mark.subarray(0, length))) return length;
    }
    return 0;
  }
}
