import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Endpoint } from '../connection.ts';
import type { TransportDeps } from '../deps.ts';
import { ConnectFailure, type Failure, socketFailure } from '../failures/failure.ts';
import { inWholePackets } from './whole-packets.ts';

/** Opens the stream to a server. Gives up with a ConnectFailure after the endpoint's connectTimeout. */
export type Dial = (endpoint: Endpoint, signal: AbortSignal) => Promise<Duplex>;

/** Straight from this machine. */
export const dialDirect =
  (deps: Pick<TransportDeps, 'after' | 'dial'>): Dial =>
  (endpoint, signal) =>
    withDeadline(deps, endpoint, signal, (succeed, fail) => {
      const socket = deps.dial(endpoint.address, endpoint.port);
      const onError = (error: Error) => fail(socketFailure(firstOf(error)));
      socket.once('error', onError).once('connect', () => {
        socket.off('error', onError);
        succeed(inWholePackets(socket));
      });
      return () => socket.destroy();
    });

/** By way of a bastion that is logged in to. Its socket, not this stream's, has Nagle's algorithm off. */
export const dialThrough =
  (deps: Pick<TransportDeps, 'after'>, bastion: Client): Dial =>
  (endpoint, signal) =>
    withDeadline(deps, endpoint, signal, (succeed, fail) => {
      let abandoned = false;
      try {
        bastion.forwardOut('127.0.0.1', 0, endpoint.address, endpoint.port, (error, stream) => {
          if (error) fail({ kind: 'forward', detail: error.message });
          else if (abandoned) stream.destroy();
          else succeed(stream);
        });
      } catch (error) {
        fail({ kind: 'forward', detail: error instanceof Error ? error.message : String(error) });
      }
      return () => {
        abandoned = true;
      };
    });

const withDeadline = (
  deps: Pick<TransportDeps, 'after'>,
  endpoint: Endpoint,
  signal: AbortSignal,
  open: (succeed: (stream: Duplex) => void, fail: (failure: Failure) => void) => () => void,
): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const seconds = endpoint.connectTimeout;
    const settle = (report: () => void) => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      report();
    };
    const fail = (failure: Failure) => settle(() => reject(new ConnectFailure(endpoint, failure)));
    const onAbort = () => {
      settle(() => reject(signal.reason));
      close();
    };
    const cancel = deps.after(seconds * 1000, () => {
      fail({ kind: 'timeout', stage: 'connect', seconds });
      close();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    const close = open((stream) => settle(() => resolve(stream)), fail);
  });

/** A name with several addresses fails with the errors of all of them: the first tells. */
const firstOf = (error: Error): Error => {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first : error;
};
