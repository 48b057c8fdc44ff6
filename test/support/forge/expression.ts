/** Expressions of GitHub Actions, as far as recipes have them: names, texts, `==`, `!=`, `&&`, `||`, `!` and brackets. */

/** What a name stands for: a text, a truth, nothing, or more names. */
export type Value = string | boolean | null | { readonly [name: string]: Value };

/** How the job goes so far, for `success()`, `failure()`, `cancelled()` and `always()`. */
export interface Progress {
  readonly failed: boolean;
  readonly cancelled: boolean;
}

type Names = { readonly [name: string]: Value };

const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(==|!=|&&|\|\||[!()]))/y;

const tokensOf = (text: string): readonly string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found)
      throw new SyntaxError(`${JSON.stringify(text.slice(at))} is no expression that is known here`);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return tokens;
};

/** What an expression comes to. Throws a SyntaxError for what GitHub would not read, or this does not know. */
export const evaluate = (text: string, names: Names, progress: Progress): Value => {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const must = (token: string): void => {
    if (!take(token)) throw new SyntaxError(`${token} is missing in ${JSON.stringify(text)}`);
  };
  const either = (): Value => {
    let value = both();
    while (take('||')) {
      const right = both();
      value = isTrue(value) ? value : right;
    }
    return value;
  };
  const both = (): Value => {
    let value = equal();
    while (take('&&')) {
      const right = equal();
      value = isTrue(value) ? right : value;
    }
    return value;
  };
  const equal = (): Value => {
    const left = one();
    if (take('==')) return textOf(left) === textOf(one());
    if (take('!=')) return textOf(left) !== textOf(one());
    return left;
  };
  const one = (): Value => {
    if (take('!')) return !isTrue(one());
    if (take('(')) {
      const value = either();
      must(')');
      return value;
    }
    const token = tokens[at] ?? '';
    at += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'true' || token === 'false') return token === 'true';
    if (take('(')) {
      must(')');
      return statusOf(token, progress);
    }
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxError(`${JSON.stringify(text)} ends too early`);
    return named(token, names);
  };
  const value = either();
  if (at !== tokens.length) throw new SyntaxError(`${tokens[at]} has no place in ${JSON.stringify(text)}`);
  return value;
};

const statusOf = (name: string, { failed, cancelled }: Progress): boolean => {
  switch (name) {
    case 'always':
      return true;
    case 'cancelled':
      return cancelled;
    case 'failure':
      return failed;
    case 'success':
      return !failed && !cancelled;
    default:
      throw new SyntaxError(`${name}() is no function that is known here`);
  }
};

/** What a name stands for. Of a context that there is not, nothing can be meant: `secret.KEY` is a mistake. */
const named = (name: string, names: Names): Value => {
  const [context = '', ...rest] = name.split('.');
  const first = names[context];
  if (first === undefined) throw new SyntaxError(`there is no context ${context} here (${name})`);
  return rest.reduce<Value>(
    (value, key) => (value !== null && typeof value === 'object' ? (value[key] ?? null) : null),
    first,
  );
};

const isTrue = (value: Value): boolean => value !== null && value !== false && value !== '';

const textOf = (value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'object') throw new SyntaxError('a mapping is no text');
  return String(value);
};

/** A text with its `${{ … }}` put in. */
export const interpolated = (text: string, names: Names, progress: Progress): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => textOf(evaluate(inner, names, progress)));

/**
 * Whether something is done that has this condition, or none. One that asks for no status is only true where nothing has
 * failed.
 */
export const isDone = (condition: string | undefined, names: Names, progress: Progress): boolean => {
  const text = (condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const asks = /\b(always|cancelled|failure|success)\(/.test(text);
  return isTrue(evaluate(text, names, progress)) && (asks || (!progress.failed && !progress.cancelled));
};
