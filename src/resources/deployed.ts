import type { Digest, Reveal } from '../core/content.ts';
import { digestBy } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import { sha256 } from '../core/sha256.ts';
import type { Answer, StatedLook } from './look.ts';
import { pathLook } from './path/look.ts';
import type { Ownership, PathState } from './path/state.ts';

const ROOT: Ownership = { mode: '0644', owner: 'root', group: 'root' };

/**
 * A host that is only thought of: everything that its tasks say has been done, it has been started anew since, and its
 * processes run. Each resource states what it leaves there, as looks at the host would see it. What else a real host
 * would tell is stated as on a bare machine (`givenBare` of the looks).
 */
export class Deployed {
  readonly answer: Answer = new Map();
  /** What is known of the machine; the getter of what is not throws, or says so. */
  readonly facts: Facts;
  readonly reveal: Reveal;
  readonly digest: Digest;
  /** Facts that follow from what was done. */
  hostname = '';
  readonly kernelArguments = new Set<string>();

  /** `reveal`: what stands for secrets; two that have the same name have the same. */
  constructor(facts: Facts, reveal: Reveal) {
    this.facts = facts;
    this.reveal = reveal;
    this.digest = digestBy(reveal);
  }

  put<Seen>(look: StatedLook<Seen>, key: string, seen: Seen): void {
    look.given(this.answer, key, seen);
  }

  putPath(path: string, state: PathState): void {
    this.put(pathLook, path, state);
  }

  /** The file has this text, which resources after this one may add to. */
  putText(path: string, text: string, ownership: Ownership = ROOT): void {
    const bytes = Buffer.byteLength(text);
    this.putPath(path, { type: 'file', ...ownership, bytes, mtime: 0, sha256: sha256(text), text });
  }

  /** The text that a file has by now; empty where nobody has written anything yet. */
  textOf(path: string): string {
    const state = pathLook.seen(this, path);
    return (state?.type === 'file' && state.text) || '';
  }
}
