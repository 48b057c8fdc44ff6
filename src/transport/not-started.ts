import type { Problem } from '../core/errors.ts';
import type { PipeEnd } from './running.ts';

export const SUDO_WRONG_PASSWORD: Problem = {
  what: 'sudo refused the password',
  next: 'check ssh.sudoPassword in the inventory',
};

export const SUDO_SILENT: Problem = {
  what: 'sudo neither asked for the password nor went ahead',
  why: 'it waits for something else, such as a one-time code or a finger print',
  next: 'let the login user run sudo without being asked: NOPASSWD in /etc/sudoers.d',
};

/** What sudo and login shells say when they refuse, and what to do. */
const KNOWN: readonly (readonly [pattern: RegExp, problem: Problem])[] = [
  [
    /sudo: a password is required|sudo: a terminal is required/,
    {
      what: 'sudo wants a password, and none is given',
      next: 'set ssh.sudoPassword in the inventory, or NOPASSWD in /etc/sudoers.d on the host',
    },
  ],
  [
    /is not in the sudoers file|may not run sudo|is not allowed to execute/,
    {
      what: 'the login user may not use sudo',
      next: 'allow it in /etc/sudoers.d on the host, or log in as root',
    },
  ],
  [
    /sudo: sorry, you must have a tty/,
    { what: 'sudo wants a terminal', next: "take `requiretty` out of the host's sudoers" },
  ],
  [
    /\/usr\/bin\/sudo: (?:No such file|not found|Command not found)|sudo: not found/i,
    { what: 'the host has no sudo', next: 'install sudo there, or log in as root' },
  ],
  [
    /\/bin\/bash['’:]? ?.*(?:No such file|not found)/i,
    { what: 'the host has no /bin/bash', next: 'install bash there' },
  ],
];

/** Why our shell did not begin on the host, from what was said there instead. */
export const explainNotStarted = ({ status, signal }: PipeEnd, said: string): Problem => {
  const known = KNOWN.find(([pattern]) => pattern.test(said));
  const ended = signal ? `was killed by ${signal}` : `ended with status ${status ?? 'unknown'}`;
  const why = said ? `it said: ${said.slice(-500)}` : 'it said nothing';
  return {
    what: `the login shell ${ended} before running what it was given`,
    why,
    next: 'see what happens by hand: ssh to the host and run /bin/bash',
    ...known?.[1],
  };
};
