/** Ends what is at work, at a moment that chance chooses, and says whether something was hit. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { IN_SESSION } from '../support/processes.ts';
import type { SimulatedHost } from '../support/simulated-hosts.ts';
import type { Random } from './random.ts';
import { namespaceOf, processesOf, type RunProcess, runProcesses, sessionOf } from './watch.ts';

export const TARGETS = ['controller', 'connection', 'runner', 'host'] as const;
/** What is ended. */
export type Target = (typeof TARGETS)[number];

/** A deploy that is under way. */
export interface UnderWay {
  readonly host: SimulatedHost;
  /** Runs that the host had before. */
  readonly before: ReadonlySet<string>;
  /** The controller: signals it; false where it has ended. */
  readonly signal: (name: NodeJS.Signals) => boolean;
  readonly hasEnded: () => boolean;
  /** Milliseconds from its start to the start of the run on the host, and from there to the end of the run, as usual. */
  readonly usual: { readonly start: number; readonly run: number };
}

/** What came of it. */
export interface Blow {
  /** As people read it: "runner with its session, 0.31 s into the run". */
  readonly what: string;
  /** The run that was at work, where one is known of. */
  readonly run: string | undefined;
  /** Whether something was ended that was alive. What became of the run says whether it counts. */
  readonly struck: boolean;
}

const RUNS = '/var/lib/fcops/runs';

/** Names of the runs that a host has. */
export const runsOn = ({ root }: Pick<SimulatedHost, 'root'>): ReadonlySet<string> => {
  try {
    return new Set(readdirSync(`${root}${RUNS}`).filter((name) => /^r-[^.]+$/.test(name)));
  } catch {
    return new Set();
  }
};

/** Whether a run was cut off on its host, by what its journal says: without a last word, or a step of it that failed. */
export const wasCutOff = ({ root }: Pick<SimulatedHost, 'root'>, run: string): boolean => {
  try {
    const journal = readFileSync(`${root}${RUNS}/${run}/journal`, 'utf8');
    return !/^(done|over|locked|stopped)\t/m.test(journal) || /^end\t\d+\t[\d.]+\t[1-9]\d*$/m.test(journal);
  } catch {
    return false;
  }
};

