import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { escapeUnseen, jsonText } from '../../../src/core/invisible.ts';
import { redactor, Secret } from '../../../src/core/secret.ts';
import { quote } from '../../../src/core/shell.ts';

const token = new Secret('env TOKEN', () => 'eyJhbGciOi');

test('no way of printing a secret shows its value', () => {
  const printed = [`${token}`, String(token), JSON.stringify({ token }), inspect({ token }), inspect(token)];
  for (const text of printed) expect(text).not.toContain('eyJ');
  expect(inspect(token)).toBe('Secret(env TOKEN)');
  expect(token.reveal()).toBe('eyJhbGciOi');
});

test('a secret is masked as a shell word too, and in a JSON string', () => {
  const value = 'it\'s "a" \\ secret';
  const redact = redactor([value]);
  const line = `export T=${quote(value)} # or ${value}`;
  expect(redact(line)).toBe('export T=******** # or ********');
  expect(redact(JSON.stringify({ line }))).toBe('{"line":"export T=******** # or ********"}');
});

test('a secret of several lines is masked line by line too, as programs print it', () => {
  const value = 'first-line-of-it\nsecond "line" of it\n}';
  const redact = redactor([value]);
  expect(redact('says: second "line" of it')).toBe('says: ********');
  expect(redact(JSON.stringify({ line: 'second "line" of it' }))).toBe('{"line":"********"}');
  expect(redact(`a ${value} b`)).toBe('a ******** b');
  expect(redact('}')).toBe('}');
  expect(redactor(['     ', ' a-secret '])('x     y a-secret')).toBe('x     y ********');
});

test('a secret is masked where a line was broken in it, and where what is unseen in it was escaped', () => {
  const redact = redactor(['pl4nted $ecret', 'turned\u202eround\u0007']);
  expect(redact('why: pl4nted\n      \u001b[31m$ecret x')).toBe('why: ******** x');
  expect(redact(jsonText(['turned\u202eround\u0007']))).toBe('["********"]');
  expect(redact(escapeUnseen('turned\u202eround\u0007'))).toBe('********');
});

test('the redactor masks every known value, longer ones first, and leaves short ones', () => {
  const redact = redactor(['a-secret', 'a-secret-long', 'lotus']);
  expect(redact('a-secret-long, a-secret, lotus')).toBe('********, ********, lotus');
});
