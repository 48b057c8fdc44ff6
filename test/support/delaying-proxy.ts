import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface DelayingProxyOptions {
  /** Where it listens, on a port of the system's choice, and where it leads to. */
  readonly address: string;
  readonly port: number;
  /** Milliseconds there and back. */
  readonly roundTrip: number;
  /**
   * Milliseconds for which the server has to be silent before what it said is passed on: what it says together arrives
   * together, also where it is slow. None where it is left out.
   */
  readonly settle?: number;
}

/** A long way to a server, over which nothing is lost and everything takes its time. */
export interface DelayingProxy {
  readonly port: number;
  /**
   * Round trips that the connections so far have waited for, one after the other: the longest chain of answers to
   * answers, with the one that TCP takes to connect. Counted, not measured; where the server's words do not settle, a slow machine may
   * count one too many.
   */
  readonly roundTrips: () => number;
  readonly stop: () => Promise<void>;
}

/** One end of a connection: how long a chain of answers has arrived there, in round trips. */
interface End {
  readonly socket: Socket;
  seen: number;
}

/** Starts a proxy that takes half of `roundTrip` for each way. */
export const startDelayingProxy = async ({
  address,
  port,
  roundTrip,
  settle = 0,
}: DelayingProxyOptions): Promise<DelayingProxy> => {
  const clients: End[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // Connected to the other side, it had known that one round trip later.
    const client = { socket, seen: 1 };
    const far = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
    const host = { socket: far, seen: 0.5 };
    clients.push(client);
    for (const each of [socket, far]) {
      sockets.add(each);
      each.on('error', () => {
        socket.destroy();
        far.destroy();
      });
      each.on('close', () => sockets.delete(each));
    }
    const connected = delay(roundTrip);
    forward(client, host, roundTrip / 2, connected);
    forward(host, client, roundTrip / 2, connected, settle);
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: bound && typeof bound === 'object' ? bound.port : 0,
    roundTrips: () => clients.reduce((sum, { seen }) => sum + seen, 0),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/**
 * Brings what comes from one end to the other, in order, each piece `ms` after it came, and not before the end has
 * been silent for `settle`.
 */
const forward = (from: End, to: End, ms: number, connected: Promise<void>, settle = 0): void => {
  let last = connected;
  let heard = 0;
  const silence = async (): Promise<void> => {
    for (let at = -1; at !== heard; ) {
      at = heard;
      await delay(settle);
    }
  };
  const bring = (arrive: () => void): void => {
    const answers = from.seen + 0.5;
    heard += 1;
    const due = delay(ms).then(() => (settle > 0 ? silence() : undefined));
    last = last
      .then(() => due)
      .then(() => {
        to.seen = Math.max(to.seen, answers);
        arrive();
      });
  };
  from.socket.on('data', (chunk) => bring(() => to.socket.write(chunk)));
  from.socket.on('end', () => bring(() => to.socket.end()));
};
