import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { portOf } from './free-port.ts';

/** How the made-up API of a lotus-miner behaves. */
export type MinerApiMood =
  /** It takes the token; what it allows is `allows`. */
  | 'well'
  /** It answers with an error of HTTP. */
  | 'broken'
  /** It is no API: a page of some other server. */
  | 'page'
  /** It takes a connection, and never answers. */
  | 'silent';

export interface MinerApi {
  /** `/ip4/127.0.0.1/tcp/2345/http` */
  readonly multiaddr: string;
  readonly port: number;
  mood: MinerApiMood;
  allows: readonly string[];
  /** Tokens that it was given, oldest first. */
  readonly tokens: readonly string[];
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** Starts what answers to JSON-RPC as lotus-miner does, where its token is this one. */
export const startMinerApi = async (token: string, address = '127.0.0.1', port = 0): Promise<MinerApi> => {
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    const given = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    tokens.push(given);
    const body = await bodyOf(request);
    if (api.mood === 'silent') return;
    if (api.mood === 'page') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><title>It works</title></html>\n');
      return;
    }
    if (api.mood === 'broken') {
      response.writeHead(502);
      response.end('bad gateway\n');
      return;
    }
    if (request.method !== 'POST' || request.url !== '/rpc/v0') {
      response.writeHead(404);
      response.end('404 page not found\n');
      return;
    }
    if (given !== token) {
      response.writeHead(401);
      response.end();
      return;
    }
    const { id, method } = JSON.parse(body);
    const result =
      method === 'Filecoin.AuthVerify'
        ? { result: api.allows }
        : { error: { code: -32601, message: `method '${method}' not found` } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ jsonrpc: '2.0', ...result, id })}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  const api: MinerApi = {
    multiaddr: `/ip4/${address}/tcp/${portOf(server)}/http`,
    port: portOf(server),
    mood: 'well',
    allows: ['read', 'write', 'sign', 'admin'],
    tokens,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return api;
};
