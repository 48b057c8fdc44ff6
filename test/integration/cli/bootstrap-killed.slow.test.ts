/** @module-tag needs-namespaces */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Knob, turn, unturn } from '../../support/lotus/knobs.ts';
import {
  type Event,
  epochNow,
  eventsOf,
  fund,
  type Scene,
  SNAPSHOT,
  startScene,
} from './bootstrap-support.ts';

/** A controller that is killed at every step, and another one that takes up what it left. */

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
}, 120_000);
afterAll(() => scene?.stop());

/** Steps that a test holds in their middle, until they have been taken up. */
const KNOBS: Readonly<Record<string, Knob>> = {
  parameters: 'fetch-waits',
  import: 'import-waits',
  sync: 'sync',
  init: 'init-waits',
};

it('is killed at each step, and taken up again to its end', async () => {
  scene.artifacts.fail(SNAPSHOT, 'held');
  for (const knob of Object.values(KNOBS)) await turn(scene.miner, knob, knob === 'sync' ? 'behind' : '');
  const release = async (step: string) => {
    const knob = KNOBS[step];
    if (step === 'snapshot') scene.artifacts.fail(SNAPSHOT, undefined);
    if (step === 'funds') await fund(scene.miner);
    if (knob) await unturn(scene.miner, knob);
  };
  const killed = new Set<string>();
  const takenUp = new Set<string>();
  let ended: Awaited<ReturnType<Scene['start']>> | undefined;
  for (let round = 0; round < 25 && ended === undefined; round += 1) {
    await turn(scene.miner, 'epoch', epochNow());
    const running = scene.start('--yes', '--output', 'json');
    let text = '';
    let seen = 0;
    let isDying = false;
    /** When the host is at it: before that there is nothing to take up. */
    const kill = async (step: string, isWork: boolean) => {
      isDying = true;
      if (isWork)
        await scene.miner.sh(
          `until grep -q '^begin' /var/lib/fcops/runs/*b${step}/journal 2>/dev/null; do sleep 0.05; done`,
        );
      running.kill('SIGKILL');
    };
    const hear = (event: Event) => {
      const { step, type } = event;
      if (isDying || !step || (type !== 'step-begin' && type !== 'waits')) return;
      if (!killed.has(step)) {
        killed.add(step);
        void kill(step, type === 'step-begin');
        return;
      }
      if (event.takenUp) takenUp.add(step);
      void release(step);
    };
    running.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const events = eventsOf(text.slice(0, text.lastIndexOf('\n') + 1));
      for (const event of events.slice(seen)) hear(event);
      seen = events.length;
    });
    const end = await running;
    if (end.signal !== 'SIGKILL') ended = end;
  }
  expect([ended?.exitCode, ended?.stderr]).toEqual([0, '']);
  expect([...killed]).toEqual([
    'snapshot',
    'parameters',
    'import',
    'lotus',
    'sync',
    'wallets',
    'funds',
    'init',
    'miner',
    'backup',
  ]);
  expect([...takenUp]).toEqual(expect.arrayContaining(['snapshot', 'parameters', 'import', 'init']));
  // What is long or costs money was done once.
  const count = (script: string) => scene.miner.sh(`${script}; true`);
  expect(
    scene.artifacts.requests.filter(({ path, method }) => path.endsWith(SNAPSHOT) && method === 'GET'),
  ).toHaveLength(1);
  expect(await count("cat /opt/raid0/bootstrap/init.log* | grep -c 'Pushed CreateMiner'")).toBe('1');
  expect(await count("cat /opt/raid0/bootstrap/import.log* | grep -c 'importing chain'")).toBe('1');
  expect(await count('source /opt/raid0/profile; lotus wallet list -a | wc -l')).toBe('2');
}, 300_000);
