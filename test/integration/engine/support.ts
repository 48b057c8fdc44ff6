import { readFileSync } from 'node:fs';
import type { RunEvent } from '../../../src/engine/events.ts';
import type { EngineDeps, HostJob } from '../../../src/engine/look.ts';
import type { Task } from '../../../src/resources/resource.ts';
import { connector } from '../../../src/transport/connect.ts';
import { systemDeps } from '../../../src/transport/deps.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';

/** An engine over real SSH to simulated hosts, with the events that it emitted. */
export const engineFor = (signal: AbortSignal = new AbortController().signal) => {
  const events: RunEvent[] = [];
  const deps: EngineDeps = {
    connect: connector('ssh2', systemDeps({ env: {}, home: '/nonexistent', isRoot: true })),
    now: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    emit: (event) => void events.push(event),
    signal,
  };
  return { deps, events };
};

export const jobFor = (
  { privateKey, knownHosts }: SimulatedHosts,
  { name, address, port }: SimulatedHost,
  tasks: readonly Task[],
): HostJob => ({
  target: {
    name,
    address,
    port,
    user: 'root',
    privateKeys: [privateKey],
    knownHosts,
    proxyJump: [],
    connectTimeout: 10,
  },
  tasks: () => tasks,
});

/** A file of a host, read past SSH; null where there is none. */
export const readOn = (host: SimulatedHost, path: string): string | null => {
  try {
    return readFileSync(`${host.root}${path}`, 'utf8');
  } catch {
    return null;
  }
};

/** Waits until the host has the file; rejects after ten seconds. */
export const fileOn = async (host: SimulatedHost, path: string): Promise<void> => {
  for (let tries = 0; readOn(host, path) === null; tries++) {
    if (tries > 200) throw new Error(`${path} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

let runs = 0;
export const runName = () => {
  runs += 1;
  return { run: `r-20260102T030405Z-test${runs}`, holder: 'alice@ops1 since 03:04:05' };
};
