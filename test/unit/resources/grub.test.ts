import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeGrub } from '../../../src/resources/grub/grub-arguments.ts';
import { argumentsOf, mergeKernelLine, splitKernelLine } from '../../../src/resources/grub/kernel-line.ts';
import { assignmentsOf, doubleQuoted, parseValue } from '../../../src/resources/text/shell-assignments.ts';

const WANTED = ['default_hugepagesz=1G', 'hugepagesz=1G'];
const X = 'GRUB_CMDLINE_LINUX_DEFAULT';

/** What a shell makes of the variable: the judge of everything here. */
const inShell = (text: string, tries = 3): string => {
  try {
    return execFileSync('bash', ['-c', `eval "$1"; printf %s "$${X}"`, 'bash', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 5_000,
      killSignal: 'SIGKILL',
    });
  } catch (error) {
    // Once in some ten thousand starts a shell does not come to its end, whatever the text.
    const late = error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT';
    if (!late || tries <= 1) throw error;
    return inShell(text, tries - 1);
  }
};

const argument = fc.constantFrom(
  'quiet',
  'splash',
  'default_hugepagesz=2M',
  'hugepagesz=1G',
  'console=tty0',
  'x="a b"',
  'y=$z',
  'ro',
  "q='",
);
const value = fc.array(argument, { maxLength: 4 }).map((list) => list.join(' '));
const assignment = fc.oneof(
  value.map((one) => `${X}=${doubleQuoted(one)}`),
  value.filter((one) => !one.includes("'")).map((one) => `${X}='${one}'`),
  value.map((one) => `export ${X}=${doubleQuoted(one)} # a comment`),
  value.map((one) => `${X}+=${doubleQuoted(` ${one}`)}`),
  fc.constantFrom(`${X}="$${X} more"`, `${X}="\${${X}} more"`, `${X}=quiet`, `${X}=`),
);
const other = fc.constantFrom(
  'GRUB_TIMEOUT=5',
  '# GRUB_CMDLINE_LINUX_DEFAULT="old"',
  '',
  'GRUB_CMDLINE_LINUX=""',
);
/** The merged text; where there is none the test fails. */
const merge = (text: string): string => {
  const merged = mergeGrub(text, X, WANTED);
  if (!merged.ok) throw new Error(merged.error.message);
  return merged.value;
};
const defaults = fc
  .array(fc.oneof(assignment, other), { maxLength: 6 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

describe('/etc/default/grub', () => {
  it('gets the arguments besides those that a shell finds in it, each once', () => {
    fc.assert(
      fc.property(defaults, (text) => {
        const before = splitKernelLine(inShell(text));
        expect(splitKernelLine(inShell(merge(text)))).toEqual(mergeKernelLine(before, WANTED));
      }),
      { numRuns: 60 },
    );
  });

  it('is merged once: merging again changes nothing, and other lines stay', () => {
    fc.assert(
      fc.property(defaults, (text) => {
        const once = merge(text);
        expect(merge(once)).toBe(once);
        const others = (all: string) =>
          all.split('\n').filter((line) => !/^(export )?GRUB_CMDLINE_LINUX_DEFAULT/.test(line));
        expect(others(once)).toEqual(others(text));
      }),
    );
  });

  it.each([
    ['a command', `${X}="$(cat /proc/cmdline)"`],
    ['another variable', `${X}="$OTHER quiet"`],
    ['a condition', `if true; then\n  ${X}="quiet"\nfi`],
    ['two lines', `${X}="quiet\nsplash"`],
    ['a second command', `${X}="quiet"; echo x`],
  ])('is not guessed at where it needs a shell: %s', (_, text) => {
    expect(mergeGrub(`${text}\n`, X, WANTED).ok).toBe(false);
  });
});

describe('parseValue', () => {
  it('reads words as a shell does', () => {
    const part = fc.constantFrom(
      'a',
      ' ',
      "'b c'",
      '"d"',
      '\\ ',
      '"\\""',
      '"\\a"',
      "'\\'",
      '"\\\\"',
      '#',
      '"\\$"',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('').trim();
        const parsed = parseValue(text, new Map());
        fc.pre(parsed !== null);
        expect(parsed?.value).toBe(inShell(`${X}=${text}`));
      }),
      { numRuns: 60 },
    );
  });

  it('knows the lines of every assignment', () => {
    expect(assignmentsOf(['A=1', 'B=2', 'A+=3 # x'], 'A')).toEqual([
      { line: 0, value: '1', before: 'A=', after: '' },
      { line: 2, value: '13', before: 'A=', after: ' # x' },
    ]);
  });
});

describe('kernel arguments', () => {
  it('are cut at blanks outside of quotes', () => {
    expect(splitKernelLine(' a  b="c d" e')).toEqual(['a', 'b="c d"', 'e']);
  });

  it('take the place of those of their name, the doubled ones going', () => {
    expect(mergeKernelLine(['a=1', 'b', 'a=2'], ['a=3', 'c'])).toEqual(['a=3', 'b', 'c']);
  });

  it('are refused where they would need quotes', () => {
    expect(() => argumentsOf({ a: 'b c' })).toThrow(RangeError);
  });
});
