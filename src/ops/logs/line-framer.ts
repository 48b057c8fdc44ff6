import type { CutText } from '../shown-part.ts';
import { cutText } from '../shown-part.ts';

/** Makes lines of pieces of a text as they come, however they are cut; of a very long line only its beginning is kept. */
export class LineFramer {
  readonly #limit: number;
  #rest: Buffer[] = [];
  #bytes = 0;

  /** `limit`: bytes of a line that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in this piece. */
  push(piece: Buffer): CutText[] {
    const lines: CutText[] = [];
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      this.#keep(piece.subarray(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
    return lines;
  }

  /** What has no end of line yet, as a line: nothing more of it will come. */
  rest(): CutText[] {
    return this.#bytes === 0 ? [] : [this.#take()];
  }

  #keep(bytes: Buffer): void {
    const room = this.#limit - this.#bytes;
    this.#bytes += bytes.length;
    // A copy: the slice would keep all that came with it.
    if (room > 0 && bytes.length > 0) this.#rest.push(Buffer.from(bytes.subarray(0, room)));
  }

  #take(): CutText {
    const isCut = this.#bytes > this.#limit;
    const kept = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#bytes = 0;
    return cutText(kept, this.#limit, isCut);
  }
}
