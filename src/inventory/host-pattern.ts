import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';

/** The language in which hosts are named, of `--limit` and of groups: see `Selection.limit`. */

/** A number range `[08:12]` (width as in Ansible: leading zeros count) as a test of the digits found. */
interface RangeTest {
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

export interface Pattern {
  readonly text: string;
  /** Whether it is a text as it stands, which nothing but itself matches. */
  readonly isPlain: boolean;
  readonly matches: (text: string) => boolean;
}

/** What keeps a text from being a pattern, and what to write. */
export interface Slip {
  readonly what: string;
  readonly next: string;
}

/** Of several `*` one is enough, and `.*.*.*` would be tried in every way that there is. */
const TOKEN = /\[(\d+):(\d+)\]|\[(!?)([^\]:]+)\]|\*+|\?|[^*?[]+|\[/g;

const expressionOf = (source: string): RegExp | null => {
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return null;
  }
};

/** A bracket without its other half, or nothing that makes sense between two: a slip of the keyboard. */
const bracketSlip = (text: string): Slip | null => {
  const inside = [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, between = '']) => between);
  const rest = text.replace(/\[[^[\]]*\]/g, '');
  const odd = inside.find((between) => !/^\d+:\d+$|^!?[^:!]+$/.test(between));
  if (!/[[\]]/.test(rest) && odd === undefined) return null;
  const [, from, to] = /\[(\d+):(\d+)$/.exec(text) ?? [];
  const meant = from === undefined ? undefined : text.replace(/\[\d+:\d+$/, `[${from}:${to}]`);
  return {
    what: odd === undefined ? 'a bracket has no other half' : `[${odd}] is neither a range nor letters`,
    next:
      meant === undefined ? "write a range as 'p1-[50:53]', letters as '[a-c]'" : `did you mean '${meant}'?`,
  };
};

/** One pattern as a test of names, addresses and roles. Ranges are tested, not expanded: any size is cheap. */
export const readPattern = (text: string): Result<Pattern, Slip> => {
  const slip = bracketSlip(text);
  if (slip) return err(slip);
  const ranges: RangeTest[] = [];
  const source = [...text.matchAll(TOKEN)].map(([token, first, last, not, letters]) => {
    if (first !== undefined && last !== undefined) {
      const width = first.startsWith('0') ? first.length : 0;
      ranges.push({ first: Number(first), last: Number(last), width });
      return '(\\d+)';
    }
    if (letters !== undefined) return `[${not ? '^' : ''}${letters.replace(/[\\^]/g, '\\$&')}]`;
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const expression = expressionOf(source.join(''));
  if (!expression) return err({ what: 'the letters in [ ] are not a range', next: 'write [a-c] or [50:53]' });
  const within = (digits: string, { first, last, width }: RangeTest): boolean =>
    Number(digits) >= first &&
    Number(digits) <= last &&
    (width > 0 ? digits.length === Math.max(width, String(Number(digits)).length) : !/^0\d/.test(digits));
  return ok({
    text,
    isPlain: text !== ALL && !/[*?[]/.test(text),
    matches: (candidate) => {
      if (text === ALL) return true;
      const found = expression.exec(candidate);
      return found !== null && ranges.every((range, index) => within(found[index + 1] ?? '', range));
    },
  });
};

/** How `--limit` says that a name is that of a group. */
export const GROUP = 'group:';

/** What stands for the hosts that did not end well in the last run: whoever reads a command line puts them in its place. */
export const FAILED = '@failed';

/** What means every host. */
export const ALL = 'all';

/** The same of a command line. Throws an FcopsError for a slip. */
export const compilePattern = (text: string): Pattern => {
  const read = readPattern(text);
  if (read.ok) return read.value;
  const { what, next } = read.error;
  throw new FcopsError({ kind: 'usage', what: `--limit ${text}: ${what}`, next: [edit(next)] });
};

/** What of a host a pattern is compared with; a cluster file may lack some of it. */
export interface Named {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  readonly listen?: string | undefined;
  readonly roles: readonly string[];
}

/** What a host is known by: its name and its addresses. */
export const namesOf = ({ name, address, listen }: Omit<Named, 'roles'>): readonly string[] =>
  [...new Set([name, address, listen])].filter((own) => own !== undefined);

/** Finds the hosts of a pattern: by name or one of its addresses; by role only where no host is named like the role. */
export type HostFinder<H> = (pattern: Pattern) => readonly H[];

export const hostFinder = <H extends Named>(hosts: readonly H[]): HostFinder<H> => {
  const byText = new Map<string, H[]>();
  for (const host of hosts)
    for (const text of namesOf(host)) byText.set(text, [...(byText.get(text) ?? []), host]);
  return (pattern) => {
    const { text, isPlain, matches } = pattern;
    const named = isPlain ? (byText.get(text) ?? []) : hosts.filter((host) => namesOf(host).some(matches));
    return named.length > 0 ? named : hosts.filter(({ roles }) => roles.includes(text));
  };
};

export type Sign = '' | '!' | '&';

/** One of several patterns, `!p1-51`: what it is for the others, and what is to match. */
export interface Term {
  /** As it was written. */
  readonly text: string;
  /** '': these hosts; `!`: these not; `&`: of the others only those that are these too. */
  readonly sign: Sign;
  readonly pattern: string;
}

/** The patterns of a text, with commas or blanks between. */
export const termsIn = (text: string): readonly Term[] =>
  text
    .split(/[,\s]+/)
    .filter((term) => term !== '')
    .map((term) => {
      const sign = term.startsWith('!') ? '!' : term.startsWith('&') ? '&' : '';
      return { text: term, sign, pattern: term.slice(sign.length) };
    });

/** Whether patterns of hosts have `@failed` among them. */
export const namesFailed = (text: string): boolean =>
  text.includes(FAILED) && termsIn(text).some(({ pattern }) => pattern === FAILED);

/** What patterns choose together: without any that stands by itself, all but what is left out. */
export const chosenBy = <H>(
  hosts: readonly H[],
  terms: readonly { readonly sign: Sign; readonly found: Iterable<H> }[],
): readonly H[] => {
  const of = (sign: Sign) => terms.filter((term) => term.sign === sign).map(({ found }) => [...found]);
  const included = of('');
  const [chosen, dropped] = [new Set(included.flat()), new Set(of('!').flat())];
  const kept = of('&').map((found) => new Set(found));
  return hosts.filter(
    (host) =>
      (included.length === 0 || chosen.has(host)) &&
      kept.every((found) => found.has(host)) &&
      !dropped.has(host),
  );
};

/** Ansible once took colons between patterns; in `[50:53]` and `group:rack-a` they stay. */
export const colonAdvice = (term: string): string | undefined => {
  const parts = term
    // A sign that follows a name is one of the next pattern; in [!abc] it is none.
    .replace(/(?<=[^:[])(?=[!&])/g, ':')
    .replace(/(^|:)([!&]?group):(?=[^:])/g, '$1$2\0')
    .split(/:(?![^[]*\])/)
    .filter((part) => part !== '');
  return parts.length > 1
    ? `separate patterns with commas: ${parts.join(',').replaceAll('\0', ':')}`
    : undefined;
};

/** What to write in the place of a range that counts down. */
export const rangeAdvice = (term: string): string | undefined => {
  const [, first, last] = /\[(\d+):(\d+)\]/.exec(term) ?? [];
  return first !== undefined && Number(first) > Number(last)
    ? `the range counts down: write [${last}:${first}]`
    : undefined;
};
