/** One assignment of a variable in a file of shell assignments such as /etc/default/grub. */
interface Assignment {
  /** Index of the line. */
  readonly line: number;
  readonly value: string;
  /** What stands before the value (`GRUB_X=`) and after it (a comment). */
  readonly before: string;
  readonly after: string;
}

/** Every assignment of one variable, in order, with the value that holds after it; null where it needs a shell to tell. */
export const assignmentsOf = (lines: readonly string[], variable: string): readonly Assignment[] | null => {
  const start = new RegExp(`^((?:export[ \\t]+)?${variable})(\\+?=)`);
  const mention = new RegExp(`^\\s*[^#]*\\b${variable}\\+?=`);
  const found: Assignment[] = [];
  for (const [line, text] of lines.entries()) {
    const match = start.exec(text);
    if (!match) {
      // Inside of an `if`, behind a `;`: what holds is then not for us to say.
      if (mention.test(text)) return null;
      continue;
    }
    const [head, name = '', operator] = match;
    const present = found.at(-1)?.value ?? '';
    const parsed = parseValue(text.slice(head.length), new Map([[variable, present]]));
    if (!parsed) return null;
    const value = operator === '+=' ? present + parsed.value : parsed.value;
    found.push({ line, value, before: `${name}=`, after: parsed.rest });
  }
  return found;
};

/** What means itself in a shell word without quotes. */
export const BARE = /^[A-Za-z0-9_@%+=:,./-]*$/;

/** Parts of a shell word: in single quotes, in double quotes, bare. */
const PART = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\;&|<>()]|\\.)+)/y;

/**
 * The value of a shell word at the start of a text, and what follows it: quotes, escapes, and the variables that
 * are known. Null where there is more to it: other variables, commands, a value over several lines.
 */
export const parseValue = (
  text: string,
  known: ReadonlyMap<string, string>,
): { readonly value: string; readonly rest: string } | null => {
  if (BARE.test(text)) return { value: text, rest: '' };
  const parts = new RegExp(PART);
  let value = '';
  let end = 0;
  for (let match = parts.exec(text); match; match = parts.exec(text)) {
    const [, single, double, bare = ''] = match;
    const part =
      single ?? (double === undefined ? expand(bare, /./s, known) : expand(double, /["\\$`]/, known));
    if (part === null) return null;
    value += part;
    end = parts.lastIndex;
  }
  const rest = text.slice(end);
  return /^(\s+#.*|\s*)$/.test(rest) ? { value, rest } : null;
};

/** Replaces escapes (a backslash before what is not `special` stays) and known variables; null at anything else. */
const expand = (text: string, special: RegExp, known: ReadonlyMap<string, string>): string | null => {
  let plain = true;
  const value = text.replace(
    /\\(.)|\$(?:\{(\w+)\}|([A-Za-z_]\w*))|[$`]/g,
    (whole, escaped?: string, braced?: string, name?: string) => {
      if (escaped !== undefined) return special.test(escaped) ? escaped : whole;
      const replaced = known.get(braced ?? name ?? '');
      plain &&= replaced !== undefined;
      return replaced ?? '';
    },
  );
  return plain ? value : null;
};

/** A value in double quotes, as /etc/default/grub has it. */
export const doubleQuoted = (value: string): string => `"${value.replace(/[\\"$`]/g, '\\$&')}"`;
