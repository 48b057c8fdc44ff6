import { posix } from 'node:path';
import { again, fcopsCommand, look, shellOnHost } from '../../../core/next.ts';
import { formatBytes } from '../../../core/units.ts';
import { readApiFile } from '../../../lotus/api-info.ts';
import { DEADLINES } from '../../../resources/bootstrap/step.ts';
import { identityOf, listOf, storagePaths } from '../../../resources/init/storage.ts';
import { another, isMountOf, type StorageMountSpec } from '../../../resources/mounts/storage.ts';
import { BACKUPS, PROFILE, REPOSITORIES } from '../../../roles/miner-places.ts';
import { sectorMounts } from '../../../roles/storage.ts';
import type { HostState } from '../host-state.ts';
import { storageOf } from '../host-state.ts';
import type { Setup } from '../setup.ts';
import type { SetupStep, StepState } from '../setup-step.ts';
import { done, unknown } from '../setup-step.ts';
import { hasMiner } from './repository.ts';

const LIST = listOf(REPOSITORIES.lotusMiner);

/** The storage that sealed sectors go to, attached to lotus-miner (handbook 2.1.6.8). */
export const storage: SetupStep = {
  name: 'storage',
  title: 'storage for sectors',
  look: (seen, setup) => {
    if (!hasMiner(seen)) return unknown('not known before the miner is created');
    const listed = storagePaths(seen.texts.get(LIST) ?? '{"StoragePaths": null}');
    if (listed === null) return unknown(`${LIST} cannot be understood`);
    const paths = storageOf(setup);
    if (paths.length === 0)
      return done(
        listed.length > 0
          ? `the inventory names none; attached is ${listed.join(', ')}`
          : 'the inventory names no storage for sectors: nothing is attached',
      );
    const odd = paths.flatMap((path) => oddity(seen, listed, path) ?? []);
    const [first] = odd;
    if (first) return first;
    const left = paths.filter((path) => !listed.includes(posix.normalize(path)));
    if (left.length === 0) return done(`${paths.join(', ')} attached`);
    const [other] = sectorMounts(setup.cluster, setup.host)
      .filter(({ target }) => left.includes(target))
      .flatMap((spec) => otherMount(seen, spec) ?? []);
    if (other) return other;
    if (!seen.running.has('lotus-miner run')) return unknown('not attached before lotus-miner runs');
    return {
      type: 'to do',
      says: `${left.join(', ')} to attach`,
      work: {
        confirm: {
          lines: left.map(
            (path) => `${path} becomes a place where this miner keeps sectors (${identityOf(path)})`,
          ),
          question: `Attach ${left.length === 1 ? left[0] : 'them'} to the miner?`,
        },
        steps: left.map((path) => ({
          step: 'attach-storage',
          profile: PROFILE,
          repository: REPOSITORIES.lotusMiner,
          path,
          deadline: DEADLINES.attach,
        })),
      },
    };
  },
};

/** A path that is there by halves is told and left alone: a second init would give its sectors another identity. */
const oddity = ({ entries }: HostState, listed: readonly string[], path: string): StepState | null => {
  const isListed = listed.includes(posix.normalize(path));
  const hasIdentity = entries.has(identityOf(path));
  if (isListed === hasIdentity) return null;
  return isListed
    ? {
        type: 'blocked',
        says: `${LIST} names ${path}, and ${identityOf(path)} is not there, or does not answer: its storage may not be mounted`,
        next: [look('mount it: lotus-miner does not start without it'), again('then run again')],
      }
    : {
        type: 'blocked',
        says: `${identityOf(path)} is there, and ${LIST} does not name ${path}: an attach that broke off, or the storage of another miner`,
        next: [
          shellOnHost(
            `source ${PROFILE} && lotus-miner storage attach ${path}`,
            "where it is this miner's own, attach it as it is",
          ),
          again('then run again'),
        ],
      };
};

/** What is attached holds sectors for years: only what the inventory says is taken, as a deploy does. */
const otherMount = ({ mounts }: HostState, spec: StorageMountSpec): StepState | null => {
  const now = mounts.get(spec.target);
  if (now && isMountOf(spec, now)) return null;
  if (now) {
    const { message, next } = another(spec, now);
    return { type: 'blocked', says: message, next: [...next, again('then run again')] };
  }
  return {
    type: 'blocked',
    says: `nothing is mounted at ${spec.target}, wanted is ${spec.name}: ${spec.fstypes[0]} (${spec.source}); sectors would go to the disk below`,
    next: [fcopsCommand(['deploy', 'miner', '--tags', 'storage'], 'mount it'), again('then run again')],
  };
};

/** The first backup of the metadata, with what it does not hold: config.toml and storage.json. */
export const backup: SetupStep = {
  name: 'backup',
  title: 'first backup of the metadata',
  look: (seen, { cluster }) => {
    if (!hasMiner(seen)) return unknown('not known before the miner is created');
    const found = [...seen.files].find(
      ([path, bytes]) => path.startsWith(`${BACKUPS}/`) && /\.(backup|cbor)$/.test(path) && bytes > 0,
    );
    if (found) return done(`${found[0]}, ${formatBytes(found[1])}`);
    if (!seen.running.has('lotus-miner run')) return unknown('not made before lotus-miner runs');
    return {
      type: 'to do',
      says: `none in ${BACKUPS}`,
      work: {
        steps: [
          {
            step: 'backup-metadata',
            profile: PROFILE,
            repository: REPOSITORIES.lotusMiner,
            directory: BACKUPS,
            name: `${cluster.miner}-first`,
            deadline: DEADLINES.backup,
          },
        ],
      },
    };
  },
};

/** Where workers reach the miner. Its token is never read. */
export const apiOf = ({ texts }: HostState): string | null => {
  const read = readApiFile(texts.get(`${REPOSITORIES.lotusMiner}/api`) ?? '');
  return read.type === 'understood' ? read.value.multiaddr : null;
};

/** The address that the inventory states; null where workers take it from the miner host. */
export const statedApi = ({ cluster: { api: stated } }: Setup): string | null =>
  stated.from === 'inventory' ? stated.address : null;

/** What workers are told of the miner. */
export const api: SetupStep = {
  name: 'api',
  title: 'API info for the workers',
  look: (seen, setup) => {
    const address = apiOf(seen);
    if (address === null || !seen.running.has('lotus-miner run'))
      return unknown('not known before lotus-miner runs');
    if (!seen.entries.has(`${REPOSITORIES.lotusMiner}/token`))
      return unknown(`${REPOSITORIES.lotusMiner}/token is not there`);
    const stated = statedApi(setup);
    return done(
      stated === null || address === stated ? address : `${address}, and the inventory has ${stated}`,
    );
  },
};
