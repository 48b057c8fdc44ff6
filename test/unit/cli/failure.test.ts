import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { showFailure } from '../../../src/cli/failure.ts';
import { edit } from '../../../src/core/next.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { keepingStream, testContext } from './context.ts';

const error = new FcopsError([
  {
    kind: 'inventory',
    what: 'unknown key "rols"',
    where: { file: 'f01.yaml', line: 3, column: 5, host: 'p1-50' },
    next: [edit('did you mean "roles"?')],
  },
  { kind: 'secret', what: 'the token t0ken-of-the-miner is wrong', why: 'first\nsecond' },
]);

describe('showFailure', () => {
  it('says of each problem what, where, why and what to do', () => {
    const { context, stderr } = testContext();
    showFailure(error, context);
    expect(stderr()).toMatchInlineSnapshot(`
      "error: f01.yaml:3:5, p1-50: unknown key "rols"
        next: did you mean "roles"?
      error: the token t0ken-of-the-miner is wrong
        why:  first
              second
      2 errors
      "
    `);
  });

  it('is one line of JSON for programs', () => {
    const { context, stderr, stdout } = testContext({ output: 'json' });
    showFailure(error, context);
    expect(JSON.parse(stderr())).toEqual({
      type: 'error',
      problems: [
        {
          kind: 'inventory',
          what: 'unknown key "rols"',
          where: { file: 'f01.yaml', line: 3, column: 5, host: 'p1-50' },
          next: 'did you mean "roles"?',
        },
        { kind: 'secret', what: 'the token t0ken-of-the-miner is wrong', why: 'first\nsecond' },
      ],
    });
    expect(stderr().trim().split('\n')).toHaveLength(1);
    expect(stdout()).toBe('');
  });

  it('masks secrets, whoever put them there', () => {
    const { context, stderr } = testContext();
    context.output.hide(['t0ken-of-the-miner']);
    showFailure(error, context);
    expect(stderr()).toContain('the token ******** is wrong');
  });

  it('keeps the stack of a defect out of sight, in a file, without secrets', () => {
    const { context, stderr } = testContext();
    context.output.hide(['t0ken-of-the-miner']);
    showFailure(new TypeError('x of t0ken-of-the-miner is undefined'), context);
    expect(stderr()).toMatch(
      /^error: this is a defect of fcops 0\.0\.0: x of \*+ is undefined\n {2}next: report it with (\S+)\n$/,
    );
    const file = /with (\S+)/.exec(stderr())?.[1] ?? '';
    const log = readFileSync(file, 'utf8');
    rmSync(file);
    expect(log).toContain('failure.test.ts');
    expect(log).not.toContain('t0ken');
  });

  it('takes an error of the file system for no defect', () => {
    const { context, stderr } = testContext();
    let thrown: unknown;
    try {
      readFileSync('/etc/hostname/below');
    } catch (error) {
      thrown = error;
    }
    showFailure(thrown, context);
    expect(stderr()).toBe('error: /etc/hostname/below: a part of the path is a file, not a directory\n');
  });

  it('breaks lines for a terminal, the first one with its place too', () => {
    const stderr = keepingStream(true);
    const { context } = testContext({ color: 'never' }, { stderr: stderr.stream });
    showFailure(
      new FcopsError({
        kind: 'inventory',
        what: 'word '.repeat(30).trim(),
        where: { file: 'inventories/f0494733.yaml' },
      }),
      context,
    );
    const lines = stderr.text().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^ {2}word /);
  });

  it('shows the stack with --debug', () => {
    const { context, stderr } = testContext({ debug: true });
    showFailure(new TypeError('oops'), context);
    expect(stderr()).toContain('failure.test.ts');
  });
});
