import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import type { SecretsCheckDocument } from '../../../../src/cli/views/secrets-check-document.ts';
import { checkLines } from '../../../../src/cli/views/secrets-text.ts';

const nothing: SecretsCheckDocument = {
  format: 'fcops-secrets-check/1',
  kept: 0,
  recipients: 0,
  known: 2,
  wrong: 0,
  warnings: 0,
  unknown: 0,
  findings: [],
};

it('a check that finds nothing does not read as if values stood in the clear', () => {
  const last = (more: Partial<SecretsCheckDocument>) =>
    checkLines({ ...nothing, ...more }, { paint: painter(false), width: 400 }).at(-1);
  expect(last({})).toBe(
    'ok: looked at 0 secrets for 0 recipients, and whether 2 values known here stand in the clear anywhere',
  );
  expect(last({ kept: 1, recipients: 1, known: 1 })).toBe(
    'ok: looked at 1 secret for 1 recipient, and whether 1 value known here stands in the clear anywhere',
  );
});

it('ends a check with lines that fit', () => {
  const lines = checkLines({ ...nothing, kept: 3, known: 2 }, { paint: painter(false), width: 60 });
  expect(lines.every((line) => line.length <= 60)).toBe(true);
  expect(lines).toHaveLength(2);
});
