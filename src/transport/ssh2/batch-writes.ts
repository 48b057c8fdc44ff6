import type { Duplex } from 'node:stream';

/**
 * Sends what is written in answer to one piece of data as one piece. ssh2 writes a packet in three parts, and
 * with Nagle's algorithm off each would be a system call, a TCP segment and a wake-up of the server: 31 of
 * them for a login with one command, against 10. Fifty hosts without changes take 2.2 s so, against 2.6.
 *
 * Attach before ssh2 reads from the stream, so that this listener comes first.
 */
export const batchWrites = (stream: Duplex): void => {
  stream.on('data', () => {
    stream.cork();
    // After the listeners, and after the promises that they settle: those go on to write as well.
    queueMicrotask(() => process.nextTick(() => stream.uncork()));
  });
};
