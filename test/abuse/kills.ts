/**
 * Runs that are cut off, over and over, on bare and drifted hosts with secrets of others on them: after each no file is
 * half-written, the next run finishes, and then nothing is left to do. A kill counts where something was hit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type ArtifactServer, startArtifactServer } from '../support/artifact-server.ts';
import { TOKEN, VERSIONS, type WrittenCluster, writeCluster } from '../support/cluster.ts';
import { c2Machine, copyPieceInfo, p1Machine } from '../support/machines.ts';
import {
  filesWith,
  hasPlant,
  plantingScript,
  plantsIn,
  readableFilesWith,
} from '../support/planted-secrets.ts';
import { type SimulatedHost, type SimulatedHosts, startSimulatedHosts } from '../support/simulated-hosts.ts';
import { lookScripts } from './answers.ts';
import { drift } from './drift.ts';
import { type Files, looksAt, restore } from './host-files.ts';
import { type Blow, lieInWait, runsOn, strike, TARGETS, type Target, wasCutOff, workOn } from './kill.ts';
import { type Random, randomOf } from './random.ts';
import { watch } from './watch.ts';
import { brokenFiles, unfinishedFiles } from './whole.ts';

const program = fileURLToPath(new URL('../../dist/fcops.js', import.meta.url));
/** Longest that anything may take. */
const PATIENCE = 90_000;
/** Attempts for each kill that counts. */
const ATTEMPTS = 4;

/** What came of one subject. */
export interface Tally {
  readonly passed: number;
  /** A failure each, with what is needed to see it again. */
  readonly failures: readonly string[];
}

/** Where all this takes place. */
export interface Scene {
  readonly hosts: SimulatedHosts;
  readonly artifacts: ArtifactServer;
  readonly cluster: WrittenCluster;
  /** Where the controllers keep their runs. */
  readonly state: string;
  /** What the hosts have said of themselves. */
  readonly answers: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

type State = 'bare' | 'drifted';

/** A host, one kill after the other. */
interface Lane {
  readonly host: SimulatedHost;
  readonly role: 'p1' | 'c2';
  readonly look: () => Files;
  readonly bare: Files;
  readonly wanted: Files;
  /** Whether all was well after the last kill. */
  isSound: boolean;
  /** Milliseconds from the start of a deploy to that of the steps, and of the steps: the machine may have other work. */
  readonly usual: { start: number; readonly run: Record<State, number> };
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly printed: string;
}

const hasOurs = (scene: Scene) => (text: string) =>
  text.includes(TOKEN) || text.includes(scene.artifacts.password);
const hasAny = (scene: Scene) => (text: string) => hasOurs(scene)(text) || hasPlant(text);

/** Starts fcops for one host. */
const start = ({ cluster, state }: Scene, { host, role }: Pick<Lane, 'host' | 'role'>, ...args: string[]) => {
  const [command = '', ...options] = args;
  const child = execa(
    process.execPath,
    [program, command, role, '--limit', host.name, '--inventory', cluster.inventory, ...options],
    {
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...cluster.env, XDG_STATE_HOME: state },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      all: true,
      timeout: PATIENCE,
      killSignal: 'SIGABRT',
    },
  );
  let hasEnded = false;
  const ended: Promise<Ended> = child.then(({ exitCode, signal, all }) => {
    hasEnded = true;
    return { exitCode, signal, printed: all };
  });
  return { ended, hasEnded: () => hasEnded, signal: (name: NodeJS.Signals) => !hasEnded && child.kill(name) };
};

const deploy = (scene: Scene, lane: Pick<Lane, 'host' | 'role'>) =>
  start(scene, lane, 'deploy', '--yes', '--full', '-v');

/** Waits until no run is at work on a host; false where that takes too long. */
const isQuiet = async (host: SimulatedHost): Promise<boolean> => {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    if (workOn(host).length === 0) return true;
    await delay(50);
  }
  return false;
};

/** Keeps what a host says of itself in that state. */
type Keep = (host: SimulatedHost, state: 'bare' | 'deployed') => Promise<void>;

/** Where what hosts say is kept: `HOST.STATE` an answer to a look, `HOST.journal` that of its first run. */
const keepAnswers = async ({ cluster, answers }: Scene): Promise<Keep> => {
  const scripts = await lookScripts(cluster.inventory);
  return async (host, state) => {
    await writeFile(join(answers, `${host.name}.${state}`), await host.sh(scripts.get(host.name) ?? ''));
    if (state === 'bare') return;
    await writeFile(
      join(answers, `${host.name}.journal`),
      await host.sh('cat /var/lib/fcops/runs/r-*/journal'),
    );
  };
};

