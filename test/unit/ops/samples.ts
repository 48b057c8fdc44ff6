import type { SealingWorker } from '../../../src/lotus/workers.ts';
import type { ProcessStatus } from '../../../src/ops/status/host-status.ts';

/** What is made up of a host and its miner, as the tests of operations go by it. */

export const SINCE = 1_700_000_000;
export const instance = { pid: 7, since: SINCE, cpus: '0-3', hugeKib: 0 };

/** A worker as the miner lists it, of which it tells no more than it has to. */
export const sealingWorker = (more: Partial<SealingWorker> = {}): SealingWorker => ({
  id: 'a',
  host: 'p1-50',
  disabled: false,
  paused: 'unknown',
  group: null,
  url: null,
  cores: null,
  ram: null,
  virtual: null,
  gpus: [],
  tasks: new Map(),
  ...more,
});

/** A process that runs, listens and is registered. */
export const processStatus = (more: Partial<ProcessStatus> = {}): ProcessStatus => ({
  role: 'p1',
  name: 'P1-3',
  group: 'P1',
  log: '/opt/lotusworker/worker-3p1/log.txt',
  supervisor: { wanted: 'nohup', running: 'nohup', unit: null, state: null },
  port: 10_003,
  listening: true,
  running: [instance],
  program: { path: '/opt/w', running: '1', isLinked: true, linked: '1', wanted: '1' },
  restart: [],
  uncompared: [],
  registration: { type: 'registered', workers: [sealingWorker()], jobs: [] },
  ...more,
});
