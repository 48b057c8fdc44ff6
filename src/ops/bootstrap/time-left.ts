import type { Progress } from './setup.ts';

/** Seconds of progress that have to be seen before anything is said of what is left. */
const ENOUGH = 5;

/** Tells how long something will still take by what it did since it was first seen. */
export class Pace {
  #first: { readonly at: number; readonly done: number } | null = null;

  /** Seconds until the total is reached; null where that cannot be told. `at`: milliseconds. */
  left({ done, total }: Progress, at: number): number | null {
    // What begins anew has a pace of its own.
    if (this.#first === null || done < this.#first.done) {
      this.#first = { at, done };
      return null;
    }
    const seconds = (at - this.#first.at) / 1000;
    const made = done - this.#first.done;
    if (total === null || total <= done || made <= 0 || seconds < ENOUGH) return null;
    return ((total - done) * seconds) / made;
  }
}
