/** Lets at most `size` through at a time, in the order of their coming. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** How many wait outside. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Waits for a place and gives the function that leaves it. Rejects with the signal's reason on abort. */
  enter(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(signal.reason);
      };
      const admit = () => {
        signal.removeEventListener('abort', onAbort);
        this.#free -= 1;
        resolve(this.#leaveOnce());
      };
      if (this.#free > 0) return admit();
      this.#waiting.push(admit);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leaveOnce(): () => void {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#free += 1;
      this.#waiting.shift()?.();
    };
  }
}
