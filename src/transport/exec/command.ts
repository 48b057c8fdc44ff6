import { words } from '../../core/shell.ts';

/** Directories searched for commands, whatever the login shell sets. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The whole environment in which scripts run. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH,
  LC_ALL: 'C',
  HOME: '/root',
};

/** Printed when our shell has begun: what came before on standard output is the login shell's chatter. */
export const BEGIN = '--fcops-begin-4dd1c20a--\n';

/** sudo's question for the password, on standard error. */
export const SUDO_PROMPT = '--fcops-sudo-9b7e03f5--';

/**
 * How the script becomes root: `none` where it is, else by sudo, which asks for a password or must not. A login user
 * of another name that is root all the same (uid 0) needs no sudo, and its machine may have none.
 */
export type Elevation = 'none' | 'sudo' | 'sudo-password';

/**
 * The program and its arguments that read a script of `length` bytes from standard input and run it, with
 * what follows on standard input left for the script. `read -N` takes those bytes and none more, and saves
 * the fork of `head -c`; it fails on fewer, so that a script cut off by a lost connection never runs.
 */
export const reader = (length: number): readonly [string, ...string[]] => [
  '/bin/bash',
  '--noprofile',
  '--norc',
  '-c',
  `echo ${BEGIN.trim()}; IFS= read -rN ${length} script || exit 254; eval "$script"`,
  'fcops',
];

/** `reader` with a clean environment, as root. */
export const rootCommand = (length: number, elevation: Elevation): readonly [string, ...string[]] => {
  const environment = Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const command: readonly [string, ...string[]] = ['/usr/bin/env', '-i', ...environment, ...reader(length)];
  switch (elevation) {
    case 'none':
      return command;
    case 'sudo':
      return unlessRoot('-n', command);
    case 'sudo-password':
      return unlessRoot(`-S -p ${SUDO_PROMPT}`, command);
  }
};

const unlessRoot = (options: string, command: readonly string[]): readonly [string, ...string[]] => [
  '/bin/bash',
  '--noprofile',
  '--norc',
  '-c',
  `[ "$EUID" = 0 ] || set -- /usr/bin/sudo ${options} -- "$@"; exec "$@"`,
  'fcops',
  ...command,
];

/**
 * The same as a line for the login shell, whichever that is: one line, with nothing in it but plain words
 * and single quotes around what bash, dash, csh and fish all leave alone there (no `!`, `\` or `'`).
 */
export const remoteCommand = (length: number, elevation: Elevation): string =>
  `exec ${words(...rootCommand(length, elevation))}`;
