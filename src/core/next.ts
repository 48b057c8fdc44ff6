/** What to do about a problem, as a value: who shows it decides how it is typed and put into words. */
export type Next =
  /** A command of fcops. Whoever knows the command line adds the options that say where everything is. */
  | { readonly type: 'fcops'; readonly words: readonly string[]; readonly before?: string }
  /** A command for a shell: `here` on the controller, `host` on the host that the problem is about. */
  | {
      readonly type: 'shell';
      readonly on: 'here' | 'host';
      readonly command: string;
      readonly before?: string;
    }
  /** Something to write in a file, or to write otherwise: a key, a value, an option. */
  | { readonly type: 'edit'; readonly text: string }
  /** Something to look at or to do by hand. */
  | { readonly type: 'look'; readonly text: string }
  /**
   * The same command once more, as it was typed. Where that would do all of it again, what takes up its run is told in its
   * place, and `text` is not: what comes first is told by itself.
   */
  | { readonly type: 'again'; readonly text: string };

/** `words` of a command of fcops (`['trust', 'p1-50']`); `before` says what comes first: `compare the keys, then`. */
export const fcopsCommand = (words: readonly string[], before?: string): Next => ({
  type: 'fcops',
  words,
  ...(before !== undefined && { before }),
});

/** A command that is typed on the controller. */
export const shellHere = (command: string, before?: string): Next => ({
  type: 'shell',
  on: 'here',
  command,
  ...(before !== undefined && { before }),
});

/** A command that is typed on the host. */
export const shellOnHost = (command: string, before?: string): Next => ({
  type: 'shell',
  on: 'host',
  command,
  ...(before !== undefined && { before }),
});

export const edit = (text: string): Next => ({ type: 'edit', text });
export const look = (text: string): Next => ({ type: 'look', text });
export const again = (text = 'run again'): Next => ({ type: 'again', text });

/** The advice in one sentence. `commandLine` completes a command of fcops. */
export const sayNext = (
  next: readonly Next[],
  commandLine: (words: readonly string[]) => string = (words) => ['fcops', ...words].join(' '),
): string =>
  next
    .map((one) => sayOne(one, commandLine))
    .reduce((said, one) => (said === '' ? one : `${said}${said.endsWith('?') ? '' : ';'} ${one}`), '');

/** The commands in what `sayNext` says, in their order. */
export const commandsIn = (
  next: readonly Next[],
  commandLine: (words: readonly string[]) => string,
): string[] =>
  next.flatMap((one) => {
    switch (one.type) {
      case 'fcops':
        return [commandLine(one.words)];
      case 'shell':
        return [one.command];
      default:
        return [];
    }
  });

const sayOne = (next: Next, commandLine: (words: readonly string[]) => string): string => {
  switch (next.type) {
    case 'fcops':
      return introduced(next.before, commandLine(next.words));
    case 'shell':
      return introduced(next.before, next.command);
    default:
      return next.text;
  }
};

const introduced = (before: string | undefined, command: string): string =>
  before === undefined ? command : `${before}: ${command}`;
