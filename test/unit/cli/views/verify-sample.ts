import type { VerifyCheck, VerifyDocument, VerifyHost } from '../../../../src/cli/views/verify-document.ts';

/** A verification of made-up hosts, as views are tested with it. */

export const check = (
  kind: VerifyCheck['kind'],
  name: string,
  more: Partial<VerifyCheck> = {},
): VerifyCheck => ({ kind, name, process: null, result: 'ok', message: 'right', ...more });

/** The three checks of a process that is well, or the one of a process that has ended. */
export const processChecks = (name: string, more: Partial<VerifyCheck> | null = null): VerifyCheck[] =>
  more === null
    ? [
        check('process', `${name} runs`, { process: name }),
        check('port', `${name} listens on 10001`, { process: name }),
        check('registration', `${name} is registered`, { process: name }),
      ]
    : [check('process', `${name} runs`, { process: name, result: 'off', message: 'does not run', ...more })];

export const host = (name: string, more: Partial<VerifyHost> = {}): VerifyHost => {
  const checks = more.checks ?? [
    check('look', 'look'),
    ...['P1-1', 'P1-2', 'P1-3'].flatMap((one) => processChecks(one)),
    check('clock', 'clock'),
  ];
  return {
    host: name,
    address: '10.0.0.50',
    listen: '10.0.0.50',
    roles: ['p1'],
    state: 'seen',
    groups: [{ role: 'p1', group: 'P1', wanted: 3, running: 3, registered: 3 }],
    restart: [],
    lockedBy: null,
    clock: { offset: -3, uncertainty: 9, synchronized: 'unknown' },
    ...more,
    checks,
    right: checks.every(({ result }) => result === 'ok'),
  };
};

export const document = (
  hosts: readonly VerifyHost[],
  strangers: VerifyDocument['strangers'] = [],
): VerifyDocument => {
  const checks = hosts.flatMap((one) => one.checks);
  const having = (result: VerifyCheck['result']) => checks.filter((one) => one.result === result).length;
  return {
    format: 'fcops-verify/1',
    miner: 'f0494733',
    at: '2026-11-24T07:00:00Z',
    right: hosts.every(({ right, state }) => right && state === 'seen'),
    minerHost: 'miner-1',
    strangers,
    hosts: [...hosts],
    counts: {
      hosts: hosts.length,
      pending: hosts.filter(({ state }) => state === 'pending').length,
      checks: checks.length,
      ok: having('ok'),
      off: having('off'),
      unknown: having('unknown'),
    },
  };
};