/** The first deploy of a bare host: what it makes of the host is what every later one shall make of it. */
const openLane = async (scene: Scene, host: SimulatedHost, role: Lane['role'], keep: Keep): Promise<Lane> => {
  const look = looksAt(host.root);
  await keep(host, 'bare');
  const bare = look();
  const begun = performance.now();
  const running = deploy(scene, { host, role });
  while (!running.hasEnded() && workOn(host).length === 0) await delay(10);
  const runs = performance.now();
  while (!running.hasEnded() && workOn(host).length > 0) await delay(10);
  const run = performance.now() - runs;
  const usual = { start: runs - begun, run: { bare: run, drifted: run / 3 } };
  const { exitCode, printed } = await running.ended;
  if (exitCode !== 0) throw new Error(`the first deploy of ${host.name} failed:\n${printed}`);
  await keep(host, 'deployed');
  return { host, role, look, bare, wanted: look(), isSound: true, usual };
};

const openScene = async (): Promise<{ readonly scene: Scene; readonly close: () => Promise<void> }> => {
  const begun = Date.now();
  const hosts = await startSimulatedHosts({
    hosts: [p1Machine('p1-50'), p1Machine('p1-51'), c2Machine('c2-10'), c2Machine('c2-11')],
  });
  const artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  const state = mkdtempSync(join(tmpdir(), 'fcops-abuse-'));
  const answers = join(hosts.directory, 'answers');
  await mkdir(answers);
  await Promise.all(
    hosts.hosts.map(async (host) => {
      await copyPieceInfo(host);
      await host.sh(plantingScript(roleOf(host)));
    }),
  );
  const cluster = await writeCluster({
    ...hosts,
    artifacts,
    hosts: hosts.hosts.map((host) =>
      roleOf(host) === 'c2'
        ? { host, roles: ['c2'], profile: 'intel-4216' }
        : { host, roles: ['p1'], profile: 'amd-7532' },
    ),
    more: { variables: { environment: { RUST_LOG: 'info' } } },
  });
  const close = async () => {
    await artifacts.stop();
    await hosts.stop();
    rmSync(state, { recursive: true, force: true });
  };
  return { scene: { hosts, artifacts, cluster, state, answers, begun }, close };
};

const roleOf = ({ name }: SimulatedHost): Lane['role'] => (name.startsWith('c2') ? 'c2' : 'p1');

/** Makes a host bare, as it was before fcops came, or leaves it deployed with some of it changed by hand. */
const prepare = async (random: Random, lane: Lane): Promise<State> => {
  const { host, role, look, bare } = lane;
  // Where something was wrong nothing is built upon it.
  const isSound = lane.isSound;
  lane.isSound = true;
  if (random.chance(0.5) && isSound) {
    await drift(random, host, role, lane);
    return 'drifted';
  }
  await host.sh(`
    ! mountpoint -q /opt/hugepages/layer_labels || umount /opt/hugepages/layer_labels
    hostname ${host.name}
    rm -rf /run/systemd/stand-in /var/lib/fcops/runs`);
  restore(host.root, look(), bare);
  return 'bare';
};

/** What is wrong with what was printed. */
const badWords = (scene: Scene, { printed }: Ended): readonly string[] => [
  ...(hasAny(scene)(printed) ? ['a secret was printed'] : []),
  ...(/defect of fcops|^ {4}at .*\.js:/m.test(printed)
    ? [`a defect was printed:\n${printed.slice(-1500)}`]
    : []),
];

/** Secrets of others that all could read before the run. */
const openPlants = (old: Files): ReadonlySet<string> =>
  new Set(
    [...old.values()].flatMap((entry) =>
      entry.type === 'file' && (entry.mode & 0o004) !== 0 ? plantsIn(entry.text) : [],
    ),
  );

