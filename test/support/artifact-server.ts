import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { portOf } from './free-port.ts';

const fakeWorker = fileURLToPath(new URL('fake-lotus-worker.sh', import.meta.url));

/** What the server does to a file instead of giving it out; `held`: the second half comes when the fault ends. */
export type ArtifactFault = 'missing' | 'wrong-bytes' | 'truncated' | 'server-error' | 'slow' | 'held';

export interface ArtifactServerOptions {
  /** Address that the hosts reach this machine by; 127.0.0.1 where it is left out. */
  readonly address?: string;
  /** Versions of the lotus-worker that there are: `1.11.1-3079a405a`. */
  readonly versions: readonly string[];
}

/** What a client asked for. */
export interface ArtifactRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
}

export interface ArtifactServer {
  /** For `artifacts.url` of an inventory. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Digest of each archive by its name, for `artifacts.sha256`. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Gives out another file by that name, and tells its digest. */
  publish(name: string, body: Buffer): string;
  /** Requests so far, oldest first. */
  readonly requests: readonly ArtifactRequest[];
  /** From now on this happens to the archive of that name; undefined ends it. */
  fail(name: string, fault: ArtifactFault | undefined): void;
  stop(): Promise<void>;
}

const USER = 'deploy';
/** Another one in each test file that runs, as TOKEN is. */
const PASSWORD = `artifact-Pa$$ "word${process.pid}`;
const BASE = '/application/filecoin';

/** The name of the archive of a version. */
export const archiveName = (version: string): string => `lotus-worker-${version}.tar.gz`;

/** An archive that holds one program, with the same bytes whenever it is made. */
export const packProgram = async (name: string, text: string): Promise<Buffer> => {
  const directory = await mkdtemp(join(tmpdir(), 'fcops-artifact-'));
  try {
    const program = join(directory, 'content');
    await mkdir(program);
    await writeFile(join(program, name), text, { mode: 0o755 });
    const archive = join(directory, 'archive.tar.gz');
    const stable = ['--owner=0', '--group=0', '--mtime=@1600000000'];
    await execa('tar', ['-czf', archive, ...stable, '-C', program, name]);
    return await readFile(archive);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** An archive with the made-up worker; its text, and so its digest, names the version. */
const makeArchive = async (version: string): Promise<Buffer> => {
  const [release = '1.11.1', commit = ''] = version.split('-');
  const script = await readFile(fakeWorker, 'utf8');
  return packProgram(
    'lotus-worker',
    script.replace('1.11.1+mainnet+git.3079a405a', `${release}+mainnet+git.${commit}`),
  );
};

const isAllowed = ({ headers }: IncomingMessage): boolean =>
  headers.authorization === `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** Where a download goes on (`Range: bytes=1000-`); 0 where it begins. */
const startOf = ({ headers }: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);

const send = async (
  response: ServerResponse,
  whole: Buffer,
  start: number,
  fault: ArtifactFault | undefined,
  isStill: (fault: ArtifactFault) => boolean,
): Promise<void> => {
  const body = whole.subarray(start);
  const part = `bytes ${start}-${whole.length - 1}/${whole.length}`;
  response.writeHead(start > 0 ? 206 : 200, {
    'content-type': 'application/gzip',
    'content-length': body.length,
    ...(start > 0 && { 'content-range': part }),
  });
  switch (fault) {
    case 'wrong-bytes':
      response.end(Buffer.alloc(body.length, 'x'));
      return;
    case 'truncated':
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
      return;
    case 'held':
      response.write(body.subarray(0, body.length / 2));
      while (isStill('held') && !response.destroyed) await delay(20);
      response.end(body.subarray(body.length / 2));
      return;
    case 'slow':
      for (let start = 0; start < body.length && !response.destroyed; start += 256) {
        response.write(body.subarray(start, start + 256));
        await delay(50);
      }
      response.end();
      return;
    default:
      response.end(body);
  }
};

/** Why nothing is given out, as the status says it; 0 where it is. */
const refusal = (
  request: IncomingMessage,
  body: Buffer | undefined,
  fault: ArtifactFault | undefined,
): number => {
  if (!isAllowed(request)) return 401;
  if (fault === 'server-error') return 500;
  if (!body || fault === 'missing') return 404;
  const start = startOf(request);
  return start > 0 && start >= body.length ? 416 : 0;
};

/** Starts an HTTP server with the archives of a made-up lotus-worker, behind a user name and a password. */
export const startArtifactServer = async ({
  address = '127.0.0.1',
  versions,
}: ArtifactServerOptions): Promise<ArtifactServer> => {
  const archives = new Map(
    await Promise.all(
      versions.map(async (version) => [archiveName(version), await makeArchive(version)] as const),
    ),
  );
  const requests: ArtifactRequest[] = [];
  const faults = new Map<string, ArtifactFault>();
  const server = createServer(async (request, response) => {
    const path = decodeURI(request.url ?? '');
    const name = path.startsWith(`${BASE}/`) ? path.slice(BASE.length + 1) : '';
    const body = archives.get(name);
    const fault = faults.get(name);
    const refused = refusal(request, body, fault);
    const start = startOf(request);
    const status = refused || (start > 0 ? 206 : 200);
    requests.push({ method: request.method ?? '', path, headers: request.headers, status });
    if (!refused && body) {
      // Only what is downloaded breaks: what is asked before it does not.
      const strikes = request.method === 'HEAD' ? undefined : fault;
      return send(response, body, start, strikes, (one) => faults.get(name) === one);
    }
    response.writeHead(refused, refused === 401 ? { 'www-authenticate': 'Basic realm="artifacts"' } : {});
    response.end(`${refused}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const digest = (body: Buffer) => createHash('sha256').update(body).digest('hex');
  return {
    url: `http://${address}:${portOf(server)}${BASE}`,
    user: USER,
    password: PASSWORD,
    sha256: Object.fromEntries([...archives].map(([name, body]) => [name, digest(body)])),
    requests,
    publish: (name, body) => {
      archives.set(name, body);
      return digest(body);
    },
    fail: (name, fault) => {
      if (fault) faults.set(name, fault);
      else faults.delete(name);
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
