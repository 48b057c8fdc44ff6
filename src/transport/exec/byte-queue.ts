/** More than this many unread bytes stop the sender. */
const HIGH_WATER = 1024 * 1024;

/** Bytes on their way from a stream to the one who reads them, with backpressure. */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #onDrain: () => void;
  readonly #onAbandon: () => void;

  /** `onDrain` is called when a full queue has been read, `onAbandon` when the reader leaves before the end. */
  constructor(onDrain: () => void, onAbandon: () => void) {
    this.#onDrain = onDrain;
    this.#onAbandon = onAbandon;
  }

  /** Says whether there is room for more; if not, `onDrain` tells when. */
  push(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#wake?.();
    return this.#bytes < HIGH_WATER;
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          const wasFull = this.#bytes >= HIGH_WATER;
          this.#bytes -= chunk.length;
          if (wasFull && this.#bytes < HIGH_WATER) this.#onDrain();
          yield chunk;
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
        }
      }
    } finally {
      if (!this.#ended) this.#onAbandon();
    }
  }
}
