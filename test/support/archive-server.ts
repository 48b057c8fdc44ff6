import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a request asked for, and with which credentials. */
export interface Asked {
  readonly path: string;
  /** `user:password`; null: none were given. */
  readonly credentials: string | null;
}

export interface ArchiveServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
}

/** A web server on this machine, for what `answer` does not answer a 404. */
export const archiveServer = async (
  answer: (path: string, response: ServerResponse, asked: Asked) => boolean,
): Promise<ArchiveServer> => {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const path = request.url ?? '';
    const [, basic] = /^Basic (.*)$/.exec(request.headers.authorization ?? '') ?? [];
    const one = {
      path,
      credentials: basic === undefined ? null : Buffer.from(basic, 'base64').toString('utf8'),
    };
    asked.push(one);
    if (!answer(path, response, one)) response.writeHead(404).end('nothing here');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
