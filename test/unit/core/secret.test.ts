import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { redactor, Secret } from '../../../src/core/secret.ts';

const token = new Secret('env TOKEN', () => 'eyJhbGciOi');

test('no way of printing a secret shows its value', () => {
  const printed = [`${token}`, String(token), JSON.stringify({ token }), inspect({ token }), inspect(token)];
  for (const text of printed) expect(text).not.toContain('eyJ');
  expect(inspect(token)).toBe('Secret(env TOKEN)');
  expect(token.reveal()).toBe('eyJhbGciOi');
});

test('the redactor masks every known value, longer ones first, and leaves short ones', () => {
  const redact = redactor(['secret', 'secret-long', 'abc']);
  expect(redact('a secret-long, a secret, abc')).toBe('a ********, a ********, abc');
});
