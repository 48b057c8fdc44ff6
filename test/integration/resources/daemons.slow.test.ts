/** @module-tag needs-namespaces */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processLook, runningOf } from '../../../src/resources/process/look.ts';
import type { SoughtProcess } from '../../../src/resources/process/sought.ts';
import { miner } from '../../../src/roles/miner.ts';
import type { SimulatedHost, SimulatedHosts } from '../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { shipped } from '../../unit/layout/shipped.ts';
import { minerContext } from '../../unit/roles/support.ts';
import { look } from './support.ts';

/** How lotus and lotus-miner are told from all else: programs of ours that have their words and their environment. */

let hosts: SimulatedHosts;
let host: SimulatedHost;
const context = minerContext(shipped('amd-7532'));
const sought = miner.processes(context);

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  host = hosts.host;
  await host.sh(
    'mkdir -p /opt/raid0/lotus /opt/raid0/lotusminer /opt/other /opt/links && ln -s /opt/raid0/lotus /opt/links/lotus',
  );
});
afterAll(() => hosts?.stop());

/** What runs under a name with these words, as `exec -a` and a shell that takes them for its own leave them. */
const runs = (environment: string, name: string, words: string): string =>
  `( cd /opt/raid0; exec env -i PATH="$PATH" ${environment} bash -c 'exec -a "$0" bash -c "sleep 600; true" "$@"' ${name} ${words} ) >/dev/null 2>&1 </dev/null &\n`;

const found = async (script: string): Promise<Record<string, number>> => {
  await host.sh(`${script} sleep 0.5`);
  const seen = await look(host, [
    {
      kind: 'process',
      id: 'process:all',
      title: 'all',
      asks: sought.map((process) => ({ look: 'process', process })),
      diff: () => ({ state: 'same' }),
    },
  ]);
  return Object.fromEntries(
    sought.flatMap(({ name, repository }: SoughtProcess & { readonly name: string }) => {
      const running = runningOf(seen, repository);
      if (running === null) throw new Error('nobody could look');
      return running.length === 0 ? [] : [[name, running.length]];
    }),
  );
};

beforeEach(async () => {
  await host.sh(
    `for pid in $(grep -lzsxF -e 'sleep 600; true' /proc/[0-9]*/cmdline | cut -d / -f 3); do kill -KILL "$pid" 2>/dev/null; done; true`,
  );
});

const LOTUS = 'LOTUS_PATH=/opt/raid0/lotus';
const MINER = 'LOTUS_MINER_PATH=/opt/raid0/lotusminer';

describe('lotus and lotus-miner are found', () => {
  it.each<[string, string, Record<string, number>]>([
    [
      'by the repository in their environment',
      runs(LOTUS, 'lotus', 'daemon') + runs(MINER, 'lotus-miner', 'run'),
      { lotus: 1, 'lotus-miner': 1 },
    ],
    [
      'with the path of their program',
      runs(LOTUS, '/opt/raid0/versions/lotus/1/lotus', 'daemon'),
      { lotus: 1 },
    ],
    [
      'with the older variable',
      runs('LOTUS_STORAGE_PATH=/opt/raid0/lotusminer', 'lotus-miner', 'run'),
      { 'lotus-miner': 1 },
    ],
    [
      'by a flag, which wins',
      runs('LOTUS_PATH=/opt/other', 'lotus', '--repo /opt/raid0/lotus daemon'),
      { lotus: 1 },
    ],
    [
      'by a flag with its value in one word',
      runs('', 'lotus-miner', '--miner-repo=/opt/raid0/lotusminer run'),
      { 'lotus-miner': 1 },
    ],
    [
      'with flags before and after',
      runs(LOTUS, 'lotus', '--vv --color=true daemon --api 1234'),
      { lotus: 1 },
    ],
    [
      'by a path that is written otherwise',
      runs('LOTUS_PATH=/opt//raid0/lotus/', 'lotus', 'daemon'),
      { lotus: 1 },
    ],
    ['by a link', runs('LOTUS_PATH=/opt/links/lotus', 'lotus', 'daemon'), { lotus: 1 }],
    ['by a path from where they are', runs('LOTUS_PATH=lotus', 'lotus', 'daemon'), { lotus: 1 }],
    ['by a path from home', runs("LOTUS_PATH='~/lotus' HOME=/opt/raid0", 'lotus', 'daemon'), { lotus: 1 }],
    ['twice, where they run twice', runs(LOTUS, 'lotus', 'daemon').repeat(2), { lotus: 2 }],
    [
      'while they import a snapshot: the repository is theirs',
      runs(LOTUS, 'lotus', 'daemon --import-snapshot a.car'),
      { lotus: 1 },
    ],
  ])('%s', async (_, script, expected) => {
    expect(await found(script)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['another repository', runs('LOTUS_PATH=/opt/other', 'lotus', 'daemon')],
    ['no repository that is said: the one at home', runs('HOME=/root', 'lotus', 'daemon')],
    ['a flag that wins over the variable', runs(LOTUS, 'lotus', '--repo /opt/other daemon')],
    [
      'short commands',
      runs(LOTUS, 'lotus', 'sync wait') +
        runs(LOTUS, 'lotus', 'daemon stop') +
        runs(MINER, 'lotus-miner', 'info'),
    ],
    [
      'an import that ends by itself',
      runs(LOTUS, 'lotus', 'daemon --halt-after-import --import-snapshot a.car') +
        runs(LOTUS, 'lotus', 'daemon --import-snapshot a.car -halt-after-import=true'),
    ],
    [
      'short commands after flags',
      runs(LOTUS, 'lotus', '--vv sync wait') + runs(LOTUS, 'lotus', '--repo daemon sync wait'),
    ],
    [
      'workers',
      runs(`${LOTUS} ${MINER}`, 'lotus-worker', 'run') +
        runs(`${LOTUS} ${MINER}`, 'lotus-worker', '--worker-repo /opt/raid0/lotus run'),
    ],
    [
      'other programs with the same words',
      runs(LOTUS, 'mylotus', 'daemon') +
        runs(LOTUS, 'tail', 'lotus daemon') +
        runs(LOTUS, 'sudo', 'lotus daemon'),
    ],
    [
      'the one in the place of the other',
      runs(`${LOTUS} ${MINER}`, 'lotus', 'run') + runs(`${LOTUS} ${MINER}`, 'lotus-miner', 'daemon'),
    ],
    ['words in one argument', runs(LOTUS, 'tail', "'lotus daemon'")],
  ])('but not: %s', async (_, script) => {
    expect(await found(script)).toEqual({});
  });
});

it('a look at a host where none runs starts one process', async () => {
  const part = processLook.script(
    sought.map((process) => ({ look: 'process', process })),
    () => '',
  );
  if (part === null) throw new Error('a part was asked for');
  const functions = part.functions.join('\n');
  // Every command that is no function or builtin.
  const counted = await host.sh(
    `${functions}\ndeclare -A fcops_net=()\ncount=/tmp/count; : >$count; grep() { echo grep >>$count; command grep "$@"; }; for one in stat sed readlink sha256sum cut; do eval "$one() { echo $one >>$count; command $one \\"\\$@\\"; }"; done\n${part.call} >/dev/null; cat $count`,
  );
  expect(counted).toBe('grep');
});
