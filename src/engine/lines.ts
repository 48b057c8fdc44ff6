/** A line, and how many bytes of the stream it took, its end included. */
export interface Line {
  readonly text: string;
  readonly bytes: number;
}

/** The whole lines of a stream of bytes. What comes after the last end of line is a cut line, and no line. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      yield { text: bytes.toString('utf8', from, end), bytes: end + 1 - from };
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}