/** What is wrong on a host right after a kill. */
const faultsAfter = (scene: Scene, lane: Lane, old: Files): readonly string[] => {
  const { host, look, bare, wanted } = lane;
  const faults = [...brokenFiles(look(), { bare, old, wanted })];
  const ours = readableFilesWith(host.root, hasOurs(scene), scene.begun);
  // Others' own: what was for all to read before may stay so, and GRUB's configuration always is.
  const open = openPlants(old);
  const hasHidden = (text: string) => plantsIn(text).some((plant) => !open.has(plant));
  const others = readableFilesWith(host.root, hasHidden, scene.begun).filter(
    (path) => !path.startsWith('/boot/'),
  );
  return [...faults, ...[...ours, ...others].map((path) => `all can read a secret in ${path}`)];
};

/** What is wrong when the next run has been there. */
const faultsOfNext = async (scene: Scene, lane: Lane, old: Files): Promise<readonly string[]> => {
  const { host, look, bare, wanted } = lane;
  const next = await deploy(scene, lane).ended;
  if (next.exitCode !== 0)
    return [`the next run ended with ${next.exitCode ?? next.signal}:\n${next.printed.slice(-3000)}`];
  const files = unfinishedFiles(look(), { bare, old, wanted });
  const steps = await host.sh(`compgen -G '/var/lib/fcops/runs/*/steps.sh' || true`);
  const plan = await start(scene, lane, 'plan', '--full', '--detailed-exitcode').ended;
  return [
    ...files,
    ...(steps === '' ? [] : [`${steps} was left there`]),
    ...(plan.exitCode === 0
      ? []
      : [`something is left to do (${plan.exitCode}):\n${plan.printed.slice(-3000)}`]),
    ...badWords(scene, next),
    ...badWords(scene, plan),
  ];
};

interface Trial {
  readonly hit: boolean;
  readonly what: string;
  readonly faults: readonly string[];
}

/** Whether a blow ended something in the middle of its work: what the run says of itself decides. */
const isHit = (target: Target, { struck, run }: Blow, host: SimulatedHost): boolean => {
  if (target === 'controller' || target === 'connection') return struck;
  return struck && run !== undefined && wasCutOff(host, run);
};

/** Strikes while a deploy is under way, or lies in wait for it; gives what came of it when the deploy has ended. */
const struckDeploy = async (scene: Scene, lane: Lane, target: Target, random: Random, state: State) => {
  const { host } = lane;
  const { start: untilRun, run } = lane.usual;
  const usual = { start: untilRun, run: run[state] };
  const waits = (target === 'runner' || target === 'host') && random.chance(0.5);
  const ambush = waits ? await lieInWait(random, host, target, state === 'bare' ? 1 : 0.3) : null;
  const before = runsOn(host);
  const running = deploy(scene, lane);
  const { signal, hasEnded } = running;
  const blow = ambush ? null : await strike(target, random, { host, before, signal, hasEnded, usual });
  // Somebody who does not wait: what goes on keeps others out, and what does not is no obstacle.
  const eager = blow && target !== 'host' && random.chance(0.3) ? [await deploy(scene, lane).ended] : [];
  const ended = [await running.ended, ...eager];
  return { blow: blow ?? (await ambush?.lift()) ?? NOTHING, ended };
};

const NOTHING: Blow = { what: 'nothing', run: undefined, struck: false };

/** One kill, and what is wrong after it. */
const attempt = async (scene: Scene, lane: Lane, target: Target, random: Random): Promise<Trial> => {
  const { host } = lane;
  const state = await prepare(random, lane);
  const old = lane.look();
  const { blow, ended } = await struckDeploy(scene, lane, target, random, state);
  const quiet = await isQuiet(host);
  const hit = isHit(target, blow, host);
  // Too late: the next one comes sooner.
  lane.usual.run[state] *= hit ? 1.05 : 0.75;
  lane.usual.start *= hit ? 1.02 : 0.9;
  const faults = [
    ...(quiet ? [] : ['its steps did not end']),
    ...ended.flatMap((one) => [
      ...badWords(scene, one),
      ...(one.signal === 'SIGABRT' ? [`fcops did not end within ${PATIENCE / 1000} s`] : []),
    ]),
    ...faultsAfter(scene, lane, old),
  ];
  faults.push(...(await faultsOfNext(scene, lane, old)));
  return { hit, what: `${state} host ${host.name}: ${blow.what}`, faults };
};

