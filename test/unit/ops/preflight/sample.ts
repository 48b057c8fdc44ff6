import type { Answers } from '../../../../src/ops/preflight/ask.ts';
import type { HttpAnswer } from '../../../../src/ops/preflight/http-answer.ts';
import type { Sought } from '../../../../src/ops/preflight/sought.ts';

export const URL_OF_ARCHIVE = 'http://artifacts.example.com/filecoin/lotus-worker-1.11.1.tar.gz';

/** A host of which everything is asked. */
export const SOUGHT: Sought = {
  host: 'p1-50',
  listen: '192.168.10.50',
  seeksListen: false,
  miner: 'f0494733',
  api: {
    multiaddr: '/ip4/192.168.10.1/tcp/2345/http',
    host: '192.168.10.1',
    port: 2345,
    isFromMiner: false,
    isPlain: true,
  },
  archives: [
    {
      url: URL_OF_ARCHIVE,
      sha256: 'a'.repeat(64),
      directory: '/opt/lotusworker/versions/p1/1.11.1',
      proxy: null,
    },
  ],
  packages: { manager: 'apt', mirror: null, proxy: null, names: ['curl'] },
  names: [
    { name: 'artifacts.example.com', what: ['artifact server'] },
    { name: 'time.example.com', what: ['time server'] },
  ],
  ports: [{ name: 'P1-1', port: 10_001, repository: '/opt/lotusworker/worker-1p1' }],
  cpus: [0, 1, 2, 3],
  own: [
    {
      repository: '/opt/lotusworker/worker-1p1',
      known: { by: 'argument' },
      program: '/opt/lotusworker/lotus-worker',
      environment: [],
    },
  ],
  setsClock: false,
};

export const status = (code: number, body = ''): HttpAnswer => ({ type: 'status', code, url: null, body });

export const rpc = (result: unknown): HttpAnswer =>
  status(200, JSON.stringify({ jsonrpc: '2.0', id: 1, result }));

/** A host where all is well. */
export const WELL: Answers = {
  clock: { begin: 1000, end: 3000, synchronized: { type: 'unknown' } },
  api: rpc(['read', 'write', 'sign', 'admin']),
  archives: new Map([[URL_OF_ARCHIVE, status(200)]]),
  names: new Map([
    ['artifacts.example.com', 'known'],
    ['time.example.com', 'known'],
  ]),
  sources: [
    { isOurs: false, url: 'http://deb.debian.org/debian/dists/bookworm/InRelease', answer: status(200) },
  ],
  missing: ['curl'],
  listeners: [],
  busy: [],
  addresses: null,
};
