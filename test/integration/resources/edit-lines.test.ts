import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdit, linesOf } from '../../../src/resources/edits/edits.ts';
import { STEP_SHELL } from '../../../src/resources/kinds.ts';

const oneLine = fc.oneof(
  fc.constantFrom('A=1', '#A=', 'A=2', '[Manager]', '', ' A=1', '*', '\\n', '$x `y`', "it's", '\tü\r'),
  fc.string({ maxLength: 6 }).map((text) => text.replace(/[\n\0]/g, '.')),
);
const text = fc
  .tuple(fc.array(oneLine, { maxLength: 8 }), fc.boolean())
  .map(([lines, ended]) => (lines.length === 0 ? '' : `${lines.join('\n')}${ended ? '\n' : ''}`));
const wanted = fc.constantFrom('A=1', 'A=3', '* $x', null);

it('edit_lines on a host makes of a text what the plan shows', () => {
  fc.assert(
    fc.property(text, wanted, (before, line) => {
      const drop = [...new Set(linesOf(before).filter((one) => /^.?A=/.test(one) && one !== line))];
      const script = `${STEP_SHELL}\nset -euo pipefail\nedit_lines "$@"`;
      const after = execFileSync('bash', ['-c', script, 'bash', line ?? '', ...drop], {
        input: before,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      });
      expect(after).toBe(applyEdit(before, { line, drop }));
    }),
    { numRuns: 80 },
  );
});
