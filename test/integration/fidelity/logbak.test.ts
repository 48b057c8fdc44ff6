/** @module-tag needs-namespaces */
import { describe, expect, it } from 'vitest';
import { c2 } from '../../../src/roles/c2.ts';
import { miner } from '../../../src/roles/miner.ts';
import { factsFor, shipped } from '../../unit/layout/shipped.ts';
import { contextOf, filesOf, minerContext } from '../../unit/roles/support.ts';
import { runInSandbox } from './sandbox.ts';

/** What start scripts leave of the logs that they have put aside. */

const intel = shipped('intel-4216');
const amd = shipped('amd-7532');
const limits = { logFiles: 5, logDays: 30 };
const withLimits = (context: ReturnType<typeof contextOf>) => ({
  ...context,
  host: { ...context.host, variables: { ...context.host.variables, ...limits } },
});

/** The logs that a directory has at first: eight of the last hours, two of years ago, and what is nobody's to remove. */
const fill = (directory: string, prefix: string, suffix: string): string => `mkdir -p ${directory}
for h in 1 2 3 4 5 6 7 8; do echo $h >${directory}/${prefix}$(date -d "-$h hours" +%Y%m%d%H%M%S)${suffix}; done
echo old >${directory}/${prefix}20190101000000${suffix}; echo old >${directory}/${prefix}20200101000000${suffix}
echo mine >${directory}/notes${suffix}; echo mine >${directory}/${prefix}2019${suffix}; echo mine >${directory}/${prefix}20190101000000${suffix}.gz
mkdir ${directory}/${prefix}20180101000000${suffix}; echo mine >${directory}/${prefix}20180101000000${suffix}/file
echo target >/opt/target; ln -s /opt/target ${directory}/${prefix}20170101000000${suffix}`;

const KEPT = (prefix: string, suffix: string) => [
  `${prefix}20170101000000${suffix}`,
  `${prefix}20180101000000${suffix}`,
  `${prefix}20190101000000${suffix}.gz`,
  `${prefix}2019${suffix}`,
  `notes${suffix}`,
];

const isStamped = (name: string) => /_20[2-9]\d{11}\./.test(name);

describe('a start script', () => {
  const files = filesOf(c2.tasks(withLimits(contextOf(intel, {}))), factsFor(intel));

  it('leaves the newest logs of its own and removes nothing else, of a C2 worker', () => {
    const { stdout, stderr, status, workers } = runInSandbox({
      files,
      worker: '/opt/lotus-worker',
      addresses: '192.168.10.50',
      commands: [
        fill('/opt/worker-1c2/logbak', 'log_', '.txt'),
        'echo last >/opt/worker-1c2/log.txt',
        'bash /opt/worker-1c2/start_1c2.sh',
        'cd /opt/worker-1c2/logbak; ls; cat log_20[1-9][0-9][0-9]*.txt 2>/dev/null | tr "\\n" " "; echo; cat /opt/target log_20180101000000.txt/file',
      ],
    });
    expect([status, stderr, workers.size]).toEqual([0, '', 1]);
    const lines = stdout.trimEnd().split('\n');
    const [shown, target, inside] = lines.slice(-3);
    const names = lines.slice(0, -3);
    expect(names.filter((name) => !isStamped(name)).toSorted()).toEqual(KEPT('log_', '.txt').toSorted());
    expect(names.filter(isStamped)).toHaveLength(5);
    // The one that was put aside just now is among them.
    expect(shown).toBe('target 4 3 2 1 last ');
    expect([target, inside]).toEqual(['target', 'mine']);
  });

  it('goes by age where there are few', () => {
    const { stdout } = runInSandbox({
      files,
      worker: '/opt/lotus-worker',
      addresses: '192.168.10.50',
      commands: [
        'mkdir -p /opt/worker-1c2/logbak; cd /opt/worker-1c2/logbak',
        'for d in 29 31; do echo >log_$(date -d "-$d days" +%Y%m%d%H%M%S).txt; done',
        'bash /opt/worker-1c2/start_1c2.sh; ls | grep -c .; ls | cut -c 5-12; date -d "-29 days" +%Y%m%d',
      ],
    });
    const [number, left, wanted] = stdout.trim().split('\n');
    expect([number, left]).toEqual(['1', wanted]);
  });

  it('touches nothing where its directory is a link, and starts all the same', () => {
    const { stdout, stderr, workers } = runInSandbox({
      files,
      worker: '/opt/lotus-worker',
      addresses: '192.168.10.50',
      commands: [
        'mkdir /opt/elsewhere; echo >/opt/elsewhere/log_20190101000000.txt',
        'ln -s /opt/elsewhere /opt/worker-1c2/logbak',
        'bash /opt/worker-1c2/start_1c2.sh; ls /opt/elsewhere',
      ],
    });
    expect([stdout, stderr, workers.size]).toEqual(['log_20190101000000.txt\n', '', 1]);
  });

  it.each([
    ['lotus', '/opt/raid0/lotus', 'start_lotus.sh', 'lotus_'],
    ['lotus-miner', '/opt/raid0/lotusminer', 'start_lotusminer.sh', 'miner_'],
  ])('does the same for %s', (program, repository, script, prefix) => {
    const { stdout, stderr } = runInSandbox({
      files: filesOf(miner.tasks(withLimits(minerContext(amd))), factsFor(amd)),
      worker: `/opt/bin/${program}`,
      addresses: '192.168.10.1',
      commands: [
        `mkdir -p ${repository}/keystore; PATH=$PATH:/opt/bin; export PATH`,
        fill(`${repository}/logbak`, prefix, '.log'),
        `echo last >${repository}/logs`,
        `bash /opt/raid0/${script}; ls ${repository}/logbak`,
      ],
    });
    expect(stderr).toBe('');
    const names = stdout.trimEnd().split('\n');
    expect(names.filter((name) => !isStamped(name)).toSorted()).toEqual(KEPT(prefix, '.log').toSorted());
    expect(names.filter(isStamped)).toHaveLength(5);
  });
});
