/** @module-tag needs-namespaces */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostState } from '../../../../src/ops/bootstrap/host-state.ts';
import { hostStateQuery } from '../../../../src/ops/bootstrap/host-state.ts';
import type { SimulatedHost, SimulatedHosts } from '../../../support/simulated-hosts.ts';
import { startSimulatedHosts } from '../../../support/simulated-hosts.ts';
import { setupOf } from '../../../unit/ops/bootstrap/support.ts';

/** What the look of a first set-up sees of processes and files, by programs that only have their words. */

let hosts: SimulatedHosts;
let host: SimulatedHost;

beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
  host = hosts.host;
  await host.sh('mkdir -p /opt/raid0/lotus /opt/raid0/lotusminer /opt/raid0/minerbackup /opt/other');
});
afterAll(() => hosts?.stop());
afterEach(() =>
  host.sh(
    `for pid in $(grep -lzsxF -e 'sleep 600; true' /proc/[0-9]*/cmdline | cut -d / -f 3); do kill -KILL "$pid" 2>/dev/null; done; true`,
  ),
);

/** What runs under a name with these words in this environment. */
const runs = (environment: string, name: string, words: string): string =>
  `( cd /; exec env -i PATH="$PATH" ${environment} bash -c 'exec -a "$0" bash -c "sleep 600; true" "$@"' ${name} ${words} ) >/dev/null 2>&1 </dev/null & sleep 0.5\n`;

const look = async (): Promise<HostState> => {
  const query = hostStateQuery(setupOf());
  const read = query.parse(await host.sh(query.script));
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

const LOTUS = 'LOTUS_PATH=/opt/raid0/lotus';
const MINER = 'LOTUS_MINER_PATH=/opt/raid0/lotusminer';

describe('what runs', () => {
  it.each<[string, string, readonly string[]]>([
    ['a daemon', runs(LOTUS, 'lotus', 'daemon'), ['lotus daemon']],
    [
      'with its repository in a flag',
      runs('HOME=/root', 'lotus', '--repo /opt/raid0/lotus daemon'),
      ['lotus daemon'],
    ],
    [
      'an import is no daemon that answers',
      runs(LOTUS, 'lotus', 'daemon --halt-after-import --import-snapshot /x.car'),
      ['lotus import'],
    ],
    ['not a short command', runs(LOTUS, 'lotus', 'daemon stop'), []],
    ['not that of another repository', runs('LOTUS_PATH=/opt/other', 'lotus', 'daemon'), []],
    ['lotus-miner', runs(MINER, 'lotus-miner', 'run'), ['lotus-miner run']],
    [
      'an init',
      runs(MINER, 'lotus-miner', 'init --no-local-storage --sector-size 2KiB'),
      ['lotus-miner init'],
    ],
  ])('%s', async (_, script, expected) => {
    await host.sh(script);
    expect([...(await look()).running.keys()]).toEqual(expected);
  });
});

describe('the files of a directory', () => {
  it('are seen where the directory is a link', async () => {
    await host.sh(
      `mkdir -p /opt/other/parameters && printf 12345 >/opt/other/parameters/a.vk && ln -sfn /opt/other/parameters /opt/raid0/links
       printf 'export FIL_PROOFS_PARAMETER_CACHE=/opt/raid0/links/\\n' >/opt/raid0/profile`,
    );
    const { parameters, files } = await look();
    expect(parameters).toBe('/opt/raid0/links');
    expect(files.get('/opt/raid0/links/a.vk')).toBe(5);
  });
});
