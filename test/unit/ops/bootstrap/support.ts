import { join } from 'node:path';
import type { Bootstrap, Cluster } from '../../../../src/inventory/cluster.ts';
import { loadProfiles } from '../../../../src/inventory/profiles.ts';
import type { Answer } from '../../../../src/lotus/failure.ts';
import type { HostState } from '../../../../src/ops/bootstrap/host-state.ts';
import type { Setup, StepName } from '../../../../src/ops/bootstrap/setup.ts';
import type { StepState } from '../../../../src/ops/bootstrap/setup-step.ts';
import { seenSteps } from '../../../../src/ops/bootstrap/steps/steps.ts';
import { nodeFiles } from '../../../../src/ops/node-files.ts';
import { minerParameterFiles } from '../../../../src/roles/proof-parameters.ts';
import { clusterOf, hostOf } from '../../roles/support.ts';

const profile = loadProfiles(join(import.meta.dirname, '../../../../profiles'), nodeFiles).get('amd-7532');
if (!profile) throw new Error('the profile is shipped');
const HOST = hostOf(profile, { name: 'miner-1', roles: ['miner'] });

export const OWNER = `f3${'a'.repeat(84)}`;
export const WORKER = `f3${'b'.repeat(84)}`;
export const SUM = 'c'.repeat(64);
/** Some epochs after the beginning of mainnet. */
export const NOW = 1_598_306_400 + 1_000_000 * 30;

export const answer = (stdout: string, stderr = '', status = 0): Answer => ({ status, stdout, stderr });

/** A host where nothing of the set-up was done but the deploy. */
export const deployedHost = (own: Partial<HostState> = {}): HostState => ({
  now: NOW,
  holder: null,
  entries: entriesOf(),
  texts: new Map([['/var/lib/fcops/stamp', 'miner: f0494733\nhost: miner-1\n']]),
  files: new Map(),
  running: new Map(),
  mounts: new Map([['/nas', { fstype: 'nfs4', source: '192.168.51.110:/export' }]]),
  answers: new Map([['lotus-version', answer('lotus version 1.11.1+mainnet+git.15d90c24e\n')]]),
  identities: new Map(),
  parameters: '/opt/raid0/filecoin-proof-parameters',
  ...own,
});

export const entriesOf = (...more: readonly string[]): HostState['entries'] =>
  new Map(
    [
      '/usr/local/bin/lotus',
      '/usr/local/bin/lotus-miner',
      '/opt/raid0/profile',
      '/opt/raid0/start_lotus.sh',
      '/opt/raid0/start_lotusminer.sh',
      ...more,
    ].map((path) => [path, { bytes: 1, type: 'regular file' }]),
  );

export const setupOf = (
  bootstrap: Partial<Bootstrap> = {},
  own: Partial<Cluster> = {},
  importOver = false,
): Setup => {
  const cluster = clusterOf(own);
  return {
    cluster: {
      ...cluster,
      bootstrap: {
        ...cluster.bootstrap,
        snapshot: { url: 'http://artifacts.example.com/chain.car', sha256: SUM },
        ...bootstrap,
      },
    },
    host: HOST,
    importOver,
  };
};

/** What the host shows of one step. */
export const stateOf = (name: StepName, seen: HostState, setup: Setup = setupOf()): StepState => {
  const found = seenSteps(seen, setup).find(({ step }) => step.name === name);
  if (!found) throw new Error(name);
  return found.state;
};

export const allParameters = (): HostState['files'] =>
  new Map(
    Object.values(minerParameterFiles('64GiB'))
      .flat()
      .map(({ name, least }) => [`/opt/raid0/filecoin-proof-parameters/${name}`, least]),
  );
