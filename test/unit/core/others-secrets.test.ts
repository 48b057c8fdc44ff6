import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretName, maskOthers, maskOutput, oursOf } from '../../../src/core/others-secrets.ts';
import { cpuSeconds } from '../../support/cpu-seconds.ts';

const OURS = oursOf('#!/bin/bash\nexport RUST_LOG=info\nmkdir -p /opt/w\nrun --listen 1.2.3.4:80\n');
const SECRET = 'hunter2';

describe('a file of others', () => {
  it.each([
    'password=hunter2',
    'password = hunter2 and hunter2',
    'export DB_PASS="hunter2"',
    "X='hunter2'",
    'X=$(echo hunter2 | base64)',
    'mysql -phunter2 db',
    'mysql -p hunter2 db',
    'run --token hunter2 --more',
    'run --api-key=hunter2',
    'curl -u admin:hunter2 http://x/',
    'curl http://admin:hunter2@x/',
    "curl -H 'Authorization: Bearer hunter2'",
    'password: hunter2',
    '"secretKey": "hunter2"',
    'machine x login y password hunter2',
    '//srv/share /mnt cifs username=u,password=hunter2 0 0',
    '* * * * * KEY=hunter2 /usr/bin/backup',
    'RUST_LOG=info,password=hunter2',
    'run --password \\\n  hunter2',
    'X="a\nhunter2\nhunter2" run',
    'AWS[key]=hunter2',
  ])('shows no value in %j', (line) => expect(maskOthers(line, OURS)).not.toContain(SECRET));

  it.each([
    ['export RUST_LOG=trace', 'export RUST_LOG=trace'],
    ['export FIL_PROOFS_NUMA_NODE=0,1', 'export FIL_PROOFS_NUMA_NODE=0,1'],
    ['export OTHER=x more', 'export OTHER=******** more'],
    ['export A=$B C="$D"', 'export A=$B C="$D"'],
    ['mkdir -p /opt/w', 'mkdir -p /opt/w'],
    ['mkdir -p /opt/x', 'mkdir -p ********'],
    ['nohup taskset -c 0-7 lotus-worker run', 'nohup taskset -c 0-7 lotus-worker run'],
    ['id 0123456789abcdef0123456789abcdef', 'id ********'],
    ['curl http://u:p@x/', 'curl http://********@x/'],
  ])('%j becomes %j', (line, shown) => expect(maskOthers(line, OURS)).toBe(shown));

  it('is shown where a line is our own', () => {
    expect(maskOthers('export RUST_LOG=info\nkey = 1', oursOf('key = 1'))).toBe(
      'export RUST_LOG=info\nkey = 1',
    );
  });

  it('keeps its lines, and shows no value of a secret whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom('a', ' ', '=', '"', "'", ';', '\n', '-', '$', '\\') });
    const named = fc.constantFrom('password=', 'TOKEN=', 'api_key: ', '--secret ', 'X=');
    fc.assert(
      fc.property(around, named, (before, name) => {
        const text = `${before}\n${name}${SECRET}\n`;
        const shown = maskOthers(text, OURS);
        expect(shown.split('\n')).toHaveLength(text.split('\n').length);
        expect(shown).not.toContain(SECRET);
      }),
    );
  });
});

it.each([
  'a/',
  'a+',
  '://',
  'RUST_LOG=',
  'A=',
  '"-u',
  ' -p',
  "'",
  '"x ',
  'eyJaaaaaaaa.',
  'key',
  'a"]',
  ':/ip4/1/tcp/1',
])('reads 256 KiB of %j in a moment', { timeout: 30_000 }, (piece) => {
  const text = piece.repeat((256 * 1024) / piece.length);
  const took = cpuSeconds(() => {
    maskOthers(text, OURS);
    maskOutput(text);
  });
  expect(took).toBeLessThan(10);
});

describe('what programs print', () => {
  it.each([
    ['E: 401 of http://u:hunter2@mirror/', 'E: 401 of http://********@mirror/'],
    ['mount: password=hunter2,uid=0', 'mount: password=********'],
    ['> Authorization: Basic aHVudGVyMg==', '> Authorization: ********'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJBbGxvdyI6W119.abc_-', 'token ********'],
    ['the public key is not available: NO_PUBKEY 3B4FE6ACC0B21F32', null],
    ['Reading package lists... Done', null],
    ['a=b c: d', null],
  ])('%j', (line, shown) => expect(maskOutput(line)).toBe(shown ?? line));
});

it('knows names of secrets', () => {
  const names = [
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'AWS_ACCESS_KEY_ID',
    'luks.key',
    'GITHUB_TOKEN',
    'passwd',
  ];
  expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  expect(['monkey', 'RUST_LOG', 'compass', 'hugepagesz', 'NO_PUBKEY'].filter(isSecretName)).toEqual([]);
});

it('takes every variable that the shipped templates set in plain text for such', () => {
  const templates = new URL('../../../templates/', import.meta.url);
  const lines = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.hbs'))
    .flatMap((name) => readFileSync(new URL(name, templates), 'utf8').split('\n'));
  const names = lines.flatMap((line) => /^\s*export (\w+)=(?!\{\{secret)/.exec(line)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(20);
  const { isPlain } = oursOf('');
  expect(names.filter((name) => !isPlain(name))).toEqual([]);
});

it('reads no line letter by letter that has nothing to mask, and masks the same', () => {
  const part = fc.constantFrom(
    ...[
      'pass',
      'Pwd',
      'PSK',
      'pin',
      'auth',
      'Key',
      'keys',
      'creds',
      'token',
      'secret',
      'Bearer ',
      'basic ',
      'eyJhbGciOiJ.eyJ.x',
    ],
    ...[
      '://',
      'u@h',
      '=',
      ': ',
      '"',
      "'",
      ' ',
      '-p ',
      '-u a:b',
      '_',
      '.',
      'x',
      '1',
      'abcdefgh1234567890abcdef',
      '\\',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
      const line = parts.join('').replaceAll('\n', '');
      // With such a word before it every line is read as a whole.
      expect(`key , ${maskOutput(line)}`).toBe(maskOutput(`key , ${line}`));
    }),
    { numRuns: 2000 },
  );
});
