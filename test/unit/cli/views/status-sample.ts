import type {
  StatusDocument,
  StatusHostDocument,
  StatusProcess,
} from '../../../../src/cli/views/status-document.ts';

/** A status with made-up hosts, as views are tested with it. */

export const process = (name: string, more: Partial<StatusProcess> = {}): StatusProcess => ({
  role: 'p1',
  name,
  group: 'P1',
  state: 'running',
  instances: [{ pid: 21_734, since: '2026-11-24T06:10:00Z', cpus: '4-5,31', hugeKib: 134_217_728 }],
  supervisor: { wanted: 'nohup', running: 'nohup', unit: null, state: null },
  port: 10_001,
  listening: true,
  program: {
    path: '/opt/lotusworker/lotus-worker',
    running: '1.11.1-3079a405a',
    linked: '1.11.1-3079a405a',
    wanted: '1.11.1-3079a405a',
    isLinked: true,
  },
  restart: [],
  uncompared: [],
  miner: { state: 'registered', workers: [{ id: 'a', disabled: false, tasks: {} }], jobs: [] },
  ...more,
});

export const stopped: Partial<StatusProcess> = { state: 'stopped', instances: [], listening: false };

export const host = (name: string, more: Partial<StatusHostDocument> = {}): StatusHostDocument => ({
  host: name,
  address: '10.0.0.50',
  listen: '10.0.0.50',
  roles: ['p1'],
  state: 'seen',
  troubles: [],
  processes: [process('P1-1'), process('P1-2'), process('P1-3')],
  mounts: [
    {
      target: '/opt/raid0',
      what: 'own disks',
      state: 'mounted',
      source: '/dev/md0',
      fstype: 'xfs',
      bytes: 14e12,
      freeBytes: 12e12,
    },
  ],
  hugepages: { wanted: 1792, nodes: [{ node: 0, total: 1792, free: 28 }] },
  gpus: [],
  backups: null,
  lockedBy: null,
  ...more,
});

export const document = (
  hosts: readonly StatusHostDocument[],
  more: Partial<StatusDocument> = {},
): StatusDocument => {
  const processes = hosts.flatMap((one) => one.processes);
  const troubles = hosts.flatMap((one) => one.troubles);
  return {
    format: 'fcops-status/1',
    miner: 'f0494733',
    at: '2026-11-24T07:00:00Z',
    says: {
      host: 'miner-1',
      workers: { state: 'known', count: processes.length },
      jobs: { state: 'known', count: 0 },
    },
    hosts: [...hosts],
    counts: {
      hosts: hosts.length,
      unseen: hosts.filter(({ state }) => state === 'unseen').length,
      pending: hosts.filter(({ state }) => state === 'pending').length,
      processes: processes.length,
      running: processes.filter(({ instances }) => instances.length > 0).length,
      bad: troubles.filter(({ severity }) => severity === 'bad').length,
      warn: troubles.filter(({ severity }) => severity === 'warn').length,
    },
    ...more,
  };
};
