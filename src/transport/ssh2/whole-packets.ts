import type { Duplex } from 'node:stream';

/**
 * Has a connected socket send at once what is written to it in one turn. ssh2 (1.17) writes the length, the body and the
 * tag of each packet by themselves: without Nagle's algorithm these are three segments, and the server is woken three
 * times. Who destroys it uncorks it before, or what was written in the same turn goes with it.
 */
export const inWholePackets = <Stream extends Duplex>(socket: Stream): Stream => {
  const { write } = socket;
  let isHeld = false;
  const held = (...given: readonly unknown[]): unknown => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      process.nextTick(() => {
        isHeld = false;
        socket.uncork();
      });
    }
    return Reflect.apply(write, socket, given);
  };
  // On the socket itself: net.Socket takes a method of a class of its own away when it connects.
  Reflect.set(socket, 'write', held);
  return socket;
};
