import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';

/** A question to a host: a small read-only script, what is made of its answer, and how long that may take. */
export interface Query<Answer> {
  /** What is asked, for messages: `what lotus-miner says of its workers`. */
  readonly name: string;
  /** Bash that prints the answer and changes nothing. */
  readonly script: string;
  /** What it reads from standard input, made when it is sent: the place of secrets, which no list of processes shows. */
  readonly input?: () => string;
  /** The answer, or why it cannot be understood. */
  readonly parse: (text: string) => Result<Answer, string>;
  /** Milliseconds. */
  readonly deadline: number;
}

/** Which start of its kernel a host is at; another one after a reboot. */
export const bootIdQuery: Query<string> = {
  name: 'its boot id',
  script: 'cat /proc/sys/kernel/random/boot_id',
  parse: (text) => {
    const id = text.trim();
    return /^[0-9a-f-]{36}$/.test(id) ? ok(id) : err('this is no boot id');
  },
  deadline: 30_000,
};

/** Seconds since its kernel was started. */
export const uptimeQuery: Query<number> = {
  name: 'how long it has been up',
  script: 'cat /proc/uptime',
  parse: (text) => {
    const [, seconds] = /^(\d+\.\d+) \d+\.\d+\s*$/.exec(text) ?? [];
    return seconds === undefined ? err('this is no time') : ok(Number(seconds));
  },
  deadline: 30_000,
};
