import type { Problem } from '../../core/problem.ts';
import type { VersionKey } from '../../inventory/check-versions.ts';
import type { Host } from '../../inventory/cluster.ts';
import { writeBack } from '../inventory-file.ts';
import type { Upgrade } from './programs.ts';
import type { Versions } from './versions.ts';

/** Keeps the cluster file true while its hosts get other versions: it says of each what was seen on it last. */
export class VersionRecord {
  readonly #file: string;
  readonly #upgrade: Upgrade;
  readonly #seen = new Map<VersionKey, Map<string, string>>();
  #writing: Promise<void> = Promise.resolve();
  #problems: readonly Problem[] = [];

  constructor(file: string, upgrade: Upgrade) {
    this.#file = file;
    this.#upgrade = upgrade;
  }

  /** Why the file does not say all of it. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** A host that has these versions for sure. Resolves when the file says so, or cannot. */
  settle(host: Host, versions: Versions): Promise<void> {
    for (const [key, version] of versions) {
      if (version === null) continue;
      const seen = this.#seen.get(key) ?? new Map<string, string>();
      this.#seen.set(key, seen.set(host.name, version));
    }
    // One after the other: each is about all that is known by then.
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { sha256 } = this.#upgrade;
    const done = await writeBack(this.#file, {
      versions: this.#seen,
      sha256: new Map(Object.entries(sha256)),
    });
    this.#problems = done.ok ? [] : done.error;
  }
}
