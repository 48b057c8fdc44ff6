import { expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { problemDocument, problemDocumentSchema } from '../../../../src/cli/views/problem-document.ts';
import { again, edit, fcopsCommand } from '../../../../src/core/next.ts';

it('keeps the kind as a value, puts the rest into words, and has no key without a value', () => {
  const document = problemDocument(
    {
      kind: 'locked',
      what: 'another run is changing this host',
      where: { host: 'p1-50' },
      holder: { who: 'alice@ops1', run: 'r-1', since: '2026-11-22T04:30:00Z' },
      next: [fcopsCommand(['runs', 'show', 'r-1']), again('run again when it has ended')],
    },
    PLAIN_WORDS,
  );
  expect(document).toEqual({
    kind: 'locked',
    what: 'another run is changing this host',
    where: { host: 'p1-50' },
    why: 'alice@ops1, run r-1, since 2026-11-22T04:30:00Z',
    next: 'fcops runs show r-1; run again when it has ended',
    commands: ['fcops runs show r-1'],
  });
  expect(problemDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  expect(problemDocument({ kind: 'usage', what: 'x', why: '', next: [] }, PLAIN_WORDS)).toEqual({
    kind: 'usage',
    what: 'x',
  });
  expect(problemDocument({ kind: 'usage', what: 'x', next: [edit('y')] }, PLAIN_WORDS).next).toBe('y');
});
