import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** The port that a server listens on, once it does. */
export const portOf = (server: Server): number => {
  const bound = server.address();
  if (!bound || typeof bound !== 'object') throw new Error('the server does not listen on a port');
  return bound.port;
};

/** A port of the system's choice that nobody listens on just now. */
export const freePort = async (address = '127.0.0.1'): Promise<number> => {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
};
