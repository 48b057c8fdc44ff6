import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCHEMAS, schemaExamples, schemaNamed } from '../../../src/cli/schemas.ts';

it.each(Object.keys(SCHEMAS))('%s is a JSON Schema with a title', async (name) => {
  expect(await schemaNamed(name)?.load()).toMatchObject({
    $schema: expect.stringContaining('json-schema.org'),
    title: expect.stringMatching(/\S/),
  });
});

it('every document that a command prints for programs has one', () => {
  const views = join(import.meta.dirname, '../../../src/cli/views');
  const documents = readdirSync(views).flatMap((name) => /^(.*)-document\.ts$/.exec(name)?.[1] ?? []);
  const parts = ['hardware', 'host', 'problem'];
  const names = documents
    .filter((name) => !parts.includes(name))
    .map((name) => (name === 'event' ? 'events' : name));
  expect(Object.keys(SCHEMAS)).toEqual(expect.arrayContaining(names));
});

it('each that a command prints is an example of the help', () => {
  expect(schemaExamples()).toContainEqual([
    'fcops schema workers',
    'what `fcops workers --output json` prints',
  ]);
});
