import { expect, test } from 'vitest';
import { readRepositoryApi } from '../../../src/lotus/repository-api.ts';
import { TOKEN } from './samples.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const ADDRESS = '/ip4/10.0.0.5/tcp/2345/http';
const answer = (...lines: string[]) => `${lines.join('\n')}\n`;

test.each([
  ['nothing', '', { type: 'no repository' }],
  ['files without a repository', answer(`token\t${base64(TOKEN)}`), { type: 'no repository' }],
  ['a repository that init has just made', answer('repository'), { type: 'never started' }],
  ['one with a configuration alone', answer('repository', `listens\t${ADDRESS}`), { type: 'never started' }],
  [
    'one whose token is there, and that tells no address',
    answer('repository', `token\t${base64(TOKEN)}`),
    { type: 'never started' },
  ],
  [
    'an API for its own machine',
    answer('repository', `api\t${base64('/ip4/127.0.0.1/tcp/2345/http')}`, `token\t${base64(TOKEN)}`),
    { type: 'for itself' },
  ],
  [
    'an address that is none',
    answer('repository', `api\t${base64('secret')}`, `token\t${base64(TOKEN)}`),
    { type: 'not understood', why: 'the file api: it is no address of an API' },
  ],
  [
    'a token that is none',
    answer('repository', `api\t${base64(ADDRESS)}`, `token\t${base64('secret secret')}`),
    { type: 'not understood', why: 'the file token: it holds more than one word' },
  ],
])('%s', (_, text, expected) => {
  expect(readRepositoryApi(text, '10.0.0.5')).toEqual({ ok: true, value: expected });
});

test.each([
  ['running', answer('repository', `api\t${base64(ADDRESS)}`, `token\t${base64(TOKEN)}`, 'listens\t/x')],
  [
    'running for every address',
    answer('repository', `api\t${base64('/ip4/0.0.0.0/tcp/2345/http')}`, `token\t${base64(TOKEN)}`),
  ],
  ['stopped', answer('repository', `token\t${base64(`${TOKEN}\n`)}`, `listens\t${ADDRESS}`)],
])('address and token of one that is %s', (_, text) => {
  const found = readRepositoryApi(text, '10.0.0.5');
  if (!found.ok || found.value.type !== 'api') throw new Error(JSON.stringify(found));
  expect(found.value.address).toBe(ADDRESS);
  expect(found.value.token.reveal()).toBe(TOKEN);
  expect(JSON.stringify(found)).not.toContain(TOKEN);
});

test('an address of the machine itself is one for others where they reach it by that', () => {
  const api = '/ip4/127.94.0.1/tcp/2345/http';
  const text = answer('repository', `api\t${base64(api)}`, `token\t${base64(TOKEN)}`);
  expect(readRepositoryApi(text, '127.94.0.1')).toMatchObject({ value: { address: api } });
});