/** Whose turn it is: of each target as many as of the others. */
const turnsOf = (kills: number, minutes: number) => {
  const end = performance.now() + minutes * 60_000;
  const left = new Map(
    TARGETS.map((target, at) => [target, Math.floor(kills / 4) + (at < kills % 4 ? 1 : 0)]),
  );
  const underWay = new Map<Target, number>();
  const open = (target: Target): number => (left.get(target) ?? 0) - (underWay.get(target) ?? 0);
  let attempts = 0;
  return {
    next: (): { readonly target: Target; readonly number: number } | undefined => {
      const [target] = [...TARGETS].sort((a, b) => open(b) - open(a));
      if (target === undefined || open(target) <= 0) return undefined;
      if (attempts >= kills * ATTEMPTS || performance.now() > end) return undefined;
      underWay.set(target, (underWay.get(target) ?? 0) + 1);
      attempts += 1;
      return { target, number: attempts };
    },
    done: (target: Target, hit: boolean): void => {
      underWay.set(target, (underWay.get(target) ?? 0) - 1);
      if (hit) left.set(target, (left.get(target) ?? 0) - 1);
    },
    missing: (): number => [...left.values()].reduce((sum, count) => sum + count, 0),
  };
};

/** What was looked for all the time, and at the end. */
const lastChecks = (
  scene: Scene,
  { argumentsSeen, faults, sightings }: ReturnType<typeof watch>,
): readonly (readonly [what: string, faults: readonly string[]])[] => {
  const isBad = hasAny(scene);
  const seen = [...argumentsSeen];
  return [
    ['never two runs at once', sightings() === 0 ? ['no step was ever seen at work'] : faults],
    [
      'no secret among the arguments of a process',
      seen.some((list) => list.includes('deploy\0'))
        ? seen.filter(isBad).map((list) => list.replaceAll('\0', ' '))
        : ['no deploy was ever seen'],
    ],
    ['no secret in what controllers keep', filesWith(scene.state, isBad)],
    ['no secret in the inventory', filesWith(scene.cluster.inventory, isBad)],
  ];
};

/**
 * So many kills that count, begun within so many minutes. `say` is told of each; `seed` is what all chances follow from; `beside` goes on as long as
 * the scene is there.
 */
export const kills = async (
  { count, seed, minutes }: { readonly count: number; readonly seed: number; readonly minutes: number },
  say: (line: string) => void,
  beside: (scene: Scene) => Promise<void>,
): Promise<Tally> => {
  const { scene, close } = await openScene();
  const watching = watch();
  const failures: string[] = [];
  const hits = new Map<Target, number>(TARGETS.map((target) => [target, 0]));
  let passed = 0;
  let missed = 0;
  const turns = turnsOf(count, minutes);
  const work = async (lane: Lane): Promise<void> => {
    for (let turn = turns.next(); turn !== undefined; turn = turns.next()) {
      const { target, number } = turn;
      const trial = await attempt(scene, lane, target, randomOf(seed, number)).catch(
        (error: unknown): Trial => ({
          hit: true,
          what: lane.host.name,
          faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        }),
      );
      turns.done(target, trial.hit);
      if (trial.hit) hits.set(target, (hits.get(target) ?? 0) + 1);
      else missed += 1;
      const words = `${number}, ${target}, ${trial.what}`;
      if (trial.faults.length > 0) {
        failures.push(
          `kill ${words}${trial.hit ? '' : ' (missed)'}\n  ${trial.faults.slice(0, 6).join('\n  ')}`,
        );
        say(`FAILED ${failures.at(-1)}`);
        lane.isSound = false;
        continue;
      }
      if (trial.hit) passed += 1;
      say(`${trial.hit ? 'ok    ' : 'missed'} ${words}`);
    }
  };
  try {
    const keep = await keepAnswers(scene);
    const lanes = await Promise.all(
      scene.hosts.hosts.map((host) => openLane(scene, host, roleOf(host), keep)),
    );
    await Promise.all([beside(scene), ...lanes.map(work)]);
    watching.stop();
    for (const [what, faults] of lastChecks(scene, watching)) {
      if (faults.length === 0) passed += 1;
      else failures.push(`${what}:\n  ${faults.slice(0, 6).join('\n  ')}`);
    }
    if (turns.missing() > 0)
      failures.push(
        `${turns.missing()} kills hit nothing within ${count * ATTEMPTS} attempts and ${minutes} minutes`,
      );
    say(`hit ${[...hits].map(([target, times]) => `${target} ${times}`).join(', ')}; ${missed} missed`);
    return { passed, failures };
  } finally {
    watching.stop();
    await close();
  }
};
