import { describe, expect, it } from 'vitest';
import type { Credentials, GetDeps, Got } from '../../../../src/ops/artifacts/http-get.ts';
import { httpGet } from '../../../../src/ops/artifacts/http-get.ts';
import { type ArchiveServer, archiveServer } from '../../../support/archive-server.ts';

const deps = (change: Partial<GetDeps> = {}): GetDeps => ({
  signal: new AbortController().signal,
  idle: 10_000,
  deadline: 10_000,
  agent: 'fcops/test',
  ...change,
});

const textOf = async ({ pieces }: Got): Promise<string> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString('utf8');
};

const withServer = async (
  answer: Parameters<typeof archiveServer>[0],
  test: (server: ArchiveServer) => Promise<void>,
): Promise<void> => {
  const server = await archiveServer(answer);
  try {
    await test(server);
  } finally {
    await server.close();
  }
};

const ALICE: Credentials = { user: 'alice', password: 'p w:%' };

describe('httpGet', () => {
  it('gives the bytes as they are sent, with their length', () =>
    withServer(
      (_, response) => {
        // Compressed is what is kept: another sum would be that of no file.
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '3' }).end('abc');
        return true;
      },
      async ({ url }) => {
        const got = await httpGet(new URL(`${url}/a`), null, deps());
        if (!got.ok) throw new Error('refused');
        expect(got.value.length).toBe(3);
        expect(await textOf(got.value)).toBe('abc');
      },
    ));

  it('follows redirects, and tells credentials to nobody but their own server', async () => {
    const other = await archiveServer((_, response) => {
      response.end('from the other');
      return true;
    });
    try {
      await withServer(
        (path, response) => {
          const to = path === '/a' ? '/b' : `${other.url}/c`;
          response.writeHead(path === '/a' ? 302 : 307, { location: to }).end();
          return true;
        },
        async (server) => {
          const got = await httpGet(new URL(`${server.url}/a`), ALICE, deps());
          expect(got.ok && (await textOf(got.value))).toBe('from the other');
          expect(server.asked).toEqual([
            { path: '/a', credentials: 'alice:p w:%' },
            { path: '/b', credentials: 'alice:p w:%' },
          ]);
          expect(other.asked).toEqual([{ path: '/c', credentials: null }]);
        },
      );
    } finally {
      await other.close();
    }
  });

  it('takes what stands in the URL for its credentials', () =>
    withServer(
      (_, response) => {
        response.end('x');
        return true;
      },
      async ({ url, asked }) => {
        const named = new URL(`${url}/a`);
        named.username = 'bob';
        named.password = 's%:@';
        const got = await httpGet(named, ALICE, deps());
        expect(got.ok && (await textOf(got.value))).toBe('x');
        expect(asked).toEqual([{ path: '/a', credentials: 'bob:s%:@' }]);
      },
    ));

  it('keeps them where its server redirects to a whole URL of its own', () =>
    withServer(
      (path, response, { credentials }) => {
        if (path === '/a')
          response.writeHead(301, { location: `http://${response.req.headers.host}/b` }).end();
        else response.end(credentials);
        return true;
      },
      async ({ url }) => {
        const named = new URL(`${url}/a`);
        named.username = 'bob';
        named.password = 'secret';
        const got = await httpGet(named, null, deps());
        expect(got.ok && (await textOf(got.value))).toBe('bob:secret');
      },
    ));

  it('says which status it was, and that redirects go round in a circle or elsewhere', () =>
    withServer(
      (path, response) => {
        if (path === '/round') response.writeHead(302, { location: '/round' }).end();
        else if (path === '/ftp') response.writeHead(302, { location: 'ftp://x/y' }).end();
        else if (path === '/part') response.writeHead(206).end('p');
        else return false;
        return true;
      },
      async ({ url }) => {
        const get = (path: string) => httpGet(new URL(`${url}${path}`), null, deps());
        expect(await get('/none')).toEqual({ ok: false, error: { type: 'status', status: 404 } });
        expect(await get('/part')).toEqual({ ok: false, error: { type: 'status', status: 206 } });
        expect(await get('/round')).toMatchObject({
          error: { why: 'more than 20 redirects, each to another' },
        });
        expect(await get('/ftp')).toMatchObject({
          error: { why: 'the server redirects to ftp:, which is not followed' },
        });
      },
    ));

  it('says that it broke off, stood still, or took too long', () =>
    withServer(
      (path, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('some');
        if (path === '/broken') setTimeout(() => response.destroy(), 50);
        if (path === '/slow') setInterval(() => response.destroyed || response.write('.'), 20).unref();
        return true;
      },
      async ({ url }) => {
        const read = async (path: string, change: Partial<GetDeps>) => {
          const got = await httpGet(new URL(`${url}${path}`), null, deps(change));
          if (!got.ok) throw new Error('refused');
          return textOf(got.value);
        };
        await expect(read('/broken', {})).rejects.toThrow('the connection broke off before its end');
        await expect(read('/still', { idle: 100 })).rejects.toThrow('nothing came for 0.1 s');
        await expect(read('/slow', { idle: 5000, deadline: 300 })).rejects.toThrow(
          'it took longer than 0.3 s',
        );
      },
    ));

  it('gives up a server that never answers, and one that is not there', () =>
    withServer(
      () => true,
      async (server) => {
        expect(await httpGet(new URL(`${server.url}/a`), null, deps({ idle: 100 }))).toEqual({
          ok: false,
          error: { type: 'failed', why: 'nothing came for 0.1 s' },
        });
        const gone = await archiveServer(() => true);
        await gone.close();
        expect(await httpGet(new URL(gone.url), null, deps())).toMatchObject({
          ok: false,
          error: { why: expect.stringContaining('ECONNREFUSED') },
        });
      },
    ));

  it('throws what whoever has interrupted it says', () =>
    withServer(
      () => true,
      async ({ url }) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error('enough')), 50);
        await expect(httpGet(new URL(`${url}/a`), null, deps({ signal: controller.signal }))).rejects.toThrow(
          'enough',
        );
      },
    ));
});