const text = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** The first process of a host, as this machine numbers it. */
const firstOf = ({ root }: SimulatedHost): number => Number(/^\/proc\/(\d+)\//.exec(root)?.[1]);

/** The name of a host's PID namespace. */
export const nameOf = (host: SimulatedHost): string => namespaceOf(firstOf(host));

const isOn = (host: SimulatedHost): ((process: RunProcess) => boolean) => {
  const name = nameOf(host);
  return (process) => process.host === name;
};

/** The processes of the runs on a host. */
export const workOn = (host: SimulatedHost): readonly RunProcess[] => runProcesses().filter(isOn(host));

/** Waits for the runner of a new run; undefined where the controller ends before. */
const newRunner = async ({ host, before, hasEnded }: UnderWay): Promise<RunProcess | undefined> => {
  while (!hasEnded()) {
    const fresh = [...runsOn(host)].some((run) => !before.has(run));
    const runner = fresh ? workOn(host).find(({ isRunner, run }) => isRunner && !before.has(run)) : undefined;
    if (runner) return runner;
    await delay(5);
  }
  return undefined;
};

const killed = (pid: number): boolean => {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
};

const onController = async (random: Random, { signal, usual }: UnderWay): Promise<Blow> => {
  const wait = random.fraction() * (usual.start + usual.run);
  const way = random.pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGINT twice'] as const);
  await delay(wait);
  const struck = signal(way === 'SIGINT twice' ? 'SIGINT' : way);
  if (way === 'SIGINT twice') {
    await delay(random.below(200));
    signal('SIGINT');
  }
  return { what: `controller by ${way} after ${text(wait)}`, run: undefined, struck };
};

const onConnection = async (random: Random, { host, usual, hasEnded }: UnderWay): Promise<Blow> => {
  const { ssh } = host;
  if (random.chance(0.3)) {
    const cut = { direction: random.pick(['received', 'sent'] as const), bytes: random.below(40_000) };
    const connections = ssh.connectionCount();
    ssh.dropAfterBytes(cut);
    while (!hasEnded() && ssh.connectionCount() < connections + 2) await delay(10);
    // The next run is not to be cut.
    ssh.dropAfterBytes({ ...cut, bytes: Number.MAX_SAFE_INTEGER });
    const what = `connection after ${cut.bytes} bytes ${cut.direction}`;
    return { what, run: undefined, struck: ssh.connectionCount() >= connections + 2 };
  }
  const wait = random.fraction() * (usual.start + usual.run);
  await delay(wait);
  while (!hasEnded() && ssh.openCount() === 0) await delay(5);
  const struck = !hasEnded();
  if (random.chance(0.7)) {
    ssh.drop();
    return { what: `connection after ${text(wait)}`, run: undefined, struck };
  }
  const away = random.below(1500);
  await ssh.unplug();
  await delay(away);
  await ssh.plug();
  return { what: `connection after ${text(wait)} for ${text(away)}`, run: undefined, struck };
};

/** What of a run is ended; each gives the numbers of the processes. */
const PARTS: Readonly<Record<string, (runner: RunProcess, host: SimulatedHost) => readonly number[]>> = {
  'runner alone': ({ pid }) => [pid],
  'runner with all that it started': ({ pid }) => sessionOf(pid),
  'the step that is at work': ({ run }, host) =>
    workOn(host).flatMap((process) => (process.run === run && process.isStep ? [process.pid] : [])),
};

const onRunner = async (random: Random, way: UnderWay): Promise<Blow> => {
  const part = random.pick(Object.keys(PARTS));
  const wait = random.fraction() * way.usual.run;
  const runner = await newRunner(way);
  if (!runner) return { what: `${part}: no run`, run: undefined, struck: false };
  await delay(wait);
  const struck = random.shuffled(PARTS[part]?.(runner, way.host) ?? []).filter(killed);
  return { what: `${part}, ${text(wait)} into the run`, run: runner.run, struck: struck.length > 0 };
};

/** The host is as after a start: nothing runs on it, and what was in memory only is gone. */
const reboot = ({ root }: SimulatedHost, random: Random): void => {
  const id = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('');
  writeFileSync(
    `${root}/proc/sys/kernel/random/boot_id`,
    `${id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}\n`,
  );
};

const onHost = async (random: Random, way: UnderWay): Promise<Blow> => {
  const { host } = way;
  const atOnce = random.chance(0.5);
  const wait = random.fraction() * way.usual.run;
  const runner = await newRunner(way);
  const name = atOnce ? 'all of the host at once' : 'all of the host, one by one';
  if (!runner) return { what: `${name}: no run`, run: undefined, struck: false };
  await delay(wait);
  const struck = workOn(host).some(({ run }) => run === runner.run);
  // What kills all others goes on itself.
  if (atOnce) await host.sh('kill -KILL -1 2>/dev/null || true');
  else for (const pid of random.shuffled(processesOf(nameOf(host), firstOf(host)))) killed(pid);
  host.ssh.drop();
  if (random.chance(0.5)) reboot(host, random);
  return { what: `${name}, ${text(wait)} into the run`, run: runner.run, struck };
};

/** Programs of steps and how often a run on a bare host calls each, at the most. */
const CALLS = {
  dd: 24,
  mv: 28,
  base64: 24,
  sha256sum: 60,
  chmod: 30,
  mktemp: 28,
  cp: 6,
  mkdir: 40,
  crontab: 3,
  'apt-get': 3,
  systemctl: 6,
  tar: 2,
  stat: 20,
} as const;
type Program = keyof typeof CALLS;
const PROGRAMS: readonly Program[] = [
  'dd',
  'mv',
  'base64',
  'sha256sum',
  'chmod',
  'mktemp',
  'cp',
  'mkdir',
  'crontab',
  'apt-get',
  'systemctl',
  'tar',
  'stat',
];

/** Bash that ends something out of the middle of a step. */
const WITHIN: Readonly<Record<'runner' | 'host', readonly (readonly [name: string, bash: string])[]>> = {
  runner: [
    ['runner alone', 'kill -KILL "$runner"'],
    [
      'runner with all that it started',
      `${IN_SESSION}\nfor pid in $(in_session "$runner"); do [[ $pid == $$ ]] || kill -KILL "$pid" 2>/dev/null; done`,
    ],
    ['the shell of the step', 'kill -KILL $PPID'],
    ['the step that is at work', `read -ra fields <"/proc/$$/stat"; kill -KILL -- "-\${fields[4]}"`],
  ],
  host: [['all of the host at once', 'kill -KILL -1; kill -KILL $$']],
};

const SPRUNG = '/run/fcops-abuse';

/**
 * Lies in wait until a step calls a program for the so-many-th time, and strikes then. `lift` ends that, and says
 * what came of it. `share`: how often a run calls it, as a part of what one on a bare host does.
 */
export const lieInWait = async (
  random: Random,
  host: SimulatedHost,
  target: 'runner' | 'host',
  share: number,
): Promise<{ readonly lift: () => Promise<Blow> }> => {
  const program = random.pick(PROGRAMS);
  const call = 1 + Math.floor(random.fraction() ** 2 * CALLS[program] * share);
  const [name, bash] = random.pick(WITHIN[target]);
  const ambush = `#!/bin/bash
if [[ -n \${FCOPS_RUN-} && ! -e ${SPRUNG}.sprung ]]; then
  read -r calls <${SPRUNG}.calls
  echo $((calls + 1)) >${SPRUNG}.calls
  if [[ $calls == ${call - 1} ]]; then
    read -r runner _ <"$FCOPS_RUN/pid"
    echo "\${FCOPS_RUN##*/}" >${SPRUNG}.sprung
    ${bash}
  fi
fi
PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec ${program} "$@"`;
  await host.sh(`rm -f ${SPRUNG}*; echo 0 >${SPRUNG}.calls
    cat >/usr/local/bin/${program} <<'END'\n${ambush}\nEND
    chmod 755 /usr/local/bin/${program}`);
  return {
    lift: async () => {
      const run = await host.sh(`rm -f /usr/local/bin/${program}; cat ${SPRUNG}.sprung 2>/dev/null || true`);
      const what = `${name}, at call ${call} of ${program}`;
      return { what, run: run || undefined, struck: run !== '' };
    },
  };
};

const STRIKES: Readonly<Record<Target, (random: Random, way: UnderWay) => Promise<Blow>>> = {
  controller: onController,
  connection: onConnection,
  runner: onRunner,
  host: onHost,
};

/** Strikes once while a deploy is under way. */
export const strike = (target: Target, random: Random, way: UnderWay): Promise<Blow> =>
  STRIKES[target](random, way);
