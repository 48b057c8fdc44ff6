import { readFileSync } from 'node:fs';
import { digestBy } from '../../../src/core/content.ts';
import type { LockHolder } from '../../../src/core/problem.ts';
import type { Applied } from '../../../src/engine/apply/apply.ts';
import type { RunEvent } from '../../../src/engine/events.ts';
import type { HostPlan } from '../../../src/engine/plan.ts';
import { changesOf, planHost } from '../../../src/engine/plan.ts';
import type { SessionDeps } from '../../../src/engine/session.ts';
import { Session } from '../../../src/engine/session.ts';
import { command } from '../../../src/resources/command/command.ts';
import type { Resource, Task } from '../../../src/resources/resource.ts';
import { connector } from '../../../src/transport/connect.ts';
import { systemDeps } from '../../../src/transport/deps.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';

const connect = await connector('ssh2', systemDeps({ env: {}, home: '/nonexistent', isRoot: true }));

/** The value of the one secret that there is. */
export const SECRET = 'pl4nted $ecret';
const reveal = () => SECRET;
const digest = digestBy(reveal);

/** A session over real SSH with a simulated host, and the events that it emitted. */
export const sessionWith = (
  { privateKey, knownHosts }: Pick<SimulatedHosts, 'privateKey' | 'knownHosts'>,
  { name, address, port }: Pick<SimulatedHost, 'name' | 'address' | 'port'>,
  more: Partial<SessionDeps> = {},
): { readonly session: Session; readonly events: RunEvent[]; readonly deps: SessionDeps } => {
  const events: RunEvent[] = [];
  const deps: SessionDeps = {
    connect,
    now: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    reveal,
    digest,
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    ...more,
  };
  const target = {
    name,
    address,
    port,
    user: 'root',
    privateKeys: [privateKey],
    knownHosts,
    proxyJump: [],
    connectTimeout: 10,
  };
  return { session: new Session(target, deps), events, deps };
};

export const task = (...resources: Resource[]): Task => ({ name: 'test', tags: [], resources });

/** A resource whose step is written by the test: done when `path` is there. */
export const step = (name: string, path: string, run: string): Resource =>
  command({ name, guard: `test -e ${path}`, run });

/** One look, compared with what is wanted. */
export const planOf = async (session: Session, tasks: readonly Task[]): Promise<HostPlan> =>
  planHost(session.host, tasks, (await session.look(tasks)).seen, digest);

/** What a run came to, and what is left to do after it. */
export interface Ran {
  readonly applied: Applied | null;
  readonly left: readonly string[];
}

/** Looks, makes the changes, and looks again. */
export const run = async (session: Session, tasks: readonly Task[], name = runName()): Promise<Ran> => {
  const changes = changesOf(await planOf(session, tasks));
  const applied = changes.length === 0 ? null : await session.apply({ ...name, host: session.host, changes });
  const left = applied?.state === 'done' || applied === null ? changesOf(await planOf(session, tasks)) : [];
  return { applied, left: left.map(({ resource }) => resource) };
};

/** A file of a host, read past SSH; null where there is none. */
export const readOn = (host: Pick<SimulatedHost, 'root'>, path: string): string | null => {
  try {
    return readFileSync(`${host.root}${path}`, 'utf8');
  } catch {
    return null;
  }
};

/** Waits until the host has the file; rejects after ten seconds. */
export const fileOn = async (host: Pick<SimulatedHost, 'root'>, path: string): Promise<void> => {
  for (let tries = 0; readOn(host, path) === null; tries++) {
    if (tries > 200) throw new Error(`${path} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

let runs = 0;
/** A new run's name, and who runs it. */
export const runName = (): { readonly run: string; readonly holder: LockHolder } => {
  runs += 1;
  const run = `r-20260102T030405Z-test${runs}`;
  return { run, holder: { who: 'alice@ops1', run, since: '2026-01-02T03:04:05Z' } };
};

/** No way back to a host, and no waiting for one. */
export const GONE: Pick<SessionDeps, 'after'> = {
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms >= 60_000 ? ms : 1);
    return () => clearTimeout(timer);
  },
};
