import { inspect } from 'node:util';
import { expect, test } from 'vitest';
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

test('the redactor masks every known value, longer ones first, and leaves short ones', () => {
  const redact = redactor(['a-secret', 'a-secret-long', 'lotus']);
  expect(redact('a-secret-long, a-secret, lotus')).toBe('********, ********, lotus');
});
