import { again, edit } from '../../../core/next.ts';
import { count, formatBytes } from '../../../core/units.ts';
import type { Host } from '../../../inventory/cluster.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import type { Step } from '../../../resources/kinds.ts';
import { PROFILE } from '../../../roles/miner-places.ts';
import type { ParameterFile } from '../../../roles/proof-parameters.ts';
import {
  hasSize,
  minerParameterFiles,
  WORKER_PARAMETERS,
  workerParameterFiles,
} from '../../../roles/proof-parameters.ts';
import type { HostState } from '../host-state.ts';
import { LOGS } from '../places.ts';
import type { Progress, Setup } from '../setup.ts';
import type { SetupStep } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';

/** Bytes of a file as they are most likely; of test networks nobody publishes them. */
const sizeOf = ({ least, most }: ParameterFile): number =>
  Number.isFinite(most) ? Math.round((least + most) / 2) : least;

/** What both programs need: what a start asks for (`fcops deploy miner --start`). */
const wanted = ({ cluster }: Setup): readonly ParameterFile[] => {
  const { keys, parameters } = minerParameterFiles(cluster.sectorSize);
  return [...parameters, ...keys];
};

const missing = ({ files, parameters }: HostState, setup: Setup): readonly ParameterFile[] =>
  wanted(setup).filter((file) => {
    const bytes = files.get(`${parameters}/${file.name}`);
    return bytes === undefined || !hasSize(file, bytes);
  });

const progress = ({ files, parameters }: HostState, setup: Setup): Progress => {
  const all = wanted(setup);
  const here = all.map(
    ({ name }) => files.get(`${parameters}/${name}`) ?? files.get(`${parameters}/.${name}.part`) ?? 0,
  );
  return {
    done: here.reduce((sum, bytes) => sum + bytes, 0),
    total: all.reduce((sum, file) => sum + sizeOf(file), 0),
    unit: 'bytes',
  };
};

const directoryOf = ({ roles }: Host, seen: HostState): string =>
  roles.includes('miner') ? (seen.parameters ?? WORKER_PARAMETERS) : WORKER_PARAMETERS;

/** The proof parameters of the sector size: fetched, or copied from a host that has them; their digests are compared. */
export const parameters: SetupStep = {
  name: 'parameters',
  title: 'proof parameters',
  progress,
  look: (seen, setup) => {
    const { cluster } = setup;
    const directory = seen.parameters;
    if (directory === null)
      return unknown(`${PROFILE} does not say where they are (FIL_PROOFS_PARAMETER_CACHE)`);
    const left = missing(seen, setup);
    const all = wanted(setup).length;
    if (left.length === 0)
      return done(`${count(all, 'file')} in ${directory}, with the sizes that are published`);
    const { from } = cluster.bootstrap.parameters ?? {};
    const source = cluster.hosts.find(({ name }) => name === from);
    if (from !== undefined && !source)
      return {
        type: 'blocked',
        says: `${from}, which has the proof parameters, is no host of the inventory`,
        next: [edit('correct bootstrap.parameters.from'), again('then run again')],
      };
    const here = progress(seen, setup).done;
    return {
      type: 'to do',
      says: `${left.length} of ${count(all, 'file')} missing or not whole${here > 0 ? `, ${formatBytes(here)} are here` : ''}; ${source ? `copied from ${source.name}` : 'fetched'}`,
      work: {
        steps: [
          ...(source ? [copying(setup, seen, source, directory, left)] : []),
          {
            step: 'fetch-parameters',
            profile: PROFILE,
            size: cluster.sectorSize,
            log: LOGS.parameters,
            deadline: DEADLINES.parameters,
          },
        ],
      },
    };
  },
};

const copying = (
  { cluster }: Setup,
  seen: HostState,
  source: Host,
  directory: string,
  left: readonly ParameterFile[],
): Step => ({
  step: 'copy-parameters',
  directory,
  from: {
    directory: cluster.bootstrap.parameters?.directory ?? directoryOf(source, seen),
    user: source.ssh.user ?? 'root',
    address: source.address,
    port: source.ssh.port ?? 22,
  },
  // The keys of other sector sizes, which no worker has, are fetched.
  names: workerParameterFiles(cluster.sectorSize)
    .map(({ name }) => name)
    .filter((name) => left.some((file) => file.name === name)),
  deadline: DEADLINES.parameters,
});
