import { plainLines } from './plain-text.ts';

/** What a program of lotus left: its exit status and its outputs as they came, line ends and all. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why a command failed, as far as its words are known ones. */
export type FailureKind =
  /** No file `api` in the repository: stopped, never started, or a miner that still waits for the chain. */
  | 'not running'
  /** A file `api` of a process that is gone. */
  | 'refused'
  | 'token rejected'
  | 'token too weak'
  /** Another process works on the repository. */
  | 'repository in use'
  | 'no repository'
  /** The full node went away during the call. */
  | 'node lost'
  | 'panic'
  | 'other';

export interface Failure {
  readonly kind: FailureKind;
  /** What the program said, or its status where it said nothing. */
  readonly why: string;
}

const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/API not running/, 'not running'],
  [/connection refused/, 'refused'],
  [/websocket: bad handshake|401 Unauthorized/, 'token rejected'],
  [/missing permission to invoke/, 'token too weak'],
  [/repo is already locked/, 'repository in use'],
  [/is not initialized, run '/, 'no repository'],
  [/websocket connection closed/, 'node lost'],
  [/^panic: /, 'panic'],
];

/**
 * Why a command failed; null where it did not. `lotus-worker` exits with 0 whatever happens, and says it in a warning
 * of its log; so does every program where LOTUS_DEV is set.
 */
export const failureOf = ({ status, stderr }: Answer): Failure | null => {
  const lines = plainLines(stderr);
  const said =
    lines.find((line) => /^(ERROR|panic): /.test(line)) ?? lines.find((line) => /\tWARN\tmain\t/.test(line));
  if (status === 0 && said === undefined) return null;
  const why =
    said?.replace(/^ERROR: |^.*\tWARN\tmain\t(?:[^\t]*\.go:\d+\t)?/, '') ??
    (lines.findLast((line) => line !== '') || `it ended with status ${status}`);
  return { kind: KINDS.find(([pattern]) => pattern.test(why))?.[1] ?? 'other', why };
};
