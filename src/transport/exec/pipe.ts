import type { Readable, Writable } from 'node:stream';
import type { Secret } from '../../core/secret.ts';
import type { Exit } from '../connection.ts';

/** A started `remoteCommand`, by whichever transport. */
export interface Pipe {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles, never rejecting, when the command has ended and its outputs have been read. */
  readonly ended: Promise<PipeEnd>;
  /** Gives the command up. */
  readonly abandon: () => void;
}

/** How a pipe ended: an `Exit` without what the pipe does not know. */
export type PipeEnd = Omit<Exit, 'stderr'>;

/** What goes to the command. */
export interface Input {
  readonly script: Buffer;
  readonly payload: Uint8Array;
  /** Given when sudo asks for it, and then only. */
  readonly sudoPassword?: Secret;
}
