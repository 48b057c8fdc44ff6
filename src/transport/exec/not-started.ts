import { edit, look, type Next } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { PipeEnd } from './pipe.ts';

export const SUDO_WRONG_PASSWORD: Problem = {
  kind: 'connect',
  what: 'sudo refused the password',
  next: [edit('check ssh.sudoPassword in the inventory')],
};

export const SUDO_SILENT: Problem = {
  kind: 'connect',
  what: 'sudo neither asked for the password nor went ahead',
  why: 'it waits for something else, such as a one-time code or a finger print',
  next: [edit('let the login user run sudo without being asked: NOPASSWD in /etc/sudoers.d')],
};

/** Rules from what sudo and login shells say when they refuse to what it means; the first that fits counts. */
const KNOWN: readonly (readonly [pattern: RegExp, what: string, next: Next])[] = [
  [
    /sudo: a password is required|sudo: a terminal is required/,
    'sudo wants a password, and none is given',
    edit('set ssh.sudoPassword in the inventory, or NOPASSWD in /etc/sudoers.d on the host'),
  ],
  [
    /is not in the sudoers file|may not run sudo|is not allowed to execute/,
    'the login user may not use sudo',
    edit('allow it in /etc/sudoers.d on the host, or log in as root'),
  ],
  [
    /sudo: sorry, you must have a tty/,
    'sudo wants a terminal',
    edit("take `requiretty` out of the host's sudoers"),
  ],
  [
    /\/usr\/bin\/sudo: (?:No such file|not found|Command not found)|sudo: not found/i,
    'the host has no sudo',
    look('install sudo there, or log in as root'),
  ],
  [
    /\/bin\/bash['’:]? ?.*(?:No such file|not found)/i,
    'the host has no /bin/bash',
    look('install bash there'),
  ],
];

/** Why our shell did not begin on the host, from what was said there instead. */
export const explainNotStarted = ({ status, signal }: PipeEnd, said: string): Problem => {
  const ended = signal ? `was killed by ${signal}` : `ended with status ${status ?? 'unknown'}`;
  const known = KNOWN.find(([pattern]) => pattern.test(said));
  const [, what, next] = known ?? [
    undefined,
    `the login shell ${ended} before running what it was given`,
    look('see what happens by hand: ssh to the host and run /bin/bash'),
  ];
  const why = said ? `it said: ${said.slice(-500)}` : 'it said nothing';
  return { kind: 'connect', what, why, next: [next] };
};
