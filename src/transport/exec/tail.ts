/** Keeps the last part of a stream of bytes. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Cut only now and then: joining at every chunk would copy the whole tail each time.
    if (this.#bytes > 2 * this.#limit) this.#cut();
  }

  text(): string {
    this.#cut();
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #cut(): void {
    if (this.#bytes <= this.#limit) return;
    const kept = Buffer.concat(this.#chunks).subarray(-this.#limit);
    // A copy: the slice would keep the whole of what was joined alive.
    this.#chunks = [Buffer.from(kept)];
    this.#bytes = kept.length;
  }
}
