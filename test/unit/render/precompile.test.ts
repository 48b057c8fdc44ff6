import { expect, it } from 'vitest';
import { z } from 'zod';
import { FcopsError } from '../../../src/core/problem.ts';
import { precompiledModule } from '../../../src/render/precompile.ts';
import type { PrecompiledTemplates } from '../../../src/render/precompiled.ts';
import { createRenderer } from '../../../src/render/renderer.ts';

const TEXTS = {
  'p1/start.sh': '#!/bin/bash\n{{#each tasks}}\n  {{> partials/one.sh}}\n{{/each}}\necho {{sh name}}\n',
  'partials/one.sh': 'start {{id}}\n{{#if port}}on {{port}}{{/if}}\n',
};
const templates = new Map(
  Object.entries(TEXTS).map(([name, text]) => [name, { file: `templates/${name}.hbs`, text }]),
);

const precompiled = async (): Promise<PrecompiledTemplates> => {
  const source = precompiledModule([...templates.values()]);
  const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return z
    .object({
      shippedTemplates: z.map(
        z.string(),
        z.object({ spec: z.looseObject({}), lines: z.map(z.string(), z.number()) }),
      ),
    })
    .parse(loaded).shippedTemplates;
};

const said = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    if (error instanceof FcopsError) return error.problems;
    throw error;
  }
};

it.each([
  [
    'a list',
    'start 2',
    {
      name: "a 'b'",
      tasks: [
        { id: 1, port: 8 },
        { id: 2, port: 0 },
      ],
    },
  ],
  [
    'a variable that an included one misses',
    'partials/one.sh.hbs","line":2',
    { name: 'a', tasks: [{ id: 1 }] },
  ],
  ['a variable that is missing in the last line', '"line":5', { tasks: [] }],
])('gives what a template gives that is compiled when it is used: %s', async (_, told, values) => {
  const [ready, compiled] = await Promise.all([
    createRenderer(templates, await precompiled()),
    createRenderer(templates, new Map()),
  ]);
  const expected = said(() => compiled('p1/start.sh', values));
  expect(said(() => ready('p1/start.sh', values))).toEqual(expected);
  expect(JSON.stringify(expected)).toContain(told);
});

it('compiles a template that is not as it was shipped', async () => {
  const changed = new Map(templates).set('p1/start.sh', {
    file: 'own/p1/start.sh.hbs',
    text: 'own {{name}}',
  });
  const render = await createRenderer(changed, await precompiled());
  expect(JSON.stringify(render('p1/start.sh', { name: 'p1-50' }))).toContain('own p1-50');
});
