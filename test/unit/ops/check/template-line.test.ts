import { expect, it } from 'vitest';
import { templateLine } from '../../../../src/ops/check/template-line.ts';
import { cpuSeconds } from '../../../support/cpu-seconds.ts';

const TEMPLATE = {
  text: `#!/bin/bash
# Starts {{tasks}} tasks.
{{> partials/pids.sh}}
rm -f $lock
echo {{sh address}}:{{port}} $1
echo {{sh other}}
{{#each tasks}}
start {{index}}
{{/each}}
done
done`,
};
const PARTIAL = { text: 'pids() {\n  ls $1\n}\n' };

it.each([
  ['a line as it stands there', 'rm -f $lock', 4],
  ['one with values in it', 'echo 10.0.0.5:2345 $1', 5],
  ['one of several that could be meant: the text around the value decides', '# Starts 14 tasks.', 2],
  ['one of a loop', 'start 7', 8],
])('%s is found', (_, rendered, line) => {
  expect(templateLine([TEMPLATE, PARTIAL], rendered)).toEqual({ of: TEMPLATE, line });
});

it('a line of what is included is found there', () => {
  expect(templateLine([TEMPLATE, PARTIAL], '  ls $1')).toEqual({ of: PARTIAL, line: 2 });
});

it.each([
  ['that is there twice', 'done'],
  ['that could be two', 'echo x:1 $2'],
  ['that is nowhere', 'nothing of that'],
  ['that is empty', ''],
])('a line %s is not guessed', (_, rendered) => {
  const twice = { text: `${TEMPLATE.text}\necho {{sh more}}` };
  expect(templateLine([twice, PARTIAL], rendered)).toBeUndefined();
});

it('a line of many values is looked for in no time', () => {
  const values = { text: `${'{{#if a}}{{b}}{{/if}}'.repeat(4)} x` };
  const took = cpuSeconds(() => {
    expect(templateLine([values], 'a'.repeat(60))).toBeUndefined();
    expect(templateLine([values], `${'a'.repeat(60)} x`)).toEqual({ of: values, line: 1 });
  });
  expect(took).toBeLessThan(1);
});

it('what stands around values is found in its order, and no letter of the line twice', () => {
  const text = { text: 'aba{{x}}aba' };
  expect(templateLine([text], 'abaaba')).toEqual({ of: text, line: 1 });
  expect(templateLine([text], 'aba')).toBeUndefined();
  expect(templateLine([text], 'ababa')).toBeUndefined();
  const three = { text: 'a{{x}}b{{y}}c{{z}}d' };
  expect(templateLine([three], 'a-b-c-d')).toEqual({ of: three, line: 1 });
  expect(templateLine([three], 'a-c-b-d')).toBeUndefined();
});
