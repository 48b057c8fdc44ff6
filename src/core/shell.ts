const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One shell word that means `text`, on any POSIX shell; left bare where that is already true. */
export const quote = (text: string): string =>
  SAFE.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The words of a command, each quoted, with blanks between. */
export const words = (...parts: readonly string[]): string => parts.map(quote).join(' ');

/** A command whose downloads go through a proxy (`http://10.0.0.1:3128`); null: as the host has it by itself. */
export const throughProxy = (proxy: string | null, command: string): string =>
  proxy === null ? command : `http_proxy=${quote(proxy)} https_proxy=${quote(proxy)} ${command}`;

/**
 * A third of a script is for readers, comments and the blanks that lines begin with; without it, a look goes to a host in
 * one packet of SSH (32 KiB). Not for scripts with a text of several lines in them.
 */
export const withoutComments = (shell: string): string => {
  const before = shortened.get(shell);
  if (before !== undefined) return before;
  const short = shell.replace(/^[ \t]*#.*\n/gm, '').replace(/^[ \t]+/gm, '');
  shortened.set(shell, short);
  return short;
};

/** The texts are few, and the same for every host. */
const shortened = new Map<string, string>();
