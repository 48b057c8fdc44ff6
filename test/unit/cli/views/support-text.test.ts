import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { supportLines } from '../../../../src/cli/views/support-text.ts';

it('what could not be had for the same reason is told once, with all of its names', () => {
  const why = 'the connection was refused';
  const lines = supportLines(
    {
      ...{ format: 'fcops-support/1', miner: 'f0494733', host: 'p1-50', file: '/tmp/a.tar.gz', bytes: 10 },
      files: [{ name: 'index.txt', bytes: 10 }],
      missing: [
        { name: 'plan.txt', why },
        { name: 'logs/P2', why: 'it is not there' },
        { name: 'kernel.txt', why },
      ],
    },
    { paint: painter(false), width: 100 },
  );
  expect(lines.slice(1)).toEqual([
    '3 things could not be had:',
    '? plan.txt, kernel.txt: the connection was refused',
    '? logs/P2: it is not there',
  ]);
});
