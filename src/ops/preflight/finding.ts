import type { Next } from '../../core/next.ts';

/** What is checked, in the order in which it is told. */
export const CHECKS = [
  'names',
  'api',
  'token',
  'artifacts',
  'packages',
  'clock',
  'address',
  'ports',
  'cores',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** What came of a check of one thing. */
export interface Finding {
  readonly check: CheckName;
  /** `off`: what is to be done would fail by it; `warn`: it may; `unknown`: nobody could tell. */
  readonly state: 'ok' | 'off' | 'warn' | 'unknown';
  /** What it is about: an address, a port, a process. */
  readonly about: string;
  readonly message: string;
  readonly why?: string;
  readonly next?: readonly Next[];
  /** Of what is not known, and no reason to warn of: another finding says why, or nobody has to know. */
  readonly isQuiet?: true;
}

export const fine = (check: CheckName, about: string, message: string): Finding => ({
  check,
  state: 'ok',
  about,
  message,
});
