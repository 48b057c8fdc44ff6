import type { Process } from '../../../../src/resources/process/process.ts';

/** The port of a worker by its name: `P1-3` has 10003. */
export const portOf = (name: string): number => 10_000 + Number(name.slice(3));

/** A worker as a role has it, with its repository at `/opt/P1-3`. */
export const workerProcess = (name: string): Process => ({
  ...{ name, group: 'P1', port: portOf(name), program: '/opt/lotus-worker', environment: [] },
  ...{ repository: `/opt/${name}`, known: { by: 'argument' }, log: '/opt/log.txt' },
  ...{ environmentFrom: [], environmentIsWhole: true },
  ...{ reads: { profile: '/opt/profile', script: '/opt/start.sh' }, requires: [] },
  ...{ start: { run: 'true', pause: 0 }, stop: { deadline: 60 } },
});
